/// What the items of the open chunk are expected to cost, and what handling them tells of the
/// load.
///
/// Classes learn between chunks only. What is known of one is therefore put together when the chunk
/// meets it, and looking at an item takes one place in one array.
struct OpenChunkCosts: Sendable, Equatable {
  /// A class in the open chunk.
  struct Share: Sendable, Equatable {
    /// The chunk the share is of.
    fileprivate var chunk = 0
    /// The items of the class in the chunk.
    fileprivate(set) var count = 0.0
    /// The most items of the class the chunk may have.
    var most = 0.0
    /// Whether the class was never seen.
    var isUnknown = true
    /// Whether it has been seen too little for its variance to be known.
    var isNew = true
    /// Whether any item of it took long.
    var hasTail = false
    /// The chunk the share is of, where its items are decided without what few need.
    fileprivate var plainChunk = 0
    /// Seconds and variance of handling an item of one unit.
    var handling = 0.0
    var handlingVariance = 0.0
    /// Seconds of processing one, where only whole chunks show it.
    var processing = 0.0
    /// An item of u units adds to the variance of processing u^2 times the first and u times the
    /// last, which grows with the units that share the same uncertain seconds.
    var ownVariance = 0.0
    var uncertainty = 0.0
    var sharedVariance = 0.0
    /// The same where completions are reported; nil where none are.
    var completion: Double?
    var completionVariance = 0.0

    /// Whether its variance is known, no item of it took long, and no completions are reported.
    var isPlain: Bool { !isNew && !isUnknown && !hasTail && completion == nil }
  }

  /// The sums over a chunk, as they would be with one more item.
  struct Sums: Sendable, Equatable {
    /// Seconds of handling the item, and their variance.
    var handling = 0.0
    var handlingVariance = 0.0
    /// Seconds of processing, of items of which only whole chunks show them and of the others.
    var opaque = 0.0
    var routed = 0.0
    /// The variance of processing.
    var variance = 0.0
    /// Seconds of processing beyond the overhead.
    var processing: Double { opaque + routed }
  }

  /// What holds for a chunk whatever its items.
  struct Frame: Sendable, Equatable {
    /// Seconds for items and margin: the target without the overhead.
    var budget = 0.0
    /// One over the target, and the seconds of an item that is long beside it.
    var perTarget = 0.0
    var longSeconds = 0.0
    /// The variance of the overhead.
    var overheadUncertainty = 0.0
    /// How much of its items' time a router of several workers takes.
    var parallel = 1.0
    /// Whether a chunk of two would tell an overhead from the cost of an item.
    var suspectsOverhead = false
  }

  private(set) var frame = Frame()
  /// Numbers the chunks, so that the shares need no reset.
  private var chunk = 0
  private var shares: [Share] = []
  private var sums = Sums()
  private var completions = Completions()
  /// Whether the chunk has an item of a class never seen.
  private(set) var hasUnknown = false
  /// Seconds spent handling items of classes never seen.
  private(set) var unknownSeconds = 0.0
  /// The probability spent on rare items.
  private(set) var risk = 0.0

  // The latest items weigh most: a load that rises must be noticed within a few of them.
  private var recentSeconds = 0.0
  private var recentExpected = 0.0
  private var recentVariance = 0.0
  /// How much longer handling takes now than expected, at least 1.
  private(set) var load = 1.0
  private var elapsed = 0.0
  /// The class of the item being handled.
  private var latest = 0

  /// How much of the older items stays with every new one.
  private static let memory = 0.9

  /// Starts a new chunk.
  @inline(never)
  mutating func begin(_ frame: Frame) {
    let kept = shares
    let next = chunk + 1
    self = OpenChunkCosts()
    self.frame = frame
    shares = kept
    chunk = next
  }

  /// Whether the chunk has an item of the class.
  @inline(__always)
  func hasMet(_ classIndex: Int) -> Bool {
    classIndex < shares.count && shares[classIndex].chunk == chunk
  }

  /// Takes what is known of a class that the chunk meets.
  @inline(never)
  mutating func meet(_ classIndex: Int, _ known: Share) {
    while shares.count <= classIndex { shares.append(Share()) }
    shares[classIndex] = known
    shares[classIndex].chunk = chunk
    if known.isPlain && !frame.suspectsOverhead { shares[classIndex].plainChunk = chunk }
  }

  /// Whether an item without a hint is decided without what few items need.
  @inline(__always)
  func isPlain(_ classIndex: Int) -> Bool {
    UInt(bitPattern: classIndex) < UInt(bitPattern: shares.count)
      && shares[classIndex].plainChunk == chunk && !hasUnknown
  }

  /// A class the chunk has met.
  @inline(__always)
  subscript(classIndex: Int) -> Share { shares[classIndex] }

  /// The sums with one more item, of a class of which the chunk has a share.
  @inline(__always)
  func sums(adding units: Double, _ share: Share, isPlain: Bool) -> Sums {
    let squaredUnits = units * units
    var sums = sums
    sums.handling = share.handling * units
    sums.handlingVariance = share.handlingVariance * squaredUnits
    if !isPlain, let completion = share.completion {
      sums.routed = completions.seconds(adding: completion * units, parallel: frame.parallel)
      sums.variance += share.completionVariance * squaredUnits
    } else {
      sums.opaque += share.processing * units
      let variance =
        sums.variance + share.ownVariance * squaredUnits + share.sharedVariance * units
      sums.variance = variance > 0 ? variance : 0
    }
    return sums
  }

  /// Adds an item that was admitted, of a class of which the chunk has a share.
  @inline(__always)
  mutating func add(
    _ classIndex: Int, units: Double, _ share: Share, _ sums: Sums, risk probability: Double,
    isPlain: Bool
  ) {
    self.sums = sums
    latest = classIndex
    if !isPlain {
      if let completion = share.completion { completions.add(completion * units) }
      if share.isUnknown { hasUnknown = true }
      risk += probability
    }
    shares[classIndex].count = share.count + 1
    shares[classIndex].sharedVariance = share.sharedVariance + 2 * share.uncertainty * units
  }

  /// Notes that the item added last is handled; returns what that took.
  @inline(__always)
  mutating func observeLatest(elapsed now: Double) -> Double {
    let passed = now - elapsed
    let seconds = passed > 0 ? passed : 0
    elapsed = now
    if hasUnknown && shares[latest].isUnknown {
      unknownSeconds += seconds
    } else {
      recentSeconds = OpenChunkCosts.memory * recentSeconds + seconds
      recentExpected = OpenChunkCosts.memory * recentExpected + sums.handling
      recentVariance = OpenChunkCosts.memory * recentVariance + sums.handlingVariance
      load = recentLoad
    }
    return seconds
  }

  /// The class of the item added last, of which a long item is now known.
  @inline(never)
  mutating func noteLong() -> Int {
    shares[latest].hasTail = true
    shares[latest].plainChunk = 0
    return latest
  }

  /// The load as the latest items show it.
  ///
  /// The mean of a normal prior around 1, of variance 0.25, and the recent ratio of seconds s to
  /// expected seconds e, whose variance v/e^2 the classes' own give: (v/e^2 + s/e/4) / (v/e^2 + 1/4).
  /// A few items that vary by nature say little, many equal ones everything. Below 1 it would
  /// promise that a short item is followed by short ones.
  @inline(__always)
  private var recentLoad: Double {
    guard recentExpected > 0 else { return 1 }
    let weight = 0.25 * recentExpected
    return max(
      1, (recentVariance + weight * recentSeconds) / (recentVariance + weight * recentExpected))
  }
}

/// Seconds of items whose completion is reported one by one.
private struct Completions: Sendable, Equatable {
  private var sum = 0.0
  private var longest = 0.0

  mutating func add(_ seconds: Double) {
    sum += seconds
    longest = max(longest, seconds)
  }

  /// How long a router takes for them and one more: never less than its longest item.
  func seconds(adding seconds: Double, parallel: Double) -> Double {
    max(parallel * (sum + seconds), longest, seconds)
  }
}
