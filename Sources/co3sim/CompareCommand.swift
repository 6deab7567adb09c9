import ArgumentParser
import Console
import SyncerReports
import SyncerSimulation

/// Puts schedulers on the same items, side by side.
struct Compare: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare schedulers on the same items, by how well chunks keep their target.",
    discussion:
      "Without --scheduler, all that 'co3sim schedulers' lists, with their default parameters.")

  @OptionGroup var input: ScenarioOptions
  @OptionGroup var print: PrintOptions
  @OptionGroup var statistics: StatisticsOptions

  @Flag(
    help:
      "Print one markdown table of all scenarios: waste over the optimum, and mean chunk over target."
  )
  var matrix = false

  func validate() throws {
    if matrix, print.format != .table, print.format != .markdown {
      throw ValidationError(
        "--matrix prints markdown: leave out --format \(print.format.rawValue).")
    }
    if matrix, !statistics.names.isEmpty {
      throw ValidationError("--matrix prints waste alone: leave out --metric.")
    }
  }

  func work() async throws -> ExitCode {
    let progress = Progress(print)
    var all: [RunResult] = []
    var comparisons: [Comparison] = []
    for var scenario in try input.load() {
      if input.changes.schedulers.isEmpty { scenario.addAllSchedulers() }
      let results = try await statistics.run(scenario, progress: progress)
      all += results
      if matrix {
        comparisons += [Comparison(results)].compactMap { $0 }
        continue
      }
      let comparison = Comparison(results)
      let advice = try await advice(comparison, scenario)
      switch (print.format, comparison) {
      case (.table, let comparison?):
        printOut("\(scenario.heading)\n\n\(comparison.text)\(advice)\n")
      case (.markdown, let comparison?): printOut(comparison.markdown + advice + "\n")
      case (.table, nil), (.markdown, nil): printOut(print.format.text(results) + "\n")
      case (.json, _), (.csv, _): continue
      }
      try statistics.show(results, print.format)
    }
    if matrix {
      printOut(Comparison.matrix(comparisons))
    } else if print.format == .json || print.format == .csv {
      printOut(data: print.format.text(all, statistics: try statistics.shownMetrics()))
    }
    return .success
  }
}

extension Compare {
  /// What chunk time is best for the winner under failures, as a line; empty without failures.
  private func advice(_ comparison: Comparison?, _ scenario: Scenario) async throws -> String {
    guard print.format == .table || print.format == .markdown,
      let winner = comparison?.ranking.first,
      let settings = scenario.schedulers.first(where: { $0.label == winner.scheduler }),
      let advice = try await ChunkTimeAdvice(scenario, settings)
    else { return "" }
    return advice.sentence + "\n"
  }
}

/// Holds scenarios against their bounds and baselines.
struct GateCommand: WorkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Check scenarios against their bounds and their accepted baselines.",
    discussion: "Without arguments, it checks Scenarios/*.json.")

  @Argument(help: "Scenario files.", completion: .file(extensions: ["json"]))
  var scenarios: [String] = []

  @Flag(help: "Record the metrics as the new baselines; broken bounds stay broken.")
  var accept = false

  @Flag(help: "Exit with 4 if metrics only got better, so that these are accepted too.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      """
      The folder of the baselines, instead of Reports/Baselines here or, for a scenario elsewhere, \
      the one beside its folder.
      """, valueName: "folder"))
  var baselines: String?

  func work() async throws -> ExitCode {
    let files = scenarios.isEmpty ? try Scenario.files(in: "Scenarios") : scenarios
    var code = ExitCode.success
    let loaded = try files.map { try Scenario(file: $0) }
    try Scenario.checkNames(loaded)
    var outcomes: [GateOutcome] = []
    for scenario in loaded {
      let gate = Gate(baselines: baselines ?? Gate.folder(for: scenario))
      var outcome = try await gate.check(scenario, program: CommandText.program)
      if accept {
        try gate.accept(outcome)
        outcome.isAccepted = outcome.broken.isEmpty
      }
      printOut(outcome.message)
      outcomes.append(outcome)
      let isWorse = accept ? !outcome.broken.isEmpty : !outcome.passes
      if isWorse { code = ExitCode(2) }
      if strict && !accept && outcome.isOnlyBetter && code == .success { code = ExitCode(4) }
    }
    if outcomes.count > 1 { printOut(GateTally(outcomes).text) }
    return code
  }
}
