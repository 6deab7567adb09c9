public import Syncer

/// What every item of a workload weighs in one unit.
public struct WeightColumn: Sendable, Equatable {
  /// What is weighed.
  public internal(set) var unit: WeightUnit
  /// The weight of every item.
  public internal(set) var weights: [Int]
}

extension Workload {
  /// What an item weighs.
  func weight(of item: Int, in unit: WeightUnit) -> Int {
    weights.first { $0.unit == unit }?.weights[item] ?? 0
  }

  /// What some items weigh together; limited to what fits.
  func weight(of items: some Sequence<Int>, in unit: WeightUnit) -> Int {
    guard let column = weights.first(where: { $0.unit == unit }) else { return 0 }
    return items.reduce(0) { sum, item in
      let (more, overflow) = sum.addingReportingOverflow(column.weights[item])
      return overflow ? .max : more
    }
  }

  /// Draws what the items weigh, from streams of their own: no other draw moves.
  mutating func weigh(_ phases: [WorkloadPhase], _ seeds: StreamSeeds) {
    var units: [WeightUnit] = []
    for weight in phases.flatMap(\.classes).flatMap(\.weights) where !units.contains(weight.unit) {
      units.append(weight.unit)
    }
    let indices = classes.enumerated().reduce(into: [:]) { $0[$1.element.name] = $1.offset }
    for unit in units {
      let streams = classes.map { WeightStream(seeds.stream("weight/\(unit)/\($0)")) }
      var column = [Int](repeating: 0, count: count)
      var end = 0
      for phase in phases {
        var draws = [PreparedDistribution?](repeating: nil, count: classes.count)
        for itemClass in phase.classes {
          guard let index = indices[itemClass.name],
            let weight = itemClass.weights.first(where: { $0.unit == unit })
          else { continue }
          draws[index] = PreparedDistribution(
            .lognormal(mean: weight.mean, cv: weight.variation))
        }
        for item in end..<end + phase.count {
          let index = Int(classOfItem[item])
          guard let draw = draws[index] else { continue }
          column[item] = clampedInt(
            draw.sample(streams[index].stream).rounded(), to: 0...1_000_000_000_000)
        }
        end += phase.count
      }
      weights.append(WeightColumn(unit: unit, weights: column))
    }
  }
}

/// A generator in a place of its own, so that there can be a list of them.
private final class WeightStream {
  let stream: RandomStream

  init(_ stream: consuming RandomStream) {
    self.stream = stream
  }
}
