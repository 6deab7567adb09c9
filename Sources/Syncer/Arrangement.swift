/// The positions of the entries that take part in a sync, in the order they are worked off.
///
/// Without filter and shuffle every entry stands where it is listed, and nothing is stored.
@usableFromInline
package struct Arrangement: Sendable {
  /// How many entries are worked off.
  @usableFromInline package let count: Int
  /// How many there were before the limit.
  @usableFromInline let countBeforeLimit: Int
  /// Nil where every place holds the entry of its own number.
  @usableFromInline let positions: [Int]?

  /// Arranges entries; `kept` are those that passed the filter, nil where all did.
  @usableFromInline
  package init(entryCount: Int, kept: [Int]?, order: SyncOrder, limit: Int?) {
    countBeforeLimit = kept?.count ?? entryCount
    count = min(limit ?? countBeforeLimit, countBeforeLimit)
    if case .listed = order {
      positions = kept
    } else {
      var arranged = kept ?? Array(0..<entryCount)
      order.arrange(&arranged)
      positions = arranged
    }
  }

  /// The position of the entry at a place in the order.
  @inlinable
  package subscript(place: Int) -> Int { positions?[place] ?? place }
}
