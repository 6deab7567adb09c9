/// Numbers the keys of two selections in the order they are first seen.
///
/// Keys are sorted into buckets by hash, small enough that a bucket's table stays in the processor's
/// nearest memory; one table of everything would wait for memory at every key. Nothing that depends
/// on the hash reaches the result: equal hashes are told apart by the keys, and numbers are given in
/// the order of the items.
@usableFromInline
struct KeyGroups<Key: Hashable> {
  /// The keys, each once, in the order first seen.
  @usableFromInline private(set) var keys: [Key] = []
  /// For every item, the left ones first, the position of its key in `keys`.
  @usableFromInline private(set) var groups: [Int]

  /// An item in a bucket: the lowest bits of its key's hash, then its number.
  ///
  /// 2^40 items of two words each do not fit into any memory there is.
  @usableFromInline typealias Entry = UInt64
  @usableFromInline static var numberBits: UInt64 { 40 }
  /// Items per bucket, about.
  @usableFromInline static var bucketSize: Int { 4096 }

  /// Numbers the keys of `count` items, asking for each key two or three times.
  @inlinable
  init(count: Int, key: (Int) -> Key) {
    groups = [Int](repeating: 0, count: count)
    let buckets = Buckets(count: count) { UInt64(truncatingIfNeeded: key($0).hashValue) }
    var table = [Int32](repeating: -1, count: 0)
    for bucket in 0..<buckets.count {
      findFirsts(buckets.entries[buckets.bounds[bucket]..<buckets.bounds[bucket + 1]], &table, key)
    }
    // Until here an item's group is the first item of its key; from here it is the key's number.
    for item in 0..<count {
      if groups[item] == item {
        groups[item] = keys.count
        keys.append(key(item))
      } else {
        groups[item] = groups[groups[item]]
      }
    }
  }

  /// Finds the first item of every key in a bucket, whose entries are in the order of the items.
  @inlinable
  mutating func findFirsts(
    _ entries: ArraySlice<Entry>, _ table: inout [Int32], _ key: (Int) -> Key
  ) {
    var capacity = 16
    while capacity < 2 * entries.count { capacity *= 2 }
    if table.count < capacity { table = [Int32](repeating: -1, count: capacity) }
    for slot in 0..<capacity { table[slot] = -1 }
    let numbers: UInt64 = (1 << Self.numberBits) - 1
    for position in entries.indices {
      let entry = entries[position]
      let item = Int(entry & numbers)
      var slot = Int(entry >> Self.numberBits) & (capacity - 1)
      while true {
        let offset = Int(table[slot])
        if offset < 0 {
          table[slot] = Int32(position - entries.startIndex)
          groups[item] = item
          break
        }
        let other = entries[entries.startIndex + offset]
        let first = Int(other & numbers)
        if (other ^ entry) & ~numbers == 0, key(first) == key(item) {
          groups[item] = first
          break
        }
        slot = (slot + 1) & (capacity - 1)
      }
    }
  }

  /// Items sorted by the highest bits of their hashes, those of a bucket in their own order.
  @usableFromInline
  struct Buckets {
    @usableFromInline let count: Int
    @usableFromInline private(set) var entries: [Entry]
    /// Where each bucket starts, and the end.
    @usableFromInline private(set) var bounds: [Int]

    @inlinable
    init(count itemCount: Int, hash: (Int) -> UInt64) {
      var bits: UInt64 = 0
      while itemCount >> bits > KeyGroups.bucketSize && bits < 16 { bits += 1 }
      count = 1 << bits
      var hashes = [UInt64](repeating: 0, count: itemCount)
      bounds = [Int](repeating: 0, count: count + 1)
      for item in 0..<itemCount {
        hashes[item] = hash(item)
        bounds[Int(truncatingIfNeeded: hashes[item] >> (64 - bits)) + 1] += 1
      }
      for bucket in 0..<count { bounds[bucket + 1] += bounds[bucket] }
      var next = bounds
      entries = [Entry](repeating: 0, count: itemCount)
      for item in 0..<itemCount {
        let bucket = Int(truncatingIfNeeded: hashes[item] >> (64 - bits))
        entries[next[bucket]] = hashes[item] << KeyGroups.numberBits | UInt64(item)
        next[bucket] += 1
      }
    }
  }
}
