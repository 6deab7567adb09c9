/// On which side of a difference a key is found.
public enum Membership: String, Sendable, CaseIterable {
  /// Only the left resource has the key.
  case leftExclusive = "left-exclusive"
  /// Only the right resource has the key.
  case rightExclusive = "right-exclusive"
  /// Both resources have the key.
  case intersection
}

/// One key of a difference, with all the items that have it.
///
/// The items are slices of the selections, so an entry costs no allocation. Their indices do not
/// start at zero: use `first`, or iterate.
public enum DiffEntry<Key: Sendable, Left: Sendable, Right: Sendable>: Sendable {
  /// A key of the left resource alone, with its items (at least one).
  case leftExclusive(Key, ArraySlice<Left>)
  /// A key of the right resource alone, with its items (at least one).
  case rightExclusive(Key, ArraySlice<Right>)
  /// A key of both resources, with the items of each (at least one each).
  case intersection(Key, ArraySlice<Left>, ArraySlice<Right>)

  /// The key the items share.
  @inlinable
  public var key: Key {
    switch self {
    case .leftExclusive(let key, _), .rightExclusive(let key, _), .intersection(let key, _, _):
      key
    }
  }

  /// On which side the key was found.
  @inlinable
  public var membership: Membership {
    switch self {
    case .leftExclusive: .leftExclusive
    case .rightExclusive: .rightExclusive
    case .intersection: .intersection
    }
  }

  /// The items of the left resource; empty where only the right one has the key.
  @inlinable
  public var leftItems: ArraySlice<Left> {
    switch self {
    case .leftExclusive(_, let items), .intersection(_, let items, _): items
    case .rightExclusive: []
    }
  }

  /// The items of the right resource; empty where only the left one has the key.
  @inlinable
  public var rightItems: ArraySlice<Right> {
    switch self {
    case .rightExclusive(_, let items), .intersection(_, _, let items): items
    case .leftExclusive: []
    }
  }

  /// The left item, the first where the key has several; nil where only the right one has the key.
  @inlinable public var left: Left? { leftItems.first }

  /// The right item, the first where the key has several; nil where only the left one has the key.
  @inlinable public var right: Right? { rightItems.first }
}
