/// The entries a sync has at hand: all there are, or those of a stream that were read and are still needed.
///
/// Entries are numbered from 0 in the order they were read, and keep their numbers.
@usableFromInline
struct EntryWindow<Key: Hashable & Sendable, Left: Sendable, Right: Sendable>: Sendable {
  @usableFromInline typealias Block = Differences<Key, Left, Right>

  /// The entries read last, of which some may not be handed out.
  @usableFromInline private(set) var latest: Block
  /// The number of the first of them.
  @usableFromInline private(set) var base = 0
  /// Those before, which are handed out.
  private var earlier: [(base: Int, block: Block)] = []

  /// A window with nothing in it.
  @usableFromInline
  init() {
    latest = Block(leftKeys: [])
  }

  @usableFromInline
  init(_ entries: Block) {
    latest = entries
  }

  /// Adds entries.
  mutating func append(_ block: Block) {
    if !latest.isEmpty { earlier.append((base, latest)) }
    base += latest.count
    latest = block
  }

  /// Drops entries before one that is needed, as far as they are not with others that are.
  mutating func drop(before needed: Int) {
    let count = earlier.prefix { $0.base + $0.block.count <= needed }.count
    earlier.removeFirst(count)
  }

  /// The block of an entry, and the position of the entry in it.
  @usableFromInline
  func find(_ entry: Int) -> (block: Block, position: Int) {
    if entry >= base { return (latest, entry - base) }
    var (first, last) = (0, earlier.count - 1)
    while first < last {
      let middle = (first + last + 1) / 2
      if earlier[middle].base <= entry { first = middle } else { last = middle - 1 }
    }
    return (earlier[first].block, entry - earlier[first].base)
  }

  /// The key of an entry.
  @usableFromInline
  func key(of entry: Int) -> Key {
    let (block, position) = find(entry)
    return block.keys[position]
  }
}
