import Testing

@testable import Syncer

/// A key whose hash says as little as the test wants.
private struct Colliding: Hashable, Sendable {
  var value: Int
  var hashes: Int

  static func == (left: Colliding, right: Colliding) -> Bool { left.value == right.value }

  func hash(into hasher: inout Hasher) { hasher.combine(value % hashes) }
}

@Suite("Grouping by key")
struct KeyGroupTests {
  /// The definition: a list of the keys seen, searched from its start.
  private static func expected(_ values: [Int]) -> (keys: [Int], groups: [Int]) {
    var keys: [Int] = []
    let groups = values.map { value in
      if let index = keys.firstIndex(of: value) { return index }
      keys.append(value)
      return keys.count - 1
    }
    return (keys, groups)
  }

  @Test(
    "keys are numbered in the order first seen, whatever their hashes",
    arguments: [1, 2, 7, 1_000_000], [0, 1, 2, 100, 3000])
  func keysAreNumberedInOrder(hashes: Int, count: Int) {
    var random = SplitMix64(seed: UInt64(hashes + count))
    let distinct = hashes < 1000 ? min(count, 200) : count
    let values = (0..<count).map { _ in random.next(below: max(1, distinct)) }
    let grouped = KeyGroups(count: count) { Colliding(value: values[$0], hashes: hashes) }
    let (keys, groups) = Self.expected(values)
    #expect(grouped.keys.map(\.value) == keys)
    #expect(grouped.groups == groups)
  }

  @Test("many buckets make the same groups as one list of keys seen")
  func manyBucketsAgree() {
    let count = 40_000
    var random = SplitMix64(seed: 1)
    let values = (0..<count).map { _ in random.next(below: count / 2) }
    let grouped = KeyGroups(count: count) { "key-\(values[$0])" }
    var numbers: [Int: Int] = [:]
    for (index, value) in values.enumerated() {
      let number = numbers[value, default: numbers.count]
      numbers[value] = number
      #expect(grouped.groups[index] == number, "item \(index)")
    }
    #expect(grouped.keys.count == numbers.count)
  }
}
