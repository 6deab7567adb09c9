/// Entries that were read of a stream, while more are added.
@usableFromInline
struct EntryBlock<Key: Hashable & Sendable, Left: Sendable, Right: Sendable>: Sendable {
  /// The items of one side, with the end of each entry's.
  @usableFromInline
  struct Side<Item: Sendable>: Sendable {
    @usableFromInline var items: [Item] = []
    @usableFromInline var bounds = [0]
    /// Where the items of the entry begin that is not ended.
    @usableFromInline var start = 0

    @inlinable init() {}

    @inlinable var open: ArraySlice<Item> { items[start...] }

    @inlinable
    mutating func keep() {
      start = items.count
      bounds.append(start)
    }

    @usableFromInline
    mutating func drop() { items.removeLast(items.count - start) }
  }

  @usableFromInline private(set) var keys: [Key] = []
  @usableFromInline var left = Side<Left>()
  @usableFromInline var right = Side<Right>()

  @inlinable init() {}

  var count: Int { keys.count }
  var isEmpty: Bool { keys.isEmpty }

  /// Ends an entry, whose items were added; it stays where it takes part.
  @inlinable
  mutating func end(_ key: Key, _ takesPart: (DiffEntry<Key, Left, Right>) -> Bool) {
    let isKept =
      right.start == right.items.count
      ? takesPart(.leftExclusive(key, left.open))
      : left.start == left.items.count
        ? takesPart(.rightExclusive(key, right.open))
        : takesPart(.intersection(key, left.open, right.open))
    if isKept {
      append(key)
      left.keep()
      right.keep()
    } else {
      drop()
    }
  }

  @usableFromInline
  mutating func append(_ key: Key) { keys.append(key) }

  /// Drops the items of an entry that is not ended.
  @usableFromInline
  mutating func drop() {
    left.drop()
    right.drop()
  }
}

extension Differences {
  /// Makes differences of entries that were read.
  init(_ block: EntryBlock<Key, Left, Right>) {
    keys = block.keys
    left = GroupedItems(block.left.items, bounds: block.left.bounds)
    right = GroupedItems(block.right.items, bounds: block.right.bounds)
  }
}
