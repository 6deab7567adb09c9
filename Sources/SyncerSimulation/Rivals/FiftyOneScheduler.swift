public import Syncer

/// The rule of FiftyOne's latency batcher: every chunk scales the next, within a factor.
///
/// After a chunk of `n` items and `d` seconds at target `T`,
///
///     size = clamp(round(n * clamp(T / d, 1 / growth, growth)), minSize, maxSize)
///
/// where `T / d` is a million for `d` of zero, and halves are rounded to even. Nothing is
/// averaged: one chunk decides.
///
/// Source: voxel51/fiftyone 1.22, `LatencyDynamicBatcher`.
public struct FiftyOneScheduler: SizedScheduler, Equatable {
  /// The size of the first chunk; the project's is 1.
  public let firstSize: Int
  /// The least size; the project's is 1.
  public let minSize: Int
  /// The largest size; the project's is 100,000.
  public let maxSize: Int
  /// The most a size grows or shrinks in one step, above 1; the project's is 8.
  public let growth: Double
  /// The size of the next chunk.
  public private(set) var size: Int
  private var targetSeconds: Double?

  /// Makes the scheduler.
  ///
  /// - Precondition: the sizes are at least 1, the largest is not below the least, `growth` is
  ///   above 1.
  public init(
    firstSize: Int = 1, minSize: Int = 1, maxSize: Int = 100_000, growth: Double = 8
  ) {
    precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    checkSizes(from: minSize, to: maxSize)
    precondition(growth > 1, "The growth of a step is above 1; it is \(growth).")
    self.firstSize = firstSize
    self.minSize = minSize
    self.maxSize = maxSize
    self.growth = growth
    size = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    guard sample.count > 0 else { return }
    targetSeconds = sample.targetSeconds
    let ratio =
      sample.durationSeconds > 0 ? sample.targetSeconds / sample.durationSeconds : 1e6
    let factor = min(max(ratio, 1 / growth), growth)
    let scaled = (Double(sample.count) * factor).rounded(.toNearestOrEven)
    size = clampedInt(scaled, to: minSize...maxSize)
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }
}
