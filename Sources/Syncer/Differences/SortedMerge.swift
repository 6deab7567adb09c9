/// The items of one side, one ahead, held against the order.
@usableFromInline
struct SortedItems<Key: Hashable, Iterator: AsyncIteratorProtocol> {
  @usableFromInline var iterator: Iterator
  @usableFromInline let keyOfItem: (Iterator.Element) -> Key
  @usableFromInline let side: SyncSide
  @usableFromInline let isUnique: Bool
  /// The next item and its key; nil at the end.
  @usableFromInline var item: Iterator.Element?
  @usableFromInline var key: Key?
  /// Whether its key is that of the item before.
  @usableFromInline var isRepeated = false

  @inlinable
  init(
    _ iterator: Iterator, _ keyOfItem: @escaping (Iterator.Element) -> Key, _ side: SyncSide,
    _ isUnique: Bool
  ) {
    self.iterator = iterator
    self.keyOfItem = keyOfItem
    self.side = side
    self.isUnique = isUnique
  }

  /// Reads the next item.
  @inlinable
  mutating func advance(_ isBefore: (Key, Key) -> Bool) async throws {
    guard let next = try await iterator.next() else {
      // A cancelled sequence may end early: what it has not told of would look deleted.
      if Task.isCancelled { throw CancellationError() }
      item = nil
      key = nil
      isRepeated = false
      return
    }
    let nextKey = keyOfItem(next)
    isRepeated = false
    if let key, !isBefore(key, nextKey) {
      if isBefore(nextKey, key) { throw fault(.descending, key, nextKey) }
      if isUnique { throw fault(.repeated, key, nextKey) }
      if key != nextKey { throw fault(.unequal, key, nextKey) }
      isRepeated = true
    }
    item = next
    key = nextKey
  }

  @usableFromInline
  func fault(_ fault: UnsortedKeys.Fault, _ first: Key, _ second: Key) -> UnsortedKeys {
    UnsortedKeys(fault, side: side, first: "\(first)", second: "\(second)")
  }
}

/// Merges two sorted sequences into the entries of their keys.
@usableFromInline
struct SortedMerge<Key: Hashable & Sendable, LeftIterator, RightIterator>
where
  LeftIterator: AsyncIteratorProtocol, RightIterator: AsyncIteratorProtocol,
  LeftIterator.Element: Sendable, RightIterator.Element: Sendable
{
  @usableFromInline typealias Left = LeftIterator.Element
  @usableFromInline typealias Right = RightIterator.Element

  @usableFromInline var left: SortedItems<Key, LeftIterator>
  @usableFromInline var right: SortedItems<Key, RightIterator>
  @usableFromInline var hasBegun = false

  @inlinable
  init(_ left: SortedItems<Key, LeftIterator>, _ right: SortedItems<Key, RightIterator>) {
    self.left = left
    self.right = right
  }

  /// Reads the entries of some keys; those that take part go to the block.
  ///
  /// - Returns: whether there are more.
  @inlinable
  mutating func read(
    _ count: Int, into block: inout EntryBlock<Key, Left, Right>,
    takesPart: (DiffEntry<Key, Left, Right>) -> Bool, isBefore: (Key, Key) -> Bool
  ) async throws -> Bool {
    if !hasBegun {
      hasBegun = true
      try await left.advance(isBefore)
      try await right.advance(isBefore)
    }
    for _ in 0..<count {
      let key: Key
      var (isLeft, isRight) = (true, true)
      if let leftKey = left.key, let rightKey = right.key {
        isRight = !isBefore(leftKey, rightKey)
        isLeft = !isRight || !isBefore(rightKey, leftKey)
        if isLeft && isRight && leftKey != rightKey {
          throw right.fault(.unequal, leftKey, rightKey)
        }
        key = isLeft ? leftKey : rightKey
      } else if let leftKey = left.key {
        (key, isRight) = (leftKey, false)
      } else if let rightKey = right.key {
        (key, isLeft) = (rightKey, false)
      } else {
        return false
      }
      if isLeft { try await readLeft(into: &block, isBefore) }
      if isRight { try await readRight(into: &block, isBefore) }
      block.end(key, takesPart)
    }
    return left.key != nil || right.key != nil
  }

  /// Reads the left items of a key, and the one behind them.
  @inlinable
  mutating func readLeft(
    into block: inout EntryBlock<Key, Left, Right>, _ isBefore: (Key, Key) -> Bool
  ) async throws {
    repeat {
      if let item = left.item { block.left.items.append(item) }
      try await left.advance(isBefore)
    } while left.isRepeated
  }

  /// Reads the right items of a key, and the one behind them.
  @inlinable
  mutating func readRight(
    into block: inout EntryBlock<Key, Left, Right>, _ isBefore: (Key, Key) -> Bool
  ) async throws {
    repeat {
      if let item = right.item { block.right.items.append(item) }
      try await right.advance(isBefore)
    } while right.isRepeated
  }
}
