internal import Syncer

/// Moments of a sync: since its start, or by the clock on the wall.
///
/// A time of day such as "01:00" is the first such time at or after `sync.startAt`.
extension ScenarioNode {
  static let day = 86_400.0

  /// Whether the value is written as a time of day.
  var isTimeOfDay: Bool {
    if case .string(let text) = value { text.contains(":") } else { false }
  }

  /// A time of day, in seconds since midnight.
  func timeOfDay() throws(ScenarioError) -> Double {
    let text = try text()
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.utf8.count == 2 && part.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(part) : nil
    }
    let isTime =
      numbers.count == parts.count && (2...3).contains(parts.count) && numbers[0] < 24
      && numbers[1] < 60 && numbers.last ?? 0 < 60
    if isTime {
      let seconds = parts.count == 3 ? numbers[2] : 0
      return Double(numbers[0] * 3600 + numbers[1] * 60 + seconds)
    }
    return try noted(
      error(
        "must be a time of day, but it is \"\(text)\"",
        "write hours and minutes of 24 hours, such as \"01:00\" or \"22:30:15\""), 0)
  }

  /// A moment in seconds since the start: a duration, or a time of day.
  func moment() throws(ScenarioError) -> Double {
    guard isTimeOfDay else { return try duration() }
    let time = try timeOfDay()
    guard let start = reading.startOfDay else {
      return try noted(
        error(
          "is a time of day, but nothing says when the sync starts",
          "add \"startAt\" to \"sync\", such as \"22:00\", or write a duration since the start"), 1)
    }
    return time >= start ? time - start : time - start + Self.day
  }
}
