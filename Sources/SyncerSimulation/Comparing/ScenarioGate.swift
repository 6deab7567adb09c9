internal import Foundation
internal import SafeOutput

extension Gate {
  /// Where the baselines of a scenario are, unless told otherwise.
  ///
  /// `Reports/Baselines` of the current folder for a scenario in it or in its `Scenarios`, and where
  /// there is a baseline of the name; for one elsewhere the same beside its folder, or `Baselines`
  /// beside its file.
  public static func folder(for scenario: Scenario) -> String {
    let files = FileManager.default
    guard let file = scenario.files.paths.first else { return standardFolder }
    let folder = FilePath.namedFolder(of: file)
    let own = FilePath.joined(standardFolder, "\(scenario.name).json")
    if ["", ".", "Scenarios", "./Scenarios"].contains(folder) || files.fileExists(atPath: own) {
      return standardFolder
    }
    let beside = FilePath.joined(FilePath.folder(of: folder), standardFolder)
    return files.fileExists(atPath: beside) ? beside : FilePath.joined(folder, "Baselines")
  }

  /// Runs a scenario and judges it.
  ///
  /// - Parameters:
  ///   - scenario: The scenario.
  ///   - program: How co3sim is called, for what the verdict says to do.
  /// - Returns: the verdict.
  /// - Throws: what `Experiment.run` throws, and `ScenarioError` for a damaged baseline.
  public func check(
    _ scenario: Scenario, program: String = "swift run co3sim"
  ) async throws -> GateOutcome {
    try check(try await Experiment(scenario).run(), of: scenario, program: program)
  }

  /// Judges the results of a scenario.
  ///
  /// - Throws: `ScenarioError` for a damaged baseline.
  public func check(
    _ results: [RunResult], of scenario: Scenario, program: String = "swift run co3sim"
  ) throws -> GateOutcome {
    let file = (scenario.files.paths.first ?? "Scenarios/\(scenario.name).json").shellQuoted
    let place = folder == Self.standardFolder ? "" : "--baselines \(folder.shellQuoted) "
    var outcome = try judge(
      try Baseline(results, of: scenario), bounds: scenario.gate,
      acceptedBy: "\(program) gate --accept \(place)\(file)")
    let suspect = outcome.deviations.first { $0.verdict == .worse }?.scheduler
    let scheduler = suspect.map { " --scheduler \($0.shellQuoted)" } ?? ""
    outcome.look = "\(program) run \(file)\(scheduler) --output -"
    return outcome
  }
}
