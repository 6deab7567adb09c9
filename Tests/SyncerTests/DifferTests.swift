import Syncer
import Testing

/// An item that remembers where it stood.
private struct Tagged: Sendable, Equatable {
  var key: Int
  var place: Int
}

/// An entry, flattened for comparison.
private struct Flat: Equatable {
  var key: Int
  var left: [Tagged]
  var right: [Tagged]

  init(key: Int, left: [Tagged], right: [Tagged]) {
    self.key = key
    self.left = left
    self.right = right
  }

  init(_ entry: DiffEntry<Int, Tagged, Tagged>) {
    switch entry {
    case .leftExclusive(let key, let items): self.init(key: key, left: Array(items), right: [])
    case .rightExclusive(let key, let items): self.init(key: key, left: [], right: Array(items))
    case .intersection(let key, let left, let right):
      self.init(key: key, left: Array(left), right: Array(right))
    }
  }
}

/// All sequences of keys 0, 1 and 2 up to a length.
private func sequences(upTo length: Int) -> [[Int]] {
  var all: [[Int]] = [[]]
  var longest: [[Int]] = [[]]
  for _ in 0..<length {
    longest = longest.flatMap { sequence in (0..<3).map { sequence + [$0] } }
    all += longest
  }
  return all
}

private func tagged(_ keys: [Int]) -> [Tagged] {
  keys.enumerated().map { Tagged(key: $0.element, place: $0.offset) }
}

/// The difference by quadratic search, straight from its definition.
private func reference(_ left: [Tagged], _ right: [Tagged]) -> [Flat] {
  var flats: [Flat] = []
  for item in left + right where !flats.contains(where: { $0.key == item.key }) {
    flats.append(
      Flat(
        key: item.key, left: left.filter { $0.key == item.key },
        right: right.filter { $0.key == item.key }))
  }
  return flats
}

struct DifferTests {
  @Test("every pair of key sequences up to length 4 is sorted as a naive search sorts it")
  func exhaustive() {
    let all = sequences(upTo: 4)
    var wrong: [String] = []
    for leftKeys in all {
      for rightKeys in all {
        let (left, right) = (tagged(leftKeys), tagged(rightKeys))
        let sets = Differences(left: left, right: right, leftKey: \.key, rightKey: \.key)
        let naive = reference(left, right)
        let same =
          sets.map(Flat.init) == naive
          && sets.leftExclusive.map(Flat.init) == naive.filter(\.right.isEmpty)
          && sets.rightExclusive.map(Flat.init) == naive.filter(\.left.isEmpty)
          && sets.intersection.map(Flat.init)
            == naive.filter { !$0.left.isEmpty && !$0.right.isEmpty }
        if !same { wrong.append("left \(leftKeys), right \(rightKeys)") }
      }
    }
    #expect(wrong.isEmpty, "differs from the naive search: \(wrong.prefix(5))")
    #expect(all.count == 121)
  }

  @Test("keys keep the order in which they were first seen, left before right")
  func firstSeenOrder() async throws {
    let differ = Differ(
      left: ArrayResource(["d", "b", "d", "a"]), right: ArrayResource(["z", "a", "y", "z", "b"]))
    let sets = try await differ.diff()
    #expect(sets.map(\.key) == ["d", "b", "a", "z", "y"])
    #expect(sets.leftExclusive.map(\.key) == ["d"])
    #expect(sets.intersection.map(\.key) == ["b", "a"])
    #expect(sets.rightExclusive.map(\.key) == ["z", "y"])
  }

  @Test("sides of different types are compared by key alone, with all items of a key")
  func differentTypes() async throws {
    let differ = Differ(
      left: ArrayResource(["one", "two", "three", "six"]), right: ArrayResource([3, 5, 3]),
      leftKey: \.count, rightKey: { $0 })
    let sets = try await differ.diff()
    #expect(sets.count == 2)
    let first = try #require(sets.first)
    guard case .intersection(let key, let left, let right) = first else {
      Issue.record("the key 3 is on both sides, but the entry is \(first)")
      return
    }
    #expect(key == 3)
    #expect(Array(left) == ["one", "two", "six"])
    #expect(Array(right) == [3, 3])
    #expect(sets.intersection.map(\.key) == [3, 5])
  }

  @Test("empty sides give empty sets", arguments: [([], []), ([1, 2], []), ([], [1, 2])])
  func emptySides(left: [Int], right: [Int]) async throws {
    let sets = try await Differ(left: ArrayResource(left), right: ArrayResource(right)).diff()
    #expect(sets.leftExclusive.map(\.key) == left)
    #expect(sets.rightExclusive.map(\.key) == right)
    #expect(sets.intersection.isEmpty)
  }

  @Test("the entries of distinct keys are what comparing with nothing gives")
  func distinctKeys() {
    let items = tagged([4, 2, 9])
    let quick = Differences<Int, Tagged, Tagged>(distinctLeft: items, keys: items.map(\.key))
    let compared = Differences(left: items, right: [Tagged](), leftKey: \.key, rightKey: \.key)
    #expect(quick.map(Flat.init) == compared.map(Flat.init))
  }

  @Test("what a resource throws comes out of diff() as it is")
  func throwingSelect() async {
    let differ = Differ(left: ArrayResource([1]), right: BrokenResource())
    await #expect(throws: Fault(place: "select")) { try await differ.diff() }
  }
}
