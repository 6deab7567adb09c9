/// The items of a chunk that are handled at once: when the last of them may have ended.
struct HandlingPlaces: Sendable {
  /// A moment at which all may have ended, in seconds since the chunk was opened, and its chance.
  struct End: Sendable, Equatable {
    var seconds: Double
    var chance: Double
  }

  private struct Item: Sendable {
    let classIndex: Int
    let units: Double
    /// Seconds from the opening of the chunk to the item's beginning.
    let begun: Double
  }

  private let count: Int
  private var atWork: [Item] = []
  /// Items that have ended since the scheduler was asked last, and what each took.
  private var ended: [(classIndex: Int, seconds: Double)] = []

  /// Makes places for so many items at once.
  init(count: Int) {
    self.count = count
  }

  /// Begins an item.
  mutating func begin(_ item: ItemProfile, at elapsed: Double) {
    atWork.append(Item(classIndex: item.classIndex, units: item.units, begun: elapsed))
  }

  /// Notes that an item of a class has ended.
  mutating func end(_ item: ItemProfile, seconds: Double) {
    ended.append((item.classIndex, seconds))
  }

  /// When all that was begun before the target will have ended.
  ///
  /// What was begun past the target was begun beside those: no other stays open for it, or a chunk
  /// could go on for ever.
  ///
  /// - Parameters:
  ///   - elapsed: Seconds since the chunk was opened.
  ///   - target: The seconds it is meant to take.
  ///   - costs: What items of a class take per unit, by octave.
  /// - Returns: the moments it may be, earliest first, with chances that add up to 1.
  mutating func ends(
    at elapsed: Double, target: Double, _ costs: (Int) -> [[CostHistogram.Octave]]
  ) -> [End] {
    removeEnded(at: elapsed)
    return Self.latest(
      of: atWork.filter { $0.begun < target }.map {
        Self.ends(of: $0, at: elapsed, costs($0.classIndex))
      }, at: elapsed)
  }

  /// When the last of all that is at work may have ended, what was begun past the target included.
  mutating func lastEnd(
    at elapsed: Double, _ costs: (Int) -> [[CostHistogram.Octave]]
  ) -> Double {
    removeEnded(at: elapsed)
    return atWork.reduce(elapsed) { last, item in
      Self.ends(of: item, at: elapsed, costs(item.classIndex)).reduce(last) {
        max($0, $1.seconds)
      }
    }
  }

  /// The scheduler is asked as soon as an item has ended: of those of its class it is the one that
  /// began that long ago.
  private mutating func removeEnded(at elapsed: Double) {
    for (classIndex, seconds) in ended {
      let begun = elapsed - seconds
      let candidates = atWork.indices.filter { atWork[$0].classIndex == classIndex }
      let nearest = candidates.min { abs(atWork[$0].begun - begun) < abs(atWork[$1].begun - begun) }
      if let nearest { atWork.remove(at: nearest) }
    }
    ended.removeAll(keepingCapacity: true)
    // Of items that failed nobody is told. One place is free, or nobody would ask: of more items than
    // can be at work, those that began first are gone.
    atWork.removeFirst(max(0, atWork.count - (count - 1)))
  }

  /// When an item that has not ended may end: as those did that took longer than it has until now.
  private static func ends(
    of item: Item, at elapsed: Double, _ costs: [[CostHistogram.Octave]]
  ) -> [End] {
    let age = elapsed - item.begun
    var ends: [End] = []
    var weight = 0.0
    for octave in costs.joined() where octave.mean * item.units > age {
      ends.append(End(seconds: item.begun + octave.mean * item.units, chance: octave.weight))
      weight += octave.weight
    }
    for index in ends.indices { ends[index].chance /= weight }
    return ends.isEmpty ? [End(seconds: elapsed, chance: 1)] : ends
  }

  /// The latest of independent ends: the chance that all have ended is the product of theirs.
  private static func latest(of items: [[End]], at elapsed: Double) -> [End] {
    guard items.count > 1 else { return items.first ?? [End(seconds: elapsed, chance: 1)] }
    var moments: [(end: End, item: Int)] = []
    for (item, ends) in items.enumerated() { moments += ends.map { ($0, item) } }
    moments.sort { ($0.end.seconds, $0.item) < ($1.end.seconds, $1.item) }
    var ended = [Double](repeating: 0, count: items.count)
    var before = 0.0
    var latest: [End] = []
    for (end, item) in moments {
      ended[item] += end.chance
      let all = ended.reduce(1, *)
      guard all > before else { continue }
      if latest.last?.seconds == end.seconds { before -= latest.removeLast().chance }
      latest.append(End(seconds: end.seconds, chance: all - before))
      before = all
    }
    return latest
  }
}
