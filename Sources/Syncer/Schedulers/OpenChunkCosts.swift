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
    /// The items of the class in the chunk, and their units.
    fileprivate(set) var count = 0.0
    fileprivate(set) var units = 0.0
    /// The most items of the class the chunk may have.
    var most = 0.0
    /// Whether the class was never seen.
    var isUnknown = true
    /// Whether it has been seen too little for its variance to be known.
    var isNew = true
    /// Whether any item of it took long.
    var hasTail = false
    /// Seconds and variance of handling an item of one unit.
    var handling = 0.0
    var handlingVariance = 0.0
    /// Seconds and variance of processing one, where only whole chunks show it, the variance of
    /// these seconds, and twice their covariance with the overhead.
    var processing = 0.0
    var processingVariance = 0.0
    var uncertainty = 0.0
    var covariance = 0.0
    /// The same where completions are reported; nil where none are.
    var completion: Double?
    var completionVariance = 0.0
  }

  /// The sums over a chunk, as they would be with one more item.
  struct Sums: Sendable, Equatable {
    /// Seconds of handling the item, and their variance.
    var handling = 0.0
    var handlingVariance = 0.0
    /// Seconds of processing, as a share of chunks and item by item.
    var opaque = 0.0
    var completions = 0.0
    var longestCompletion = 0.0
    /// The variance of processing.
    var variance = 0.0
  }

  /// What holds for a chunk whatever its items.
  struct Frame: Sendable, Equatable {
    /// Seconds for items and margin: the target without the overhead.
    var budget = 0.0
    /// One over the target.
    var perTarget = 0.0
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
  }

  /// A class the chunk has met.
  @inline(__always)
  subscript(classIndex: Int) -> Share { shares[classIndex] }

  /// Seconds that processing is expected to take beyond the overhead.
  @inline(__always)
  func processing(_ sums: Sums) -> Double {
    if sums.completions == 0 { return sums.opaque }
    // A router is never done before its longest item is.
    return sums.opaque + max(frame.parallel * sums.completions, sums.longestCompletion)
  }

  /// The sums with one more item, of a class of which the chunk has a share.
  @inline(__always)
  func sums(adding next: ItemProfile, _ share: Share) -> Sums {
    let units = next.units
    var sums = sums
    sums.handling = share.handling * units
    sums.handlingVariance = share.handlingVariance * units * units
    if let completion = share.completion {
      let seconds = completion * units
      sums.completions += seconds
      sums.longestCompletion = max(sums.longestCompletion, seconds)
      sums.variance += share.completionVariance * units * units
    } else {
      let grown = (share.units + units) * (share.units + units) - share.units * share.units
      sums.opaque += share.processing * units
      let added =
        share.processingVariance * units * units + share.uncertainty * grown
        + share.covariance * units
      sums.variance = max(0, sums.variance + added)
    }
    return sums
  }

  /// Adds an item that was admitted.
  @inline(__always)
  mutating func add(
    _ next: ItemProfile, _ sums: Sums, isUnknown: Bool, risk probability: Double
  ) {
    self.sums = sums
    if probability > 0 { risk += probability }
    latest = next.classIndex
    if isUnknown { hasUnknown = true }
    shares[next.classIndex].count += 1
    shares[next.classIndex].units += next.units
  }

  /// Notes that the item added last is handled; returns what that took, in targets.
  @inline(__always)
  mutating func observeLatest(elapsed now: Double) -> Double {
    let seconds = max(0, now - elapsed)
    elapsed = now
    if hasUnknown && shares[latest].isUnknown {
      unknownSeconds += seconds
    } else {
      recentSeconds = OpenChunkCosts.memory * recentSeconds + seconds
      recentExpected = OpenChunkCosts.memory * recentExpected + sums.handling
      recentVariance = OpenChunkCosts.memory * recentVariance + sums.handlingVariance
      load = recentLoad
    }
    return seconds * frame.perTarget
  }

  /// The class of the item added last, of which a long item is now known.
  @inline(never)
  mutating func noteLong() -> Int {
    shares[latest].hasTail = true
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
