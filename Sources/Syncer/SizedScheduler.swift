/// A scheduler that decides on a size before the chunk and then keeps to it.
///
/// Every known tool of this field works this way. The adapter turns a size into admissions:
/// an item is admitted while the chunk has fewer items than planned.
public protocol SizedScheduler: ChunkScheduler {
  /// The number of items the chunk about to open should have.
  ///
  /// Values below 1 count as 1; the loop applies cap and limit.
  func proposedSize(for chunk: OpenChunk) -> Int
}

extension SizedScheduler {
  /// The proposed size, at least 1.
  @inlinable
  public func plannedSize(for chunk: OpenChunk) -> Int? {
    max(1, proposedSize(for: chunk))
  }

  /// Admits until the planned size is reached.
  @inlinable
  public func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Bool {
    chunk.count < (chunk.plannedSize ?? 1)
  }
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
