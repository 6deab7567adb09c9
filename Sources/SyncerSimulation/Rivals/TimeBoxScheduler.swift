public import Syncer

/// Looks at the clock: takes items until the target is reached.
///
/// At `s` seconds since the chunk was opened and a target of `T`, the next item is taken where
///
///     s < T
///
/// It learns nothing. A chunk whose cost is in the handlers takes at most the target and one item;
/// a chunk whose cost is in `processChunk` takes everything.
///
/// Source: what batch programs do by hand, and Shopify's job-iteration after every iteration
/// (`lib/job-iteration/iteration.rb` at 9a5e4a82).
public struct TimeBoxScheduler: ChunkScheduler, Equatable {
  /// Makes the scheduler.
  public init() {}

  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission {
    chunk.elapsedSeconds < chunk.targetSeconds ? .take : .close
  }
}
