/// A source of items: a directory tree, a table, a bucket, an array.
///
/// The query is part of the resource, so a resource selects one fixed set of items.
public protocol SelectableResource<Item>: Sendable {
  /// An item of the resource.
  associatedtype Item: Sendable
  /// The sequence `select()` returns; inferred.
  associatedtype Selection: Sequence<Item>

  /// Selects the items, in the resource's own order, which `Differences` keeps.
  ///
  /// - Throws: any error of reading the resource; the sync then ends before its first chunk.
  func select() async throws -> Selection
}

/// A resource of items in memory.
public struct ArrayResource<Item: Sendable>: SelectableResource {
  /// The items, in the order of selection.
  public var items: [Item]

  /// Creates a resource of items.
  public init(_ items: [Item]) {
    self.items = items
  }

  public func select() -> [Item] {
    items
  }
}
