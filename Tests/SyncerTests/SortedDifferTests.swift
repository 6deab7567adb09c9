import Testing

@testable import Syncer

/// An item that remembers where it stood.
private struct Tagged: Sendable, Equatable {
  var key: Int
  var place: Int
}

/// An entry, flattened for comparison.
private struct Flat: Equatable, Sendable {
  var key: Int
  var left: [Tagged]
  var right: [Tagged]

  init(_ entry: DiffEntry<Int, Tagged, Tagged>) {
    key = entry.key
    left = Array(entry.leftItems)
    right = Array(entry.rightItems)
  }
}

/// A key whose order looks at less than equality does.
private struct Folded: Hashable, Comparable, CustomStringConvertible {
  var text: String
  var description: String { text }
  static func < (first: Folded, second: Folded) -> Bool {
    first.text.lowercased() < second.text.lowercased()
  }
}

private func tagged(_ keys: [Int]) -> [Tagged] {
  keys.enumerated().map { Tagged(key: $0.element, place: $0.offset) }
}

/// A differ of two lists of keys that are sorted.
private func differ(
  _ left: [Int], _ right: [Int], uniqueKeys: Set<SyncSide> = []
) -> SortedDiffer<Int, Tagged, Tagged> {
  SortedDiffer(
    left: ListedStream(tagged(left)), right: ListedStream(tagged(right)), leftKey: \.key,
    rightKey: \.key, uniqueKeys: uniqueKeys)
}

/// Works off a differ; returns its entries in order, and what ended the sync early.
private func entries(
  _ differ: SortedDiffer<Int, Tagged, Tagged>
) async -> (entries: [Flat], error: (any Error)?) {
  let processed = Gathered<Flat>()
  let syncer = Syncer(
    differ: differ,
    handler: ClosureSyncHandler<Int, Tagged, Tagged, Flat>(
      handle: { Flat($0) }, processChunk: { processed.add($0.outputs) }))
  do {
    _ = try await syncer.chunkedSync(chunkCap: 1)
    return (processed.elements, nil)
  } catch {
    return (processed.elements, error.underlyingError)
  }
}

/// The entries by hash, sorted by key.
private func hashed(_ left: [Int], _ right: [Int]) -> [Flat] {
  Differences(left: tagged(left), right: tagged(right), leftKey: \.key, rightKey: \.key)
    .map(Flat.init).sorted { $0.key < $1.key }
}

struct SortedDifferTests {
  @Test("merging gives what hashing gives, for all sorted sides of keys 0 to 2 up to length 4")
  func exhaustive() async {
    var sides: [[Int]] = [[]]
    var longest: [[Int]] = [[]]
    for _ in 0..<4 {
      longest = longest.flatMap { side in ((side.last ?? 0)..<3).map { side + [$0] } }
      sides += longest
    }
    #expect(sides.count == 35)
    for left in sides {
      for right in sides {
        let merged = await entries(differ(left, right))
        #expect(merged.error == nil && merged.entries == hashed(left, right), "\(left), \(right)")
      }
    }
  }

  @Test("merging gives what hashing gives, on random sides with repeated keys")
  func randomSides() async {
    for seed in UInt64(0)..<200 {
      var generator = SplitMix64(seed: seed)
      func side() -> [Int] {
        let count = generator.next(below: 400)
        let span = 1 + generator.next(below: 500)
        return (0..<count).map { _ in generator.next(below: span) }.sorted()
      }
      let (left, right) = (side(), side())
      let merged = await entries(differ(left, right))
      #expect(merged.error == nil && merged.entries == hashed(left, right), "seed \(seed)")
    }
  }

  @Test("a key that comes before the one before it ends the sync, after what precedes it")
  func descending() async {
    for place in 0..<5 {
      for side in SyncSide.allCases {
        var keys = [10, 20, 30, 40, 50, 60]
        keys.swapAt(place, place + 1)
        let others = [5, 70]
        let merged = await entries(
          side == .left ? differ(keys, others) : differ(others, keys))
        let wanted = UnsortedKeys(
          .descending, side: side, first: "\(keys[place])", second: "\(keys[place + 1])")
        #expect(merged.error as? UnsortedKeys == wanted, "place \(place), \(side)")
        // The key ahead of the fault is not known to be whole.
        let whole = [5] + keys.prefix(place)
        #expect(merged.entries.map(\.key) == whole, "place \(place), \(side)")
      }
    }
  }

  @Test("a repeated key ends the sync where keys are said to be unique, and there alone")
  func repeated() async {
    let merged = await entries(differ([1, 1, 2], [2, 2, 3], uniqueKeys: [.left]))
    #expect(
      merged.error as? UnsortedKeys
        == UnsortedKeys(.repeated, side: .left, first: "1", second: "1"))
    let other = await entries(differ([1, 1, 2], [2, 2, 3], uniqueKeys: [.right]))
    #expect(
      other.error as? UnsortedKeys
        == UnsortedKeys(.repeated, side: .right, first: "2", second: "2"))
    #expect(other.entries.map(\.key) == [1])
  }

  @Test("keys that the order takes for one and equality does not end the sync")
  func unequal() async throws {
    let cases: [(left: [String], right: [String], side: SyncSide)] = [
      (["README", "readme"], [], .left), ([], ["README", "readme"], .right),
      (["README"], ["readme"], .right),
    ]
    for (left, right, side) in cases {
      let syncer = Syncer(
        differ: SortedDiffer(
          left: ListedStream(left.map { Folded(text: $0) }),
          right: ListedStream(right.map { Folded(text: $0) })),
        handler: ClosureSyncHandler<Folded, Folded, Folded, Void>(
          handle: { _ in }, processChunk: { _ in }))
      let failure = await #expect(throws: SyncFailure<Folded>.self) { try await syncer.sync() }
      let wanted = UnsortedKeys(.unequal, side: side, first: "README", second: "readme")
      #expect(failure?.underlyingError as? UnsortedKeys == wanted)
    }
  }

  @Test("an order that is given is the one that counts")
  func ownOrder() async throws {
    let syncer = Syncer(
      differ: SortedDiffer(
        left: ListedStream([3, 2, 1]), right: ListedStream([4, 2]), leftKey: { $0 },
        rightKey: { $0 }, by: { $0 > $1 }),
      handler: IntHandler(
        handle: { $0.key }, processChunk: { #expect($0.outputs == [4, 3, 2, 1]) }))
    #expect(try await syncer.sync().handledCount == 4)
  }

  @Test("an error names both keys, the side and the remedy")
  func sentences() {
    #expect(
      "\(UnsortedKeys(.descending, side: .left, first: "b", second: "a"))"
        == "The keys of a sorted differ must ascend, but on the left b is followed by a; sort that "
        + "side by the order that the differ was given.")
    for fault in [UnsortedKeys.Fault.repeated, .unequal] {
      let sentence = "\(UnsortedKeys(fault, side: .right, first: "k1", second: "k2"))"
      #expect(["k1", "k2", "right", "; "].allSatisfy { sentence.contains($0) }, "\(sentence)")
    }
  }
}
