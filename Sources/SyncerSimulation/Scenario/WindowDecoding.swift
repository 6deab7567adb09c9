internal import Syncer

extension ScenarioNode {
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
