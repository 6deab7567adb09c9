internal import Syncer

/// Moments of a sync: since its start, or by the clock on the wall.
///
/// A time of day such as "01:00" is the first such time at or after `sync.startAt`.
extension ScenarioNode {
  private static let day = 86_400.0

  /// Whether the value is written as a time of day.
  private var isTimeOfDay: Bool {
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

  /// A window from one moment to another, none of which is before the start.
  ///
  /// A window by the clock that began before the start is there twice: what is left of it, and what
  /// comes again the day after.
  func windows() throws(ScenarioError) -> [LoadWindow] {
    let object = try object(.loadWindow)
    let (start, end) = (try object.required("from"), try object.required("to"))
    let from = try start.moment()
    var to = try end.moment()
    let slowdown = try object.required("slowdown").number(.positive)
    let every = try object.optional("every")?.positiveDuration()
    var windows: [LoadWindow] = []
    if end.isTimeOfDay && to <= from {
      if start.isTimeOfDay && to > 0 {
        windows.append(LoadWindow(fromSeconds: 0, toSeconds: to, slowdown: slowdown))
      }
      to += Self.day
    }
    if to <= from {
      throw end.error("must be later than \"from\"", "make the window longer than zero")
    }
    if let every, every < to - from {
      throw object.node("every").error(
        "must not be shorter than the window", "repeat it after its end at the earliest")
    }
    if windows.isEmpty || every != nil {
      windows.append(
        LoadWindow(fromSeconds: from, toSeconds: to, slowdown: slowdown, everySeconds: every))
    }
    return windows
  }
}
