/// An item of a sync: an entry, and what a scheduler may know of it.
@usableFromInline
package struct BacklogItem: Sendable {
  /// The index of the entry in the differences.
  @usableFromInline let entry: Int
  /// The number of its class.
  @usableFromInline let classIndex: Int32
  /// In how many chunks it was asked about and made to wait.
  @usableFromInline var waits: Int32 = 0
  /// Its hint, 0 for none: a chunk keeps all of its items, so that they are kept small.
  @usableFromInline let hint: Double

  @inlinable
  init(entry: Int, classIndex: Int, hint: Double?) {
    self.entry = entry
    self.classIndex = Int32(truncatingIfNeeded: classIndex)
    self.hint = hint ?? 0
  }

  /// What a scheduler may know of it.
  @inlinable var profile: ItemProfile {
    @inline(__always) get {
      ItemProfile(classIndex: Int(classIndex), hint: hint > 0 ? hint : nil)
    }
  }
}

/// The entries of a sync that are still to be handled, in the order they are to be.
///
/// Items that were made to wait are handed out before all others, in their order, from the next
/// chunk on.
@usableFromInline
package struct Backlog: Sendable {
  /// How many entries the sync is to handle; of a stream, how many of those read so far.
  @usableFromInline package private(set) var count: Int
  /// How many there were before the limit.
  @usableFromInline private(set) var countBeforeLimit: Int
  /// The entries by rank, from `firstRank` on; nil where every entry has the rank of its own index.
  @usableFromInline private(set) var entries: [Int]?
  @usableFromInline private(set) var firstRank = 0
  private let limit: Int?
  /// Whether the entries come from a stream that may have more.
  private var isOpen = false
  /// Whether an item may wait while others overtake it.
  @usableFromInline let isOrderFree: Bool

  /// The classes of the items handed out.
  @usableFromInline var classes: CostClassTable
  /// The rank of the first entry that was never handed out.
  @usableFromInline var rank = 0
  /// The items handed out before those never handed out; those before `head` are taken.
  @usableFromInline var line: [BacklogItem] = []
  @usableFromInline var head = 0
  /// The items that wait for the next chunk.
  private var waiting: [BacklogItem] = []

  /// The most items that wait at once.
  package static let window = 10_000
  /// How often an item waits at most.
  package static let mostWaits = 32

  /// Ranks entries; `kept` are those that passed the filter, nil where all did, and `hint` is what
  /// some orders go by.
  @usableFromInline
  package init(
    entryCount: Int, kept: [Int]?, order: SyncOrder, limit: Int?,
    knownClasses: [CostClass] = [], hint: (Int) -> Double? = { _ in nil }
  ) {
    classes = CostClassTable(knownClasses)
    self.limit = limit
    countBeforeLimit = kept?.count ?? entryCount
    count = min(limit ?? countBeforeLimit, countBeforeLimit)
    isOrderFree = order.isFree
    if order.isArranged {
      var ranked = kept ?? Array(0..<entryCount)
      order.arrange(&ranked, hint: hint)
      entries = ranked
    } else {
      entries = kept
    }
  }

  /// Makes the backlog of a stream.
  @usableFromInline
  init(streamIn order: SyncOrder, limit: Int?, knownClasses: [CostClass]) {
    classes = CostClassTable(knownClasses)
    countBeforeLimit = 0
    count = 0
    self.limit = limit
    isOrderFree = order.isFree
    isOpen = true
  }

  /// The entry of a rank that was not handed out.
  @inlinable
  package subscript(rank: Int) -> Int { entries?[rank - firstRank] ?? rank }

  /// A count, or the limit where that is less.
  func limited(_ count: Int) -> Int { min(limit ?? count, count) }

  /// Whether a stream may have more, or it is not known whether anything is left beyond the limit.
  @usableFromInline var mayGrow: Bool {
    isOpen && countBeforeLimit <= limit ?? .max
  }

  /// Whether nothing is at hand that was never handed out, and something may come.
  @usableFromInline var isDry: Bool { rank == count && isOpen && count < limit ?? .max }

  /// Adds entries that were read, once those before are handed out; `positions` is their order.
  mutating func add(_ more: Int, _ positions: [Int]?) {
    if let positions {
      entries = positions.map { countBeforeLimit + $0 }
      firstRank = countBeforeLimit
    }
    countBeforeLimit += more
    count = limited(countBeforeLimit)
  }

  /// Notes that a stream has no more; where it is not whole, something is left all the same.
  mutating func end(isWhole: Bool) {
    if isWhole {
      isOpen = false
    } else if let limit, count == limit {
      countBeforeLimit = max(countBeforeLimit, limit + 1)
    }
  }

  /// How many items are left.
  @inlinable
  package var remainingCount: Int { count - rank + line.count - head + waitingCount }

  @usableFromInline var waitingCount: Int { waiting.count }

  /// Hands out the next of the items that were handed out before.
  @inlinable @inline(__always)
  mutating func nextInLine() -> BacklogItem? {
    guard head < line.count else { return nil }
    head += 1
    return line[head - 1]
  }

  /// Hands out the next entry that never was; there may be items in line before it.
  @inlinable @inline(__always)
  mutating func nextEntry() -> Int? {
    guard rank < count else { return nil }
    rank += 1
    return self[rank - 1]
  }

  /// An entry as an item, its class numbered.
  @inlinable @inline(__always)
  mutating func item(
    _ entry: Int, _ description: (costClass: CostClass, hint: Double?)
  ) -> BacklogItem {
    BacklogItem(
      entry: entry, classIndex: classes.index(of: description.costClass), hint: description.hint)
  }

  /// Takes back the item handed out last: it will be handed out again.
  @usableFromInline
  mutating func putBack(_ item: BacklogItem) {
    if head > 0 {
      head -= 1
      line[head] = item
    } else {
      line.insert(item, at: 0)
    }
  }

  /// Lets the item handed out last wait for the next chunk.
  ///
  /// - Returns: whether it waits; not where the order is strict, too many wait, or it has waited
  ///   often enough.
  @usableFromInline
  mutating func postpone(_ item: BacklogItem) -> Bool {
    guard item.waits < Backlog.mostWaits else { return false }
    var item = item
    item.waits += 1
    return setAside(item)
  }

  /// Sets the item handed out last aside, as there is too little time for it, while others may overtake it.
  ///
  /// - Returns: whether it waits; not where the order is strict, or too many wait.
  @usableFromInline
  mutating func setAside(_ item: BacklogItem) -> Bool {
    guard isOrderFree, waiting.count + line.count - head < Backlog.window else { return false }
    waiting.append(item)
    return true
  }

  /// Puts the items that wait in front, for the next chunk.
  @usableFromInline
  mutating func closeChunk() {
    if waiting.isEmpty && head < line.count { return }
    line.replaceSubrange(..<head, with: waiting)
    waiting.removeAll(keepingCapacity: true)
    head = 0
  }
}
