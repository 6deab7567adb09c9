internal import Syncer

extension LoadSettings {
  /// How often the load may change in a run: every change costs time, and arrivals are kept.
  static let changeLimit = 10_000_000.0

  /// Refuses a load that changes so often that a run would take for ever.
  ///
  /// - Throws: `ScenarioError`.
  func checkChanges(within totalNanoseconds: Int64, of scenario: Scenario) throws(ScenarioError) {
    let slowest = windows.map(\.slowdown).reduce(arrivals?.slowdown ?? 1) {
      max(1, $0) * max(1, $1)
    }
    let seconds = Double(totalNanoseconds) / 1e9 * slowest
    for (index, window) in windows.enumerated() {
      guard let every = window.everySeconds, seconds / every > Self.changeLimit else { continue }
      throw Self.tooOften("load.windows[\(index)].every", scenario)
    }
    if let arrivals,
      seconds / (arrivals.meanGapSeconds + arrivals.durationSeconds) > Self.changeLimit
    {
      throw Self.tooOften("load.poisson.meanGap", scenario)
    }
  }

  private static func tooOften(_ keyPath: String, _ scenario: Scenario) -> ScenarioError {
    ScenarioError(
      file: "The scenario \(scenario.name)", keyPath: keyPath,
      rule: "makes the load change more than \(Int(changeLimit)) times in the run",
      remedy: "make the gap longer: slowness that short is part of the costs")
  }
}
