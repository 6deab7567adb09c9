/// A scheduler that chooses a size before the chunk, as most tools of the field do.
///
/// It may implement `admits(_:into:_:)` too, to close a chunk before its size is reached; by
/// default every item is taken.
public protocol SizedScheduler: ChunkScheduler where Draft == Void {
  /// The number of items for the next chunk.
  ///
  /// Values below 1 count as 1; the loop applies cap and limit.
  func proposedSize(for chunk: ChunkStart) -> Int
}

extension SizedScheduler {
  @inlinable
  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Void) {
    (.asked(atMost: proposedSize(for: chunk)), ())
  }

  @inlinable
  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission { .take }
}

/// The whole number towards zero of a real number, limited to `range`; NaN is the lower bound.
///
/// `Int(_:)` traps on what does not fit, and a size rule that divides by a tiny duration will
/// sooner or later produce it.
package func clampedInt(_ value: Double, to range: ClosedRange<Int>) -> Int {
  if !(value > Double(range.lowerBound)) { return range.lowerBound }
  if value >= Double(range.upperBound) { return range.upperBound }
  return Int(value)
}
