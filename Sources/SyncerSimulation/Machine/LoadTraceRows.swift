internal import Syncer

/// The rows of a recorded load.
struct LoadTraceRows {
  /// When the factor changes, in nanoseconds, later from row to row.
  private(set) var times: [Int64] = []
  /// What it is from then on, above zero.
  private(set) var factors: [Double] = []

  /// - Throws: `ScenarioError` for a file that cannot be read or is no recorded load.
  init(_ settings: LoadTraceSettings) throws(ScenarioError) {
    var text = try DelimitedText(settings.path, remedy: "correct load.trace.path")
    guard let time = text.index(of: "t_seconds"), let factor = text.index(of: "load_factor") else {
      throw text.error(
        "lacks the columns \"t_seconds\" and \"load_factor\"", "name them in line 1")
    }
    var fields: [Range<Int>] = []
    var before = -1.0
    while try text.next(&fields) {
      let recorded = try text.number(fields[time], "t_seconds")
      if recorded <= before {
        throw text.error("is not later than the line before", "sort the rows by time")
      }
      before = recorded
      let seconds = recorded * settings.timeScale
      if seconds > DurationText.limitSeconds {
        throw text.error(
          "is more than 100 years after the start at timeScale \(settings.timeScale)",
          "write seconds since the start, not the time of day in milliseconds")
      }
      let nanoseconds = Nanoseconds.rounding(seconds)
      if let last = times.last, nanoseconds <= last {
        throw text.error(
          "falls together with the line before at timeScale \(settings.timeScale)",
          "choose a larger timeScale")
      }
      let value = try text.number(fields[factor], "load_factor")
      if value <= 0 { throw text.error("has a load factor of zero", "write one above zero") }
      times.append(nanoseconds)
      factors.append(value)
    }
    if times.isEmpty { throw text.error("ends without any row", "add rows") }
  }
}
