/// A side of a comparison.
public enum SyncSide: String, Sendable, CaseIterable {
  /// The left side.
  case left
  /// The right side.
  case right
}

/// A merge of two sequences that are sorted by key, such as cursors or sorted listings.
///
/// Both sequences are read side by side while chunks are filled, so memory does not grow with the
/// number of keys. Several items may share a key.
///
/// The order decides which keys are the same: two keys of which neither precedes the other are one
/// key, and have to be equal. Both sides must be sorted by this order. `String` sorts by canonical
/// form, databases by bytes or by a language: use keys whose `<` is the order of both sides.
public struct SortedDiffer<Key: Hashable & Sendable, Left: Sendable, Right: Sendable>: Sendable {
  /// Begins to read both sequences.
  @usableFromInline let makeReader: @Sendable () -> EntryReader<Key, Left, Right>
  /// The expected number of entries, not negative; nil if unknown.
  ///
  /// It serves the estimate of the time left and of the share done, and limits nothing.
  public var expectedCount: Int?

  /// Creates a differ of two sequences and an order of their keys.
  ///
  /// Every run of a syncer makes an iterator of each, which has to begin anew. An `AsyncStream`
  /// does not, so it suits one run only.
  ///
  /// - Parameters:
  ///   - left: The left sequence.
  ///   - right: The right sequence.
  ///   - leftKey: The key of a left item.
  ///   - rightKey: The key of a right item.
  ///   - uniqueKeys: The sides on which a repeated key ends the sync with `UnsortedKeys`.
  ///   - expectedCount: The expected number of entries.
  ///   - areInIncreasingOrder: Whether the first of two keys precedes the second; a strict weak
  ///     order.
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

  /// Creates a differ of two sequences whose keys are in ascending order.
  ///
  /// The parameters are those of the other initializer.
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

  /// Creates a differ of two sequences whose items are their own keys, in ascending order.
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

/// The error of a sequence whose keys are not in the order that a `SortedDiffer` needs.
public struct UnsortedKeys: Error, Equatable, CustomStringConvertible {
  /// The fault of two successive keys.
  public enum Fault: Sendable, Equatable {
    /// The second key precedes the first.
    case descending
    /// The keys are the same, on a side with unique keys.
    case repeated
    /// Neither key precedes the other, but they are not equal.
    case unequal
  }

  /// The fault.
  public var fault: Fault
  /// The side of the second key.
  public var side: SyncSide
  /// The first key, as text.
  public var first: String
  /// The second key, as text.
  public var second: String

  /// Creates an error.
  public init(_ fault: Fault, side: SyncSide, first: String, second: String) {
    self.fault = fault
    self.side = side
    self.first = first
    self.second = second
  }

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
