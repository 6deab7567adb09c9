/// The items of a chunk that are handled at once: when the last of them is expected to end.
struct HandlingPlaces: Sendable {
  private struct Item: Sendable {
    let classIndex: Int
    let units: Double
    /// Seconds from the opening of the chunk to the item's beginning.
    let begun: Double
    /// What an item of the class takes per unit, by octave.
    let costs: CostHistogram
  }

  private var atWork: [Item] = []
  /// Items that have ended since the scheduler was asked last, and what each took.
  private var ended: [(classIndex: Int, seconds: Double)] = []

  /// Begins an item.
  mutating func begin(_ item: ItemProfile, at elapsed: Double, _ costs: CostHistogram) {
    atWork.append(
      Item(classIndex: item.classIndex, units: item.units, begun: elapsed, costs: costs))
  }

  /// Notes that an item of a class has ended.
  mutating func end(_ item: ItemProfile, seconds: Double) {
    ended.append((item.classIndex, seconds))
  }

  /// When all that is at work will have ended, in seconds since the chunk was opened.
  ///
  /// The scheduler is asked as soon as an item has ended: of those of its class it is the one that
  /// began that long ago.
  mutating func expectedEnd(at elapsed: Double) -> Double {
    for (classIndex, seconds) in ended {
      let begun = elapsed - seconds
      let candidates = atWork.indices.filter { atWork[$0].classIndex == classIndex }
      let nearest = candidates.min { abs(atWork[$0].begun - begun) < abs(atWork[$1].begun - begun) }
      if let nearest { atWork.remove(at: nearest) }
    }
    ended.removeAll(keepingCapacity: true)
    return atWork.reduce(elapsed) {
      max($0, $1.begun + Self.expected($1, after: elapsed - $1.begun))
    }
  }

  /// What an item takes that has not ended after so many seconds.
  private static func expected(_ item: Item, after seconds: Double) -> Double {
    var (weight, sum) = (0.0, 0.0)
    for octave in item.costs.octaves where octave.mean * item.units > seconds {
      weight += octave.weight
      sum += octave.weight * octave.mean * item.units
    }
    return weight > 0 ? sum / weight : seconds
  }
}
