/// What the differences of a sync come from: it says what keys and items there are.
///
/// `Differ` and `SortedDiffer` are such, and make handlers of closures that take their types from it.
public protocol DifferenceSource<Key, Left, Right>: Sendable {
  /// What the two sides are compared by.
  associatedtype Key: Hashable & Sendable
  /// An item of the left side.
  associatedtype Left: Sendable
  /// An item of the right side.
  associatedtype Right: Sendable
}

extension Differ: DifferenceSource {}

extension SortedDiffer: DifferenceSource {}

extension DifferenceSource {
  /// Makes a handler of closures for the entries of this differ, with one for all of them.
  ///
  /// - Parameters:
  ///   - filter: Which entries take part.
  ///   - costClass: The kind of an entry, as far as its cost is concerned.
  ///   - costHint: A size of the entry known before the work.
  ///   - weight: What the entry weighs in a unit of the sync's `chunkWeightCap`.
  ///   - workers: How many items of a chunk `processChunk` works at at once, at least 1.
  ///   - handle: Handles one entry.
  ///   - processChunk: Processes the handled entries of a chunk in bulk.
  /// - Returns: the handler, of the differ's types.
  public func handler<Output: Sendable>(
    filter: @escaping @Sendable (DiffEntry<Key, Left, Right>) -> Bool = { _ in true },
    costClass: @escaping @Sendable (DiffEntry<Key, Left, Right>) -> CostClass = {
      $0.membership.costClass
    },
    costHint: @escaping @Sendable (DiffEntry<Key, Left, Right>) -> Double? = { _ in nil },
    weight: @escaping @Sendable (DiffEntry<Key, Left, Right>, WeightUnit) -> Int = { _, _ in 0 },
    workers: Int = 1,
    handle: @escaping @Sendable (DiffEntry<Key, Left, Right>) async throws -> Output,
    processChunk: @escaping @Sendable (HandledChunk<Output>) async throws -> Void
  ) -> ClosureSyncHandler<Key, Left, Right, Output> {
    ClosureSyncHandler(
      filter: filter, costClass: costClass, costHint: costHint, weight: weight,
      workers: workers,
      handle: handle, processChunk: processChunk)
  }

  /// Makes a handler of closures for resources in which every key has one item, with one per side.
  ///
  /// A side without a closure takes no part in the sync. An entry with several items of its key on
  /// a side fails with `SeveralItemsError`.
  ///
  /// - Parameters:
  ///   - onlyLeft: Handles an item that only the left resource has.
  ///   - onlyRight: Handles an item that only the right resource has.
  ///   - both: Handles the items of a key that both have.
  ///   - isUnchanged: Which items that both have take no part, none by default.
  ///   - costClass: The kind of an entry, as far as its cost is concerned.
  ///   - costHint: A size of the entry known before the work.
  ///   - weight: What the entry weighs in a unit of the sync's `chunkWeightCap`.
  ///   - workers: How many items of a chunk `processChunk` works at at once, at least 1.
  ///   - processChunk: Processes the handled entries of a chunk in bulk.
  /// - Returns: the handler, of the differ's types.
  public func handler<Output: Sendable>(
    onlyLeft: (@Sendable (Left) async throws -> Output)? = nil,
    onlyRight: (@Sendable (Right) async throws -> Output)? = nil,
    both: (@Sendable (Left, Right) async throws -> Output)? = nil,
    isUnchanged: @escaping @Sendable (Left, Right) -> Bool = { _, _ in false },
    costClass: @escaping @Sendable (DiffEntry<Key, Left, Right>) -> CostClass = {
      $0.membership.costClass
    },
    costHint: @escaping @Sendable (DiffEntry<Key, Left, Right>) -> Double? = { _ in nil },
    weight: @escaping @Sendable (DiffEntry<Key, Left, Right>, WeightUnit) -> Int = { _, _ in 0 },
    workers: Int = 1,
    processChunk: @escaping @Sendable (HandledChunk<Output>) async throws -> Void
  ) -> ClosureSyncHandler<Key, Left, Right, Output> {
    handler(
      filter: { entry in
        switch entry {
        case .leftExclusive: return onlyLeft != nil
        case .rightExclusive: return onlyRight != nil
        case .intersection(_, let left, let right):
          guard both != nil else { return false }
          guard left.count == 1, right.count == 1, let left = left.first, let right = right.first
          else { return true }
          return !isUnchanged(left, right)
        }
      },
      costClass: costClass, costHint: costHint, weight: weight,
      workers: workers,
      handle: { entry in
        guard entry.leftItems.count <= 1, entry.rightItems.count <= 1 else {
          throw SeveralItemsError(
            key: "\(entry.key)", leftCount: entry.leftItems.count,
            rightCount: entry.rightItems.count)
        }
        if let left = entry.left, let right = entry.right, let both {
          return try await both(left, right)
        }
        if let left = entry.left, let onlyLeft { return try await onlyLeft(left) }
        if let right = entry.right, let onlyRight { return try await onlyRight(right) }
        preconditionFailure("The entry \(entry.key) has no closure, and takes no part.")
      },
      processChunk: processChunk)
  }
}

/// A key has several items where a handler takes one.
public struct SeveralItemsError: Error, Equatable, CustomStringConvertible {
  /// The key, as text.
  public var key: String
  /// How many items of the left resource have it.
  public var leftCount: Int
  /// How many items of the right resource have it.
  public var rightCount: Int

  /// Makes an error.
  public init(key: String, leftCount: Int, rightCount: Int) {
    self.key = key
    self.leftCount = leftCount
    self.rightCount = rightCount
  }

  /// The whole sentence.
  public var description: String {
    "The key \(key) has \(leftCount.counted("item")) on the left and \(rightCount) on the right, but this "
      + "handler takes one each; choose a key that is unique, or handle whole entries."
  }
}
