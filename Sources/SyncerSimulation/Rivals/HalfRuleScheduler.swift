public import Syncer

/// Rounds to the nearest item: takes an item where half of it still fits.
///
/// With `s` seconds for what the chunk has, handled as measured and processing as expected, an item
/// expected to take `x` seconds, and a target of `T`, the item is taken where
///
///     s + x / 2 < T
///
/// Expectations are plain means per class, seconds over units, for handling and processing apart
/// (`ClassMeans`). An item of a class never seen is expected to take no time: nothing is probed, and
/// what it costs in `processChunk` is found out at the price of a chunk.
///
/// Source: the first of the rules that follow from counting a chunk's squared miss of its target,
/// with costs known. A time box with a view of one item.
public struct HalfRuleScheduler: ChunkScheduler, Equatable {
  /// What processing the items taken is expected to take, in seconds.
  public struct Draft: Sendable, Equatable {
    var processingSeconds = 0.0
  }

  private var means = ClassMeans()

  /// Makes the scheduler.
  public init() {}

  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft) { (.asked, Draft()) }

  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Draft
  ) -> Admission {
    let mean = means[next.classIndex]
    let handling = next.units * (mean?.handling ?? 0)
    let processing = next.units * (mean?.processing ?? 0)
    let taken = chunk.elapsedSeconds + draft.processingSeconds
    guard chunk.count == 0 || taken + (handling + processing) / 2 < chunk.targetSeconds else {
      return .close
    }
    draft.processingSeconds += processing
    return .take
  }

  public mutating func learn(_ sample: ChunkSample, from draft: Draft) {
    means.add(sample)
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    means[item.classIndex].map { mean in
      CostEstimate(
        seconds: item.units * (mean.handling + mean.processing), observations: mean.count)
    }
  }
}
