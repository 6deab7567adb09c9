internal import Foundation
internal import Syncer
internal import SyncerSimulation

/// The range of an axis and the marks on it.
struct ChartAxis: Equatable {
  /// A mark: where, and what it says.
  struct Tic: Equatable {
    var value: Double
    var text: String
  }

  var lower: Double
  var upper: Double
  var tics: [Tic]

  /// An axis of logarithms around values above zero, with room at both ends.
  ///
  /// - Parameters:
  ///   - values: Those above zero count; without any, the axis is around 1.
  ///   - room: By which factors the axis goes below the least and above the most.
  ///   - text: What a mark says.
  /// - Returns: an axis with marks at powers of ten, or between them where there are few.
  static func logarithmic(
    _ values: some Sequence<Double>, room: (below: Double, above: Double) = (1.6, 2.2),
    _ text: (Double) -> String
  ) -> ChartAxis {
    var least = Double.infinity
    var most = 0.0
    for value in values where value > 0 && value.isFinite {
      least = min(least, value)
      most = max(most, value)
    }
    if most == 0 { (least, most) = (1, 1) }
    // Beyond nine decades the small end says nothing any more.
    least = max(least, most / 1e9)
    let (lower, upper) = (least / room.below, most * room.above)
    return ChartAxis(lower: lower, upper: upper, tics: tics(from: lower, to: upper, text))
  }

  private static func tics(
    from lower: Double, to upper: Double, _ text: (Double) -> String
  ) -> [Tic] {
    let (first, last) = (Int(floor(log10(lower))), Int(ceil(log10(upper))))
    let step = max(1, (last - first + 4) / 6)
    let factors: [Double] = last - first <= 2 ? [1, 2, 5] : [1]
    var tics: [Tic] = []
    for exponent in first...last where (exponent - first) % step == 0 {
      for factor in factors {
        // Division by a power of ten is exact where multiplication by 0.01 is not.
        let power = pow(10, Double(abs(exponent)))
        let value = exponent < 0 ? factor / power : factor * power
        if value >= lower, value <= upper { tics.append(Tic(value: value, text: text(value))) }
      }
    }
    return tics
  }

  /// An axis of logarithms around durations in seconds, with marks that are round in their units.
  static func durations(
    _ seconds: some Sequence<Double>, room: (below: Double, above: Double) = (1.6, 2.2)
  ) -> ChartAxis {
    var axis = logarithmic(seconds, room: room) { _ in "" }
    axis.tics = DurationMark.shown(in: axis.lower...axis.upper)
      .map { Tic(value: $0, text: DurationMark.text($0)) }
    return axis
  }

  /// An axis from one value to another, with marks at round numbers.
  static func linear(from lower: Double, to upper: Double, marks: Int = 5) -> ChartAxis {
    let width = upper > lower ? upper - lower : max(abs(upper), 1)
    let raw = width / Double(marks)
    let power = pow(10, floor(log10(raw)))
    let step = ([1, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10) * power
    let decimals = max(0, Int(-floor(log10(step) + 1e-9)))
    let first = Int(ceil(lower / step - 1e-9))
    let count = Int(floor((lower + width) / step + 1e-9)) - first
    let tics = (0...max(0, count)).map { index in
      let value = Double(first + index) * step
      return Tic(value: value, text: fixed(value, decimals))
    }
    return ChartAxis(lower: lower, upper: lower + width, tics: tics)
  }

  /// A number with a fixed number of decimals, without a locale.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(min(decimals, 12))f", value)
  }
}

/// The unit of an axis of virtual time.
struct TimeUnit: Equatable {
  var seconds: Double
  var name: String

  /// The largest unit of which there are at least two up to the end.
  init(endSeconds: Double) {
    let units: [(Double, String)] = [
      (86_400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"),
    ]
    let unit = units.first { endSeconds >= 2 * $0.0 } ?? (1e-3, "ms")
    (seconds, name) = unit
  }
}
