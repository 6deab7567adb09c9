/// One of the two sides that are compared.
public enum SyncSide: String, Sendable, CaseIterable {
  /// The side whose own keys are left-exclusive.
  case left
  /// The side whose own keys are right-exclusive.
  case right
}

/// Compares two sequences that are sorted by key, such as cursors or sorted listings.
///
/// Both are read once and side by side while chunks are filled, so that memory depends on the chunks
/// and not on the number of keys. Any number of items may share a key.
///
/// The order alone says what the sides are compared by: two keys of which neither comes before the other
/// are one, and have to be equal. Both sides must be sorted by this very order. A `String` is compared
/// by its canonical form, and a database by bytes, or by the rules of a language: give keys whose `<` is
/// that of both sides.
public struct SortedDiffer<Key: Hashable & Sendable, Left: Sendable, Right: Sendable>: Sendable {
  /// Begins to read both sequences.
  @usableFromInline let makeReader: @Sendable () -> EntryReader<Key, Left, Right>
  /// How many entries are expected to take part in the sync, not negative, for the time left and the
  /// share handled; nil where nobody knows.
  ///
  /// It limits nothing: there may be more or fewer.
  public var expectedCount: Int?

  /// Makes a differ of two sequences and an order of their keys.
  ///
  /// Every run of a syncer makes an iterator of each, which has to begin anew: what can be read once, as an
  /// `AsyncStream`, is for one run, and empty in the next.
  ///
  /// - Parameters:
  ///   - left: The sequence whose own keys are left-exclusive.
  ///   - right: The sequence whose own keys are right-exclusive.
  ///   - leftKey: The key of a left item.
  ///   - rightKey: The key of a right item.
  ///   - uniqueKeys: The sides on which a key must not occur twice; `UnsortedKeys` ends the sync otherwise.
  ///   - expectedCount: How many entries are expected to take part.
  ///   - areInIncreasingOrder: Whether the first of two keys comes before the second, a strict weak order.
  @inlinable
  public init<LeftItems: AsyncSequence & Sendable, RightItems: AsyncSequence & Sendable>(
    left: LeftItems, right: RightItems, leftKey: @escaping @Sendable (Left) -> Key,
    rightKey: @escaping @Sendable (Right) -> Key, uniqueKeys: Set<SyncSide> = [],
    expectedCount: Int? = nil, by areInIncreasingOrder: @escaping @Sendable (Key, Key) -> Bool
  ) where LeftItems.Element == Left, RightItems.Element == Right {
    self.init(expectedCount: expectedCount) {
      var merge = SortedMerge(
        SortedItems(left.makeAsyncIterator(), leftKey, .left, uniqueKeys.contains(.left)),
        SortedItems(right.makeAsyncIterator(), rightKey, .right, uniqueKeys.contains(.right)))
      return EntryReader { count, takesPart, block in
        try await merge.read(
          count, into: &block, takesPart: takesPart, isBefore: areInIncreasingOrder)
      }
    }
  }

  /// Makes a differ of two sequences whose keys are in ascending order.
  ///
  /// Parameters are those of the other initializer.
  @inlinable
  public init<LeftItems: AsyncSequence & Sendable, RightItems: AsyncSequence & Sendable>(
    left: LeftItems, right: RightItems, leftKey: @escaping @Sendable (Left) -> Key,
    rightKey: @escaping @Sendable (Right) -> Key, uniqueKeys: Set<SyncSide> = [],
    expectedCount: Int? = nil
  ) where LeftItems.Element == Left, RightItems.Element == Right, Key: Comparable {
    self.init(
      left: left, right: right, leftKey: leftKey, rightKey: rightKey, uniqueKeys: uniqueKeys,
      expectedCount: expectedCount, by: { $0 < $1 })
  }

  /// Makes a differ of two sequences whose items are their own keys, in ascending order.
  @inlinable
  public init<LeftItems: AsyncSequence & Sendable, RightItems: AsyncSequence & Sendable>(
    left: LeftItems, right: RightItems, uniqueKeys: Set<SyncSide> = [], expectedCount: Int? = nil
  )
  where
    LeftItems.Element == Key, RightItems.Element == Key, Left == Key, Right == Key, Key: Comparable
  {
    self.init(
      left: left, right: right, leftKey: { $0 }, rightKey: { $0 }, uniqueKeys: uniqueKeys,
      expectedCount: expectedCount)
  }

  @usableFromInline
  init(
    expectedCount: Int?, makeReader: @escaping @Sendable () -> EntryReader<Key, Left, Right>
  ) {
    self.expectedCount = expectedCount
    self.makeReader = makeReader
  }
}

/// The keys of a sequence are not in the order in which a `SortedDiffer` needs them.
public struct UnsortedKeys: Error, Equatable, CustomStringConvertible {
  /// What is wrong with two keys that follow each other.
  public enum Fault: Sendable, Equatable {
    /// The second comes before the first.
    case descending
    /// They are the same, on a side whose keys are said to be unique.
    case repeated
    /// Neither comes before the other, and yet they are not equal.
    case unequal
  }

  /// What is wrong.
  public var fault: Fault
  /// On which side; that of the second key where the keys are on both.
  public var side: SyncSide
  /// The first key, as text.
  public var first: String
  /// The second key, as text.
  public var second: String

  /// Makes an error.
  public init(_ fault: Fault, side: SyncSide, first: String, second: String) {
    self.fault = fault
    self.side = side
    self.first = first
    self.second = second
  }

  /// A sentence with the keys, the side, the rule and the remedy.
  public var description: String {
    switch fault {
    case .descending:
      "The keys of a sorted differ must ascend, but on the \(side.rawValue) \(first) is followed by "
        + "\(second); sort that side by the order that the differ was given."
    case .repeated:
      "The keys on the \(side.rawValue) are said to be unique, but \(first) is followed by \(second); "
        + "choose a key that is unique, or leave this side out of uniqueKeys."
    case .unequal:
      "Keys of which neither comes before the other must be equal, but \(first) and \(second) on the "
        + "\(side.rawValue) are not; give an order that tells them apart, or keys that are equal."
    }
  }
}
