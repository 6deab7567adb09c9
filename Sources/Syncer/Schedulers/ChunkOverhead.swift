/// What a chunk costs in processing before its first item: the start of a line through chunks.
///
/// Least squares of `seconds = overhead + perItem * items`, a chunk weighted by 1/items, as what is
/// random about it grows with its items. So weighted, the line meets the sum over all chunks
/// exactly: overheads and items together are the time that was measured.
package struct ChunkOverhead: Sendable, Equatable {
  private var count = 0.0
  private var items = 0.0
  private var inverse = 0.0
  private var time = 0.0
  private var timePerItem = 0.0

  /// No chunks.
  package init() {}

  /// Adds a chunk of at least one item.
  package mutating func add(items size: Int, nanoseconds: Int64) {
    let size = Double(size)
    count += 1
    items += size
    inverse += 1 / size
    time += Double(nanoseconds)
    timePerItem += Double(nanoseconds) / size
  }

  /// The overhead in nanoseconds, between zero and the mean of the chunks.
  ///
  /// Nil where it cannot be told from the cost of items: chunks of one size, or a single one.
  package var nanoseconds: Int64? {
    let determinant = inverse * items - count * count
    guard determinant > 1e-9 * inverse * items else { return nil }
    let start = (timePerItem * items - time * count) / determinant
    return Int64(min(max(0, start), time / count).rounded())
  }
}
