/// Reads the entries of a stream; what it keeps is behind the closure, which the caller's types are
/// compiled into.
@usableFromInline
struct EntryReader<Key: Hashable & Sendable, Left: Sendable, Right: Sendable> {
  /// Reads the entries of some keys into a block, those that take part; returns whether there are more.
  @usableFromInline
  typealias Read = (
    _ count: Int, _ takesPart: (DiffEntry<Key, Left, Right>) -> Bool,
    _ block: inout EntryBlock<Key, Left, Right>
  ) async throws -> Bool

  @usableFromInline let read: Read

  @usableFromInline
  init(_ read: @escaping Read) {
    self.read = read
  }
}

/// Where the entries of a sync come from.
@usableFromInline
enum EntrySource<Key: Hashable & Sendable, Left: Sendable, Right: Sendable>: Sendable {
  case known(Differences<Key, Left, Right>)
  case sorted(SortedDiffer<Key, Left, Right>)
}

/// A stream of entries in the course of being read.
@usableFromInline
struct EntryStream<Key: Hashable & Sendable, Left: Sendable, Right: Sendable> {
  @usableFromInline let reader: EntryReader<Key, Left, Right>
  /// What was read and not handed out.
  @usableFromInline var incoming = EntryBlock<Key, Left, Right>()
  /// How many keys are read at a time, if there is room.
  private var most = 1
  /// Whether nothing more is to be read.
  @usableFromInline var hasEnded = false
  /// What ended it early.
  @usableFromInline var failure: (any Error)?

  /// How many entries are shuffled with each other; 1 where they stay as they come.
  private let windowSize: Int
  private var generator: SplitMix64

  /// - Throws: `SyncArgumentError` where the order needs all entries, or the count is negative.
  @usableFromInline
  init(_ differ: SortedDiffer<Key, Left, Right>, _ order: SyncOrder) throws(SyncArgumentError) {
    if let count = differ.expectedCount, count < 0 { throw .expectedCountNegative(count) }
    switch order {
    case .listed, .roughlyListed: (windowSize, generator) = (1, SplitMix64(seed: 0))
    case .shuffledInWindows(let size, let seed):
      (windowSize, generator) = (size, SplitMix64(seed: seed))
    case .shuffled, .smallestFirst, .largestFirst, .mixed: throw .orderNeedsAllEntries(order)
    }
    reader = differ.makeReader()
  }

  /// How many keys are read before the loop looks at anything else: no more than its window holds.
  @usableFromInline var readCount: Int {
    windowSize > 1 ? min(most, windowSize - incoming.count) : most
  }

  /// Whether what was read can be handed out.
  var isReady: Bool {
    !incoming.isEmpty && (incoming.count >= windowSize || hasEnded)
  }

  /// Takes what was read.
  ///
  /// - Returns: the entries, and the order of their positions; nil where they stay as they came.
  mutating func take() -> (entries: Differences<Key, Left, Right>, positions: [Int]?) {
    incoming.drop()
    let entries = Differences(incoming)
    incoming = EntryBlock()
    guard windowSize > 1 else { return (entries, nil) }
    var positions = Array(0..<entries.count)
    SyncOrder.shuffle(&positions, in: windowSize, &generator)
    return (entries, positions)
  }

  /// Reads more at a time where that is quick, so that a slow source is handled item by item.
  @usableFromInline
  mutating func adapt(to time: Duration) {
    if time < .milliseconds(1) {
      most = min(2 * most, 1024)
    } else if time > .milliseconds(10) {
      most = max(1, most / 2)
    }
  }
}
