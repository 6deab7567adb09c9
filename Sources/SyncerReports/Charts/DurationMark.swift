/// The marks of an axis of durations: round numbers of the unit that people count them in.
enum DurationMark {
  /// Round durations in seconds, from a nanosecond to 200 years, the shortest first.
  private static let round = marks(
    [1, 2, 5], sixties: [1, 2, 5, 10, 20, 30], hours: [1, 2, 4, 8, 12])
  /// Of those, whole units and tens of them.
  private static let tens = marks([1], sixties: [1, 10], hours: [1])

  private static func marks(_ decade: [Double], sixties: [Double], hours: [Double]) -> [Double] {
    let decades = [1, 10, 100].flatMap { power in decade.map { $0 * power } }
    var marks: [Double] = []
    for parts in [1e9, 1e6, 1e3] { marks += decades.map { $0 / parts } }
    marks += sixties + sixties.map { $0 * 60 } + hours.map { $0 * 3600 }
    marks += decades.map { $0 * 86_400 }
    return marks + decades.filter { $0 > 1 && $0 <= 200 }.map { $0 * 31_557_600 }
  }

  /// The finest marks within a range of which there are at most six.
  static func shown(in range: ClosedRange<Double>) -> [Double] {
    let inRange = [round, tens].map { $0.filter(range.contains) }
    if inRange[0].count <= 6 { return inRange[0] }
    let factors = [1, 20, 200, 20_000, 2e6]
    return factors.lazy.map { apart(inRange[1], $0) }.first { $0.count <= 6 } ?? []
  }

  /// Those of some marks in order that are at least a factor apart.
  private static func apart(_ marks: [Double], _ factor: Double) -> [Double] {
    marks.reduce(into: []) { kept, mark in
      if kept.last.map({ mark >= $0 * factor }) ?? true { kept.append(mark) }
    }
  }

  /// A duration as short as an axis wants it: without decimals where it is round.
  static func text(_ seconds: Double) -> String {
    let units: [(seconds: Double, name: String)] = [
      (31_557_600, "y"), (86_400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"),
      (1e-6, "µs"),
    ]
    // Division by a power of ten is exact where multiplication by 0.001 is not.
    let unit = units.first { seconds >= $0.seconds * 0.9995 } ?? (1e-9, "ns")
    let value = unit.seconds < 1 ? seconds * (1 / unit.seconds).rounded() : seconds / unit.seconds
    let isRound = abs(value - value.rounded()) < 0.005 * value
    return "\(ChartAxis.fixed(value, isRound || value >= 10 ? 0 : 1)) \(unit.name)"
  }
}
