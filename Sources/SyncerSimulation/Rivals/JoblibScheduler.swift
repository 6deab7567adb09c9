public import Syncer

/// The rule of joblib's automatic batches: doubling up to a least duration, one step back.
///
/// With `D` the moving average of the durations of chunks of the present size,
///
///     ideal = 2 * trunc(size * minSeconds / D)
///     0 < D < minSeconds:               size = max(1, min(2 * size, ideal))
///     D > maxSeconds and size >= 2:     size = max(1, ideal)
///
/// and after a change `D` starts anew. It aims at twice `minSeconds` within a band of a factor of
/// ten and takes no notice of the target of the chunk, so that a comparison at another target has
/// to move the band: nil stands for half the target, and five times the target. There is no largest
/// size.
///
/// Source: joblib 1.6.0, `joblib/_parallel_backends.py`, `AutoBatchingMixin`, at 53cea7b1.
public struct JoblibScheduler: SizedScheduler, Equatable {
  /// The size of the first chunk; the original's is 1.
  public let firstSize: Int
  /// Chunks shorter than this grow; the original's is 0.2 seconds, nil is half the target.
  public let minSeconds: Double?
  /// Chunks longer than this shrink; the original's is 2 seconds, nil is five times the target.
  public let maxSeconds: Double?
  /// The weight of the newest duration, above 0 and at most 1; the original's is 0.2.
  public let smoothing: Double
  /// The size of the next chunk.
  public private(set) var size: Int
  private var averageSeconds = 0.0
  private var hasObserved = false
  /// The least duration in force.
  private var aim = 0.0

  /// Makes the scheduler.
  ///
  /// - Precondition: `firstSize` is at least 1, `minSeconds` above 0, `maxSeconds` at least
  ///   `minSeconds`, `smoothing` above 0 and at most 1.
  public init(
    firstSize: Int = 1, minSeconds: Double? = 0.2, maxSeconds: Double? = 2, smoothing: Double = 0.2
  ) {
    precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    if let minSeconds {
      precondition(minSeconds > 0, "A least duration is above 0 seconds; it is \(minSeconds).")
    }
    if let minSeconds, let maxSeconds {
      precondition(
        maxSeconds >= minSeconds,
        "A largest duration is at least the least one, \(minSeconds) seconds; it is \(maxSeconds).")
    }
    precondition(
      smoothing > 0 && smoothing <= 1,
      "The smoothing of durations is above 0 and at most 1; it is \(smoothing).")
    self.firstSize = firstSize
    self.minSeconds = minSeconds
    self.maxSeconds = maxSeconds
    self.smoothing = smoothing
    size = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  /// Averages the duration of a chunk of the present size, then steps if it leaves the band.
  ///
  /// A chunk of another size, as the last one may be, is not averaged. An average of zero seconds
  /// changes nothing.
  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    if sample.count == size {
      hasObserved = true
      averageSeconds =
        averageSeconds == 0
        ? sample.durationSeconds
        : (1 - smoothing) * averageSeconds + smoothing * sample.durationSeconds
    }
    aim = minSeconds ?? sample.targetSeconds / 2
    let next = nextSize(longest: maxSeconds ?? max(aim, sample.targetSeconds * 5))
    if next != size {
      size = next
      averageSeconds = 0
    }
  }

  private func nextSize(longest: Double) -> Int {
    let needed = Double(size) * aim / averageSeconds
    let twiceNeeded = 2 * clampedInt(needed, to: 0...Int.max / 2)
    if averageSeconds > 0 && averageSeconds < aim {
      return max(1, min(2 * min(size, Int.max / 2), twiceNeeded))
    }
    if averageSeconds > longest && size >= 2 { return max(1, twiceNeeded) }
    return size
  }

  /// Twice the least duration over size: what the rule takes every item to cost.
  ///
  /// That is the duration the rule aims at, since it takes no notice of the target.
  public func estimate(for item: ItemProfile) -> CostEstimate? {
    guard hasObserved else { return nil }
    return CostEstimate(seconds: 2 * aim / Double(size), observations: size)
  }
}
