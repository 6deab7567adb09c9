internal import Foundation
internal import Syncer

/// The parameters of a scheduler that are tuned, and between which values.
public struct TuningSpace: Sendable {
  /// A parameter and its range.
  public struct Axis: Sendable, Equatable {
    /// The parameter.
    public let parameter: SchedulerParameter
    /// From which value to which.
    public let range: ClosedRange<Double>

    /// Whether equal steps are equal factors: where the range spans two powers of ten or more.
    var isLogarithmic: Bool {
      range.lowerBound > 0 && range.upperBound / range.lowerBound >= 100
    }

    /// The value at a share of the range, as it is written: whole, or to four significant digits.
    func value(at share: Double) -> Double {
      let (low, high) = (range.lowerBound, range.upperBound)
      let share = min(max(share, 0), 1)
      let exact = isLogarithmic ? low * pow(high / low, share) : low + (high - low) * share
      return min(max(rounded(exact), low), high)
    }

    /// The share of the range at which a value lies.
    func share(of value: Double) -> Double {
      let (low, high) = (range.lowerBound, range.upperBound)
      let value = min(max(value, low), high)
      if low == high { return 0 }
      return isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }

    private func rounded(_ value: Double) -> Double {
      if parameter.unit == .whole { return value.rounded() }
      if value == 0 { return 0 }
      let digits = 3 - Int(floor(log10(abs(value))))
      let scale = pow(10, Double(abs(digits)))
      return digits >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
    }
  }

  /// The kind of scheduler.
  public let kind: SchedulerKind
  /// What is tuned, at least one parameter.
  public let axes: [Axis]

  /// Makes a space from its written form, such as `overrun=0.5...4,memory=5...50`.
  ///
  /// - Parameters:
  ///   - text: Parameters with their ranges; durations with their units.
  ///   - scheduler: The name of a kind of scheduler.
  /// - Throws: `ScenarioError` for a scheduler or a parameter that is not known, and for a range
  ///   that is none or leaves that of the parameter.
  public init(_ text: String, of scheduler: String) throws(ScenarioError) {
    let settings = try SchedulerSettings(named: scheduler)
    guard let kind = SchedulerKind.named(settings.kind), !kind.parameters.isEmpty else {
      throw ScenarioError(
        file: "--scheduler", rule: "names \"\(scheduler)\", which has no parameters",
        remedy: "choose one that 'co3sim schedulers' lists with parameters")
    }
    self.kind = kind
    var axes: [Axis] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let axis = try Self.axis(String(part), kind)
      if axes.contains(where: { $0.parameter.name == axis.parameter.name }) {
        throw Self.error("names \"\(axis.parameter.name)\" twice", "name every parameter once")
      }
      axes.append(axis)
    }
    self.axes = axes
  }

  private static func axis(_ text: String, _ kind: SchedulerKind) throws(ScenarioError) -> Axis {
    let words = text.split(separator: "=", maxSplits: 1).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let form = "write NAME=FROM...TO, as in \"smoothing=0.05...0.95\""
    guard words.count == 2 else { throw error("has \"\(text)\", which is no range", form) }
    let names = kind.parameters.map(\.name)
    guard let parameter = kind.parameters.first(where: { $0.name == words[0] }) else {
      let guess = nearestName(to: words[0], in: names).map { "did you mean \"\($0)\"? It has: " }
      throw error(
        "names \"\(words[0])\", which \(kind.name) does not have",
        (guess ?? "it has: ") + names.joined(separator: ", "))
    }
    guard let dots = words[1].firstRange(of: "...") else {
      throw error("has \"\(words[1])\" for \(parameter.name), which is no range", form)
    }
    let low = try number(String(words[1][..<dots.lowerBound]), parameter)
    let high = try number(String(words[1][dots.upperBound...]), parameter)
    guard low < high else {
      throw error(
        "gives \(parameter.name) the range \(words[1]), which is empty", "write the smaller first")
    }
    guard parameter.range.contains(low), parameter.range.contains(high) else {
      throw error(
        "gives \(parameter.name) the range \(words[1]), but it lies \(parameter.rangeText)",
        "stay inside")
    }
    return Axis(parameter: parameter, range: low...high)
  }

  private static func number(
    _ text: String, _ parameter: SchedulerParameter
  ) throws(ScenarioError) -> Double {
    if parameter.unit == .duration, case .success(let seconds) = DurationText.seconds(text) {
      return seconds
    }
    if parameter.unit != .duration, let number = Double(text), number.isFinite {
      if parameter.unit == .real || number == number.rounded() { return number }
    }
    let kind =
      switch parameter.unit {
      case .real: "a number"
      case .whole: "a whole number"
      case .duration: "a duration such as \"250ms\""
      }
    throw error("has \"\(text)\" for \(parameter.name), which is not \(kind)", "write one")
  }

  private static func error(_ rule: String, _ remedy: String) -> ScenarioError {
    ScenarioError(file: "--over", rule: rule, remedy: remedy)
  }

  /// The settings at a point of the space: for every parameter a share of its range.
  func settings(at point: [Double]) -> SchedulerSettings {
    var values: [String: Double] = [:]
    for (axis, share) in zip(axes, point) { values[axis.parameter.name] = axis.value(at: share) }
    return SchedulerSettings(kind.name, values, label: "\(kind.name)-tuned")
  }

  /// The point of the defaults, or the middle of a range without one.
  var start: [Double] {
    axes.map { axis in axis.parameter.standard.map(axis.share) ?? 0.5 }
  }
}
