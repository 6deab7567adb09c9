/// What the items of the open chunk are expected to cost, and what handling them tells of the
/// load.
struct OpenChunkCosts: Sendable, Equatable {
  /// What processing the chunk is expected to take beyond its overhead, and the variance of all.
  struct Expectation: Sendable, Equatable {
    var items: Double
    var variance: Double
  }

  private struct Share: Sendable, Equatable {
    var chunk = -1
    var count = 0
    var units = 0.0
  }

  /// Numbers the chunks, so that the shares need no reset.
  private var chunk = 0
  private var shares: [Share] = []
  /// Expected seconds of processing, as a share of chunks and item by item.
  private var opaque = 0.0
  private var completions = 0.0
  private var longestCompletion = 0.0
  private var variance = 0.0
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
  private var latest: (classIndex: Int, expected: Double, variance: Double, isUnknown: Bool)?

  /// How much of the older items stays with every new one.
  private static let memory = 0.9

  /// Starts a new chunk.
  mutating func reset() {
    let kept = shares
    let next = chunk + 1
    self = OpenChunkCosts()
    shares = kept
    chunk = next
  }

  /// How many items of a class the chunk has.
  @inline(__always)
  func count(of classIndex: Int) -> Int { share(of: classIndex).count }

  @inline(__always)
  private func share(of classIndex: Int) -> Share {
    guard classIndex < shares.count, shares[classIndex].chunk == chunk else {
      return Share(chunk: chunk)
    }
    return shares[classIndex]
  }

  /// The sums over a chunk, as they would be with one more item.
  struct Sums: Sendable {
    var opaque: Double
    var completions: Double
    var longestCompletion: Double
    var variance: Double
  }

  /// What the chunk would be expected to take with these sums.
  @inline(__always)
  func expectation(_ sums: Sums, _ costs: ClassCosts) -> Expectation {
    // A router is never done before its longest item is.
    let parallel = max(
      costs.parallelism.elapsed(work: sums.completions), sums.longestCompletion)
    return Expectation(
      items: sums.opaque + parallel,
      variance: sums.variance + costs.processing.overheadUncertainty)
  }

  /// The sums with one more item.
  @inline(__always)
  func sums(adding next: ItemProfile, _ costs: ClassCosts) -> Sums {
    var sums = Sums(
      opaque: opaque, completions: completions, longestCompletion: longestCompletion,
      variance: variance)
    if let completion = costs.completion(next.classIndex) {
      let seconds = completion.seconds(units: next.units)
      let shared = costs.parallelism.elapsed(work: 1)
      sums.completions += seconds
      sums.longestCompletion = max(longestCompletion, seconds)
      sums.variance += shared * completion.variance(units: next.units)
    } else {
      let units = share(of: next.classIndex).units
      let (seconds, added) = costs.processing.expectation(
        next.classIndex, units: next.units, after: units)
      sums.opaque += seconds
      sums.variance = max(0, variance + added)
    }
    return sums
  }

  /// Adds an item that was admitted.
  @inline(__always)
  mutating func add(
    _ next: ItemProfile, _ sums: Sums, _ handling: (seconds: Double, variance: Double),
    isUnknown: Bool, risk probability: Double
  ) {
    opaque = sums.opaque
    completions = sums.completions
    longestCompletion = sums.longestCompletion
    variance = sums.variance
    risk += probability
    if isUnknown { hasUnknown = true }
    latest = (next.classIndex, handling.seconds, handling.variance, isUnknown)
    while shares.count <= next.classIndex { shares.append(Share()) }
    if shares[next.classIndex].chunk != chunk { shares[next.classIndex] = Share(chunk: chunk) }
    shares[next.classIndex].count += 1
    shares[next.classIndex].units += next.units
  }

  /// Notes that the item added last is handled; returns its class and what handling it took.
  @inline(__always)
  mutating func observeLatest(elapsed now: Double) -> (classIndex: Int, seconds: Double)? {
    guard let item = latest else { return nil }
    latest = nil
    let seconds = max(0, now - elapsed)
    elapsed = now
    if item.isUnknown {
      unknownSeconds += seconds
    } else {
      recentSeconds = OpenChunkCosts.memory * recentSeconds + seconds
      recentExpected = OpenChunkCosts.memory * recentExpected + item.expected
      recentVariance = OpenChunkCosts.memory * recentVariance + item.variance
      load = recentLoad
    }
    return (item.classIndex, seconds)
  }

  /// The load as the latest items show it.
  ///
  /// The mean of a normal prior around 1, of variance 0.25, and the recent ratio, whose variance the
  /// classes' own give: a few items that vary by nature say little, many equal ones everything.
  /// Below 1 it would promise that a short item is followed by short ones.
  private var recentLoad: Double {
    guard recentExpected > 0 else { return 1 }
    let ratio = recentSeconds / recentExpected
    let variance = recentVariance / (recentExpected * recentExpected)
    return max(1, (variance + 0.25 * ratio) / (variance + 0.25))
  }

  static func == (left: OpenChunkCosts, right: OpenChunkCosts) -> Bool {
    left.chunk == right.chunk && left.shares == right.shares && left.opaque == right.opaque
      && left.completions == right.completions && left.variance == right.variance
      && left.hasUnknown == right.hasUnknown && left.risk == right.risk
      && left.elapsed == right.elapsed && left.recentSeconds == right.recentSeconds
  }
}
