/// The keys of two selections: left only, right only, and both.
///
/// This is a random-access collection of entries in the order in which their keys were first seen:
/// those of the left selection in its order, then those that only the right one has, in its order.
/// The three sets are views of it.
public struct Differences<Key: Hashable & Sendable, Left: Sendable, Right: Sendable>: Sendable {
  @usableFromInline let keys: [Key]
  @usableFromInline let left: GroupedItems<Left>
  @usableFromInline let right: GroupedItems<Right>

  /// Compares two selections.
  ///
  /// The order of both survives. A key closure may be called more than once per item.
  ///
  /// - Complexity: O(*left* + *right*) expected.
  @inlinable
  public init(
    left leftItems: [Left], right rightItems: [Right], leftKey: (Left) -> Key,
    rightKey: (Right) -> Key
  ) {
    let leftCount = leftItems.count
    let grouped = KeyGroups(count: leftCount + rightItems.count) { item in
      item < leftCount ? leftKey(leftItems[item]) : rightKey(rightItems[item - leftCount])
    }
    keys = grouped.keys
    left = GroupedItems(
      leftItems, groups: grouped.groups[..<leftCount], groupCount: keys.count)
    right = GroupedItems(
      rightItems, groups: grouped.groups[leftCount...], groupCount: keys.count)
  }

  /// Creates the difference of distinct keys to an empty right side.
  ///
  /// Nothing is hashed. Use it for keys that are unique by construction, such as row numbers.
  public init(distinctLeft items: [Left], keys: [Key]) {
    precondition(
      items.count == keys.count,
      "There must be one key per item; there are \(items.count) items and \(keys.count) keys.")
    self.keys = keys
    self.left = GroupedItems(items)
    self.right = GroupedItems([])
  }

  /// Makes left-exclusive entries of keys alone, without items: for work that is known by its key.
  ///
  /// Every entry's slices share the empty array, whose reference count is never touched.
  package init(leftKeys keys: [Key]) {
    self.keys = keys
    self.left = GroupedItems([])
    self.right = GroupedItems([])
  }

  /// The entries of keys that only the left selection has.
  public var leftExclusive: [DiffEntry<Key, Left, Right>] {
    filter { $0.membership == .leftExclusive }
  }

  /// The entries of keys that only the right selection has.
  public var rightExclusive: [DiffEntry<Key, Left, Right>] {
    filter { $0.membership == .rightExclusive }
  }

  /// The entries of keys that both selections have.
  public var intersection: [DiffEntry<Key, Left, Right>] {
    filter { $0.membership == .intersection }
  }
}

extension Differences: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { keys.count }

  @inlinable
  public subscript(position: Int) -> DiffEntry<Key, Left, Right> {
    withEntry(at: position) { $0 }
  }

  /// On which side the key at a position was found.
  @inlinable @inline(__always)
  func membership(at position: Int) -> Membership {
    if right.isEmpty(position) { return .leftExclusive }
    return left.isEmpty(position) ? .rightExclusive : .intersection
  }

  /// Calls `body` with the entry at a position.
  ///
  /// Each case has a call of its own: where `body` is inlined it knows the case, and what it does
  /// not look at is never made.
  @inlinable @inline(__always)
  func withEntry<Result>(
    at position: Int, _ body: (DiffEntry<Key, Left, Right>) -> Result
  ) -> Result {
    switch membership(at: position) {
    case .leftExclusive: body(.leftExclusive(keys[position], left[position]))
    case .rightExclusive: body(.rightExclusive(keys[position], right[position]))
    case .intersection: body(.intersection(keys[position], left[position], right[position]))
    }
  }
}

extension Differences {
  /// The positions of the entries that pass a filter; nil where all do.
  @inlinable @inline(__always)
  func positions(_ filter: (DiffEntry<Key, Left, Right>) -> Bool) -> [Int]? {
    var kept: [Int]?
    for position in keys.indices {
      if withEntry(at: position, filter) {
        kept?.append(position)
      } else if kept == nil {
        kept = Array(0..<position)
      }
    }
    return kept
  }
}

/// Items grouped by the position of their key, each group one slice.
@usableFromInline
struct GroupedItems<Item: Sendable>: Sendable {
  @usableFromInline var items: [Item]
  /// Where each group starts, and the end; nil where every item is its own group.
  @usableFromInline var bounds: [Int]?

  /// Every item is a group of its own.
  init(_ items: [Item]) {
    self.items = items
    self.bounds = nil
  }

  /// Makes groups of items that are in order, of the places where each begins.
  init(_ items: [Item], bounds: [Int]) {
    self.items = items
    self.bounds = bounds
  }

  /// Groups the items stably: a counting sort by group.
  @inlinable
  init(_ items: [Item], groups: ArraySlice<Int>, groupCount: Int) {
    let first = groups.startIndex
    if groups.indices.allSatisfy({ groups[$0] == $0 - first }) {
      self.items = items
      self.bounds = nil
      return
    }
    var bounds = [Int](repeating: 0, count: groupCount + 1)
    for group in groups { bounds[group + 1] += 1 }
    for group in 0..<groupCount { bounds[group + 1] += bounds[group] }
    var source = [Int](repeating: 0, count: items.count)
    // While the items are placed, a group's bound is where its next one goes.
    for position in groups.indices {
      let group = groups[position]
      source[bounds[group]] = position - first
      bounds[group] += 1
    }
    for group in stride(from: groupCount, to: 0, by: -1) { bounds[group] = bounds[group - 1] }
    bounds[0] = 0
    self.items = source.map { items[$0] }
    self.bounds = bounds
  }

  @inlinable @inline(__always)
  func isEmpty(_ group: Int) -> Bool {
    if let bounds { return bounds[group] == bounds[group + 1] }
    return group >= items.count
  }

  @inlinable
  subscript(group: Int) -> ArraySlice<Item> {
    @inline(__always) get {
      if let bounds { return items[bounds[group]..<bounds[group + 1]] }
      return group < items.count ? items[group...group] : items[items.count...]
    }
  }
}
