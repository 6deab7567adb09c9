internal import Syncer
internal import SyncerSimulation

/// Metrics as people read them, where files have keys and seconds.
extension Metric {
  /// The name in words.
  var title: String {
    let words = rawValue.hasSuffix("_s") ? String(rawValue.dropLast(2)) : rawValue
    return words.replacing("_", with: " ")
  }

  /// Whether it is a share of a whole.
  private var isShare: Bool {
    rawValue.hasSuffix("_share") || self == .utilisation
  }

  /// A value, or half the width of its interval, with its unit.
  func words(_ value: Double) -> String {
    if isTime { return DurationText.text(value) }
    if isShare { return "\(DurationText.significant(value * 100)) %" }
    let isWhole = isCount && value == value.rounded() && abs(value) < 1e15
    return isWhole ? Self.grouped(Int(value)) : DurationText.significant(value)
  }

  /// A whole number, by thousands where it is long.
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    if digits.count < 5 { return "\(number)" }
    let groups = digits.enumerated().map { place, digit in
      (digits.count - place).isMultiple(of: 3) && place > 0 ? ",\(digit)" : "\(digit)"
    }
    return (number < 0 ? "-" : "") + groups.joined()
  }
}
