/// The rule of co3 0.6.3: an exponential moving average of chunk sizes.
///
/// After a chunk of `n` items and `d` seconds at target `T`,
///
///     size = trunc(smoothing * (T / (d / n)) + (1 - smoothing) * n)
///
/// The first chunk has one item per second of target. It is kept as the reference. Averaging sizes
/// is averaging *rates*: after fast items, one slow chunk hardly moves the average, and that chunk
/// was sized for fast items (`Scenarios/fast-to-slow.json`: 200 times the target).
///
/// Source: co3 0.6.3 on PyPI, `co3/syncer.py`, `Syncer.chunked_sync`.
public struct MovingAverageScheduler: SizedScheduler, Equatable {
  /// The weight of the newest chunk, above 0 and at most 1; 0.5 in co3.
  public let smoothing: Double
  /// The size of the first chunk; nil for one item per second of target, as in co3.
  public let firstSize: Int?
  /// The size of the next chunk; nil before the first.
  public private(set) var size: Int?
  private var targetSeconds = 0.0

  /// Creates the scheduler.
  ///
  /// - Precondition: `smoothing` is above 0 and at most 1, `firstSize` at least 1.
  public init(smoothing: Double = 0.5, firstSize: Int? = nil) {
    precondition(
      smoothing > 0 && smoothing <= 1,
      "The smoothing of a moving average is above 0 and at most 1; it is \(smoothing).")
    if let firstSize {
      precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    }
    self.smoothing = smoothing
    self.firstSize = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int {
    size ?? firstSize ?? clampedInt(chunk.targetSeconds, to: 1...Int.max)
  }

  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Void) {
    (.items(proposedSize(for: chunk)), ())
  }

  /// Averages the size that the chunk should have had with the size it had.
  ///
  /// A chunk of zero seconds is ignored; co3 divides by zero.
  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    guard sample.count > 0, sample.durationSeconds > 0 else { return }
    let count = Double(sample.count)
    let needed = sample.targetSeconds / (sample.durationSeconds / count)
    targetSeconds = sample.targetSeconds
    size = clampedInt(smoothing * needed + (1 - smoothing) * count, to: 1...Int.max)
  }

  /// The target over the size: the cost that the rule assumes for an item of any class.
  public func estimate(for item: ItemProfile) -> CostEstimate? {
    size.map { CostEstimate(seconds: targetSeconds / Double($0), observations: $0) }
  }
}
