/// A handler with one method for the entries of both sides.
///
/// `entry.left` and `entry.right` are the items of a key that is unique:
///
/// ```swift
/// typealias Key = String
/// typealias Left = File
/// typealias Right = Row
///
/// func handle(_ entry: DiffEntry<Key, Left, Right>) async throws -> Change {
///   if let file = entry.left { .write(try await digest(file)) } else { .delete(entry.key) }
/// }
/// ```
public protocol EntrySyncHandler<Key>: SyncHandler {
  /// Handles an entry.
  func handle(_ entry: DiffEntry<Key, Left, Right>) async throws -> Output
}

extension EntrySyncHandler {
  @inlinable
  public func handleLeftExclusive(_ key: Key, _ items: ArraySlice<Left>) async throws -> Output {
    try await handle(.leftExclusive(key, items))
  }

  @inlinable
  public func handleRightExclusive(_ key: Key, _ items: ArraySlice<Right>) async throws -> Output {
    try await handle(.rightExclusive(key, items))
  }

  @inlinable
  public func handleIntersection(
    _ key: Key, _ left: ArraySlice<Left>, _ right: ArraySlice<Right>
  ) async throws -> Output {
    try await handle(.intersection(key, left, right))
  }
}
