extension Gate {
  /// Runs a scenario and judges it.
  ///
  /// - Throws: what `Experiment.run` throws, and `ScenarioError` for a damaged baseline.
  public func check(_ scenario: Scenario) async throws -> GateOutcome {
    try check(try await Experiment(scenario).run(), of: scenario)
  }

  /// Judges the results of a scenario.
  ///
  /// - Throws: `ScenarioError` for a damaged baseline.
  public func check(_ results: [RunResult], of scenario: Scenario) throws -> GateOutcome {
    let file = "Scenarios/\(scenario.name).json"
    var outcome = try judge(
      try Baseline(results, of: scenario), bounds: scenario.gate,
      acceptedBy: "swift run co3sim gate --accept \(file)")
    let suspect = outcome.deviations.first { $0.verdict == .worse }?.scheduler
    let scheduler = suspect.map { " --scheduler '\($0)'" } ?? ""
    outcome.look = "swift run co3sim run \(file)\(scheduler) --output -"
    return outcome
  }
}
