/// A source of differences, which fixes the types of keys and items.
///
/// `Differ` and `SortedDiffer` conform, and create handlers from closures whose types they know.
public protocol DifferenceSource<Key, Left, Right>: Sendable {
  /// The key of an entry.
  associatedtype Key: Hashable & Sendable
  /// An item of the left side.
  associatedtype Left: Sendable
  /// An item of the right side.
  associatedtype Right: Sendable
}

extension Differ: DifferenceSource {}

extension SortedDiffer: DifferenceSource {}

extension DifferenceSource {
  /// Creates a handler with one closure for all entries of this differ.
  ///
  /// - Parameters:
  ///   - filter: Whether an entry takes part.
  ///   - costClass: The cost class of an entry.
  ///   - costHint: A size of the entry known before the work.
  ///   - weight: The weight of an entry in a unit of the sync's `chunkWeightCap`.
  ///   - workers: The number of items that `processChunk` works on at once, at least 1.
  ///   - handle: Handles one entry.
  ///   - processChunk: Processes the handled entries of a chunk in bulk.
  /// - Returns: the handler, with the types of the differ.
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

  /// Creates a handler with a closure per side, for resources in which every key has one item.
  ///
  /// A side without a closure takes no part in the sync. An entry with several items on a side
  /// fails with `SeveralItemsError`.
  ///
  /// - Parameters:
  ///   - onlyLeft: Handles an item that only the left resource has.
  ///   - onlyRight: Handles an item that only the right resource has.
  ///   - both: Handles the items of a key that both have.
  ///   - isUnchanged: Whether items that both have are the same and take no part; none are by
  ///     default.
  ///   - costClass: The cost class of an entry.
  ///   - costHint: A size of the entry known before the work.
  ///   - weight: The weight of an entry in a unit of the sync's `chunkWeightCap`.
  ///   - workers: The number of items that `processChunk` works on at once, at least 1.
  ///   - processChunk: Processes the handled entries of a chunk in bulk.
  /// - Returns: the handler, with the types of the differ.
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

/// The error of a key with several items where the handler takes one.
public struct SeveralItemsError: Error, Equatable, CustomStringConvertible {
  /// The key, as text.
  public var key: String
  /// The number of left items with that key.
  public var leftCount: Int
  /// The number of right items with that key.
  public var rightCount: Int

  /// Creates an error.
  public init(key: String, leftCount: Int, rightCount: Int) {
    self.key = key
    self.leftCount = leftCount
    self.rightCount = rightCount
  }

  public var description: String {
    "The key \(key) has \(leftCount.counted("item")) on the left and \(rightCount) on the right, but this "
      + "handler takes one each; choose a key that is unique, or handle whole entries."
  }
}
