/// The set of a difference that a key belongs to: left only, right only, or both.
public enum Membership: String, Sendable, CaseIterable {
  /// Only the left resource has the key.
  case leftExclusive = "left-exclusive"
  /// Only the right resource has the key.
  case rightExclusive = "right-exclusive"
  /// Both resources have the key.
  case intersection
}

/// A key of a difference with its items on both sides.
///
/// The items are slices of the selections, so an entry costs no allocation. Their indices do not
/// start at zero: use `first`, or iterate.
public enum DiffEntry<Key: Sendable, Left: Sendable, Right: Sendable>: Sendable {
  /// A key that only the left resource has, with its items, at least one.
  case leftExclusive(Key, ArraySlice<Left>)
  /// A key that only the right resource has, with its items, at least one.
  case rightExclusive(Key, ArraySlice<Right>)
  /// A key that both resources have, with the items of each, at least one.
  case intersection(Key, ArraySlice<Left>, ArraySlice<Right>)

  /// The key the items share.
  @inlinable
  public var key: Key {
    switch self {
    case .leftExclusive(let key, _), .rightExclusive(let key, _), .intersection(let key, _, _):
      key
    }
  }

  /// The set that the key belongs to.
  @inlinable
  public var membership: Membership {
    switch self {
    case .leftExclusive: .leftExclusive
    case .rightExclusive: .rightExclusive
    case .intersection: .intersection
    }
  }

  /// The items of the left resource; empty if only the right one has the key.
  @inlinable
  public var leftItems: ArraySlice<Left> {
    switch self {
    case .leftExclusive(_, let items), .intersection(_, let items, _): items
    case .rightExclusive: []
    }
  }

  /// The items of the right resource; empty if only the left one has the key.
  @inlinable
  public var rightItems: ArraySlice<Right> {
    switch self {
    case .rightExclusive(_, let items), .intersection(_, _, let items): items
    case .leftExclusive: []
    }
  }

  /// The first left item; nil if only the right resource has the key.
  @inlinable public var left: Left? { leftItems.first }

  /// The first right item; nil if only the left resource has the key.
  @inlinable public var right: Right? { rightItems.first }
}
