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
  func count(of classIndex: Int) -> Int { share(of: classIndex).count }

  private func share(of classIndex: Int) -> Share {
    guard classIndex < shares.count, shares[classIndex].chunk == chunk else {
      return Share(chunk: chunk)
    }
    return shares[classIndex]
  }

  /// What the chunk would be expected to take with one more item.
  func expectation(adding next: ItemProfile, _ costs: ClassCosts) -> Expectation {
    let (opaque, completions, longest, variance) = sums(adding: next, costs)
    // A router is never done before its longest item is.
    let parallel = max(costs.parallelism.elapsed(work: completions), longest)
    return Expectation(
      items: opaque + parallel, variance: variance + costs.processing.overheadUncertainty)
  }

  private func sums(
    adding next: ItemProfile, _ costs: ClassCosts
  ) -> (opaque: Double, completions: Double, longest: Double, variance: Double) {
    if let completion = costs.completion(next.classIndex) {
      let seconds = completion.seconds(units: next.units)
      let shared = costs.parallelism.elapsed(work: 1)
      return (
        opaque, completions + seconds, max(longestCompletion, seconds),
        variance + shared * completion.variance(units: next.units)
      )
    }
    let part = costs.processing.parts[next.classIndex]
    let units = share(of: next.classIndex).units
    let seconds = part.rate * next.units
    let grown = (units + next.units) * (units + next.units) - units * units
    let added =
      part.relativeVariance * seconds * seconds + part.uncertainty * grown
      + 2 * costs.processing.covariance(next.classIndex) * next.units
    return (opaque + seconds, completions, longestCompletion, max(0, variance + added))
  }

  /// Adds an item that was admitted.
  mutating func add(_ next: ItemProfile, _ costs: ClassCosts, risk probability: Double) {
    (opaque, completions, longestCompletion, variance) = sums(adding: next, costs)
    risk += probability
    let isUnknown = costs.isUnknown(next.classIndex)
    if isUnknown { hasUnknown = true }
    latest = (next.classIndex, costs.handling(next), costs.handlingVariance(next), isUnknown)
    while shares.count <= next.classIndex { shares.append(Share()) }
    var share = share(of: next.classIndex)
    share.count += 1
    share.units += next.units
    shares[next.classIndex] = share
  }

  /// Notes that the item added last is handled; returns its class and what handling it took.
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
    }
    return (item.classIndex, seconds)
  }

  /// How much longer handling takes now than expected, at least 1.
  ///
  /// The mean of a normal prior around 1, of variance 0.25, and the recent ratio, whose variance the
  /// classes' own give: a few items that vary by nature say little, many equal ones everything.
  /// Below 1 it would promise that a short item is followed by short ones.
  var load: Double {
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
