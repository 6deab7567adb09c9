internal import Syncer

extension Scenario {
  /// What is allowed and hardly meant, each a sentence.
  ///
  /// - Parameter results: What came out; empty where it was not run.
  /// - Returns: the sentences.
  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  public func warnings(_ results: [RunResult] = []) throws(ScenarioError) -> [String] {
    files.notes + (try loadWarnings(results))
  }

  private func loadWarnings(_ results: [RunResult]) throws(ScenarioError) -> [String] {
    guard let trace = load.trace, let first = try LoadTraceRows(trace).times.first else {
      return []
    }
    let begin = Double(first) / 1e9
    let end = results.compactMap { $0.metrics[.makespan] }.max()
    // Without a run: a third of a century is no time since the start.
    guard begin > end ?? 1e9 else { return [] }
    let ended = end.map { ", and the sync ended after \(DurationText.text($0))" } ?? ""
    return [
      "\(trace.path): load.trace has its first row at \(DurationText.text(begin))\(ended): no row was "
        + "reached; write seconds since the start of the sync, not the time of day."
    ]
  }
}
