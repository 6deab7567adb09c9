/// A comparison of two resources by key, in memory.
///
/// Left and right items may have different types; only their keys are compared. Several items may
/// share a key.
public struct Differ<Key: Hashable & Sendable, Left: Sendable, Right: Sendable>: Sendable {
  /// The left resource.
  public var left: any SelectableResource<Left>
  /// The right resource.
  public var right: any SelectableResource<Right>
  /// The key of a left item.
  public var leftKey: @Sendable (Left) -> Key
  /// The key of a right item.
  public var rightKey: @Sendable (Right) -> Key

  /// Creates a differ of two resources and the keys of their items.
  public init(
    left: any SelectableResource<Left>, right: any SelectableResource<Right>,
    leftKey: @escaping @Sendable (Left) -> Key, rightKey: @escaping @Sendable (Right) -> Key
  ) {
    self.left = left
    self.right = right
    self.leftKey = leftKey
    self.rightKey = rightKey
  }

  /// Creates a differ of two resources whose items are their own keys.
  public init(left: any SelectableResource<Key>, right: any SelectableResource<Key>)
  where Left == Key, Right == Key {
    self.init(left: left, right: right, leftKey: { $0 }, rightKey: { $0 })
  }

  /// Selects both resources and sorts their keys into the three sets, in first-seen order.
  ///
  /// - Throws: what a resource's `select()` throws.
  @inlinable
  public func diff() async throws -> Differences<Key, Left, Right> {
    let leftItems = try await selection(of: left)
    let rightItems = try await selection(of: right)
    return Differences(
      left: leftItems, right: rightItems, leftKey: leftKey, rightKey: rightKey)
  }

  @inlinable
  func selection<Resource: SelectableResource>(
    of resource: Resource
  ) async throws -> [Resource.Item] {
    Array(try await resource.select())
  }
}
