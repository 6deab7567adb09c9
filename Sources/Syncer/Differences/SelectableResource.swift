/// Something items can be selected from: a directory tree, a table, a bucket, an array.
///
/// The query lives in the resource: a resource selects one fixed set of items, so that the two
/// sides of a sync are two values and not two argument lists.
public protocol SelectableResource<Item>: Sendable {
  /// What the resource consists of.
  associatedtype Item: Sendable
  /// The sequence `select()` returns; inferred.
  associatedtype Selection: Sequence<Item>

  /// Selects the items, in the resource's own order.
  ///
  /// The order matters: keys keep it (`Differences` lists them as first seen).
  ///
  /// - Throws: whatever reading the resource throws; the sync then ends before its first chunk.
  func select() async throws -> Selection
}

/// A resource whose items are already in memory.
public struct ArrayResource<Item: Sendable>: SelectableResource {
  /// The items, in the order they are selected.
  public var items: [Item]

  /// Makes a resource of the items given.
  public init(_ items: [Item]) {
    self.items = items
  }

  /// Returns the items.
  public func select() -> [Item] {
    items
  }
}
