internal import Syncer

/// A range of the keys of a sync that one of its processes works off at a time.
struct KeyRange: Sendable, Equatable {
  /// The number of the range, from 1.
  let number: Int
  /// What is left of it, in the order it is worked off.
  var items: [Int]
  /// When whoever had it is gone, in nanoseconds.
  var freeAt: Int64 = 0
  /// How often in a row its process died before an item was processed.
  var fruitlessCrashes = 0
  /// Whether a process had it before.
  var wasBegun = false

  /// Divides keys in order into ranges that differ by one key at most.
  ///
  /// - Parameters:
  ///   - keys: The keys, in order.
  ///   - count: How many ranges are wanted, at least 1; there are no empty ones.
  /// - Returns: the keys of every range, in order.
  static func split(_ keys: [Int], into count: Int) -> [ArraySlice<Int>] {
    let count = min(count, keys.count)
    return (0..<count).map { place in
      keys[(keys.count * place / count)..<(keys.count * (place + 1) / count)]
    }
  }
}

extension Simulation {
  /// The ranges of the sync, with their items in the order of the scenario: one of all for one process.
  var ranges: [KeyRange] {
    let settings = scenario.sync
    if settings.workers == 1 { return [KeyRange(number: 1, items: expectedItems)] }
    return KeyRange.split(expectedItems.sorted(), into: settings.rangeCount).enumerated().map {
      KeyRange(number: $0 + 1, items: ordered(Array($1)))
    }
  }

  /// Some of the items, in the order in which a sync of them alone takes them.
  private func ordered(_ items: [Int]) -> [Int] {
    let backlog = Backlog(
      entryCount: workload.count, kept: items, order: order, limit: nil,
      hint: { [workload] in workload.hint($0) })
    return (0..<backlog.count).map { backlog[$0] }
  }
}
