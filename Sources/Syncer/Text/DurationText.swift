/// The text form of durations: `250ms`, `5s`, `2m`, `1h`.
public enum DurationText {
  private static let units: [(name: String, seconds: Double)] = [
    ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("min", 60),
    ("h", 3600), ("d", 86_400),
  ]

  /// The longest duration that can be read, in seconds: 100 years.
  public static let limitSeconds = 3_155_760_000.0

  /// The reason a text is not a duration.
  public struct Problem: Error, Equatable {
    /// The rule that the text breaks, as the rest of a sentence about it.
    public var rule: String
  }

  /// Reads a duration, in seconds.
  public static func seconds(_ text: String) -> Result<Double, Problem> {
    let digits = text.prefix { !$0.isLetter || $0 == "e" || $0 == "E" }
    let unitName = String(text.dropFirst(digits.count))
    guard let number = Double(digits) else { return .failure(problem(digits)) }
    if unitName.isEmpty { return .failure(Problem(rule: "has no unit")) }
    guard let unit = units.first(where: { $0.name == unitName }) else {
      let known = units.map(\.name).joined(separator: ", ")
      return .failure(Problem(rule: "has the unknown unit \"\(unitName)\" (known: \(known))"))
    }
    let seconds = number * unit.seconds
    if !seconds.isFinite { return .failure(Problem(rule: "is not finite")) }
    if seconds < 0 { return .failure(Problem(rule: "is negative")) }
    if seconds > limitSeconds { return .failure(Problem(rule: "is longer than 100 years")) }
    return .success(seconds)
  }

  /// Why what stands before a unit is no number.
  private static func problem(_ digits: Substring) -> Problem {
    guard let first = digits.first, first.isNumber || "+-.".contains(first) else {
      return Problem(rule: "does not start with a number")
    }
    if digits.contains(where: \.isWhitespace) { return Problem(rule: "has a space in it") }
    if digits.contains(",") { return Problem(rule: "has a comma, where a decimal point is meant") }
    if digits.contains(":") { return Problem(rule: "is a time of the clock, not a duration") }
    return Problem(rule: "has \"\(digits)\" where a number is expected")
  }

  /// The text of a duration with three significant digits.
  public static func text(_ seconds: Double) -> String {
    if !seconds.isFinite { return "-" }
    if seconds == 0 { return "0 s" }
    let steps: [(below: Double, scale: Double, unit: String)] = [
      (1e-6, 1e9, "ns"), (1e-3, 1e6, "µs"), (1, 1e3, "ms"), (120, 1, "s"), (7200, 1 / 60, "min"),
      (172_800, 1 / 3600, "h"), (63_115_200, 1 / 86_400, "d"),
      (.infinity, 1 / 31_557_600, "years"),
    ]
    // What is a limit but for rounding is one: 2.00 min, and not 120 s.
    guard let step = steps.first(where: { abs(seconds) * (1 + 1e-6) < $0.below }) else {
      return "-"
    }
    return "\(significant(seconds * step.scale)) \(step.unit)"
  }

  /// A number with three significant digits, without an exponent below a million.
  public static func significant(_ value: Double) -> String {
    if !value.isFinite { return "-" }
    if value == 0 { return "0" }
    let magnitude = abs(value)
    let decimals = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3
    let scale = [1.0, 10, 100, 1000][decimals]
    let rounded = (value * scale).rounded()
    if magnitude >= 1e15 { return "\(value)" }
    let whole = Int(rounded.magnitude) / Int(scale)
    let sign = rounded < 0 ? "-" : ""
    if decimals == 0 { return "\(sign)\(whole)" }
    let fraction = "\(Int(rounded.magnitude) % Int(scale))"
    let padding = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(whole).\(padding)\(fraction)"
  }
}
