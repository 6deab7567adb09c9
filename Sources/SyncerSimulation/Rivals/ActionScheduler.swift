public import Syncer

/// The rule of WooCommerce's Action Scheduler: stops when a few more items would be too late.
///
/// After `k` items and `s` seconds at a target of `T`, the next item is taken where
///
///     s + ahead * s / k <= T
///
/// so that there is room for `ahead` more items of the mean so far. At most `claim` items are
/// claimed for a chunk. It learns nothing; what `processChunk` takes is unknown to it.
///
/// Source: woocommerce/action-scheduler, `ActionScheduler_Abstract_QueueRunner`: three items ahead,
/// claims of 25.
public struct ActionScheduler: ChunkScheduler, Equatable {
  /// How many items of the mean so far have to fit; the project's is 3.
  public let ahead: Double
  /// The most items of a chunk, nil for as many as there are; the project's is 25.
  public let claim: Int?

  /// Makes the scheduler.
  ///
  /// - Precondition: `ahead` is at least 0, `claim` at least 1.
  public init(ahead: Double = 3, claim: Int? = nil) {
    precondition(ahead >= 0, "The items ahead are at least 0; they are \(ahead).")
    precondition(claim.map { $0 >= 1 } ?? true, "A claim is at least 1; it is \(claim ?? 0).")
    self.ahead = ahead
    self.claim = claim
  }

  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Void) {
    (claim.map { .asked(atMost: $0) } ?? .asked, ())
  }

  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission {
    guard chunk.count > 0 else { return .take }
    let mean = chunk.elapsedSeconds / Double(chunk.count)
    return chunk.elapsedSeconds + ahead * mean <= chunk.targetSeconds ? .take : .close
  }
}
