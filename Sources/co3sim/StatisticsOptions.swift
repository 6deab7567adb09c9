internal import ArgumentParser
internal import Console
internal import SyncerReports
internal import SyncerSimulation

/// What commands that repeat scenarios accept about how sure the figures are.
struct StatisticsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Add replications until the 95 % confidence interval of every scheduler's mean is this \
      narrow: half its width over the mean, such as 2%.
      """, valueName: "share"))
  var precision: String?

  @Option(help: "The maximum number of replications for --precision.")
  var maxReplications = 1000

  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp(
      """
      Print mean, interval, median and worst value of this metric over replications, and apply \
      --precision to it: one that 'co3sim metrics' lists, or 'all'. Repeatable.
      """, valueName: "name"), completion: .list(Metric.allCases.map(\.rawValue) + ["all"]))
  var names: [String] = []

  func validate() throws {
    if let precision, case .failure(let error) = PrecisionGoal.share(precision) {
      throw ValidationError("--precision \(error).")
    }
    if !(2...1_000_000).contains(maxReplications) {
      throw ValidationError(
        "--max-replications must be from 2 to 1000000, but it is \(maxReplications).")
    }
  }

  /// The metrics asked for; none where none were named.
  ///
  /// - Throws: `ScenarioError` for a name that is no metric.
  func metrics() throws -> [Metric] {
    names.contains("all") ? Metric.allCases : try names.map { try Metric(named: $0) }
  }

  /// The metrics asked for, or those that `--precision` is about.
  func shownMetrics() throws -> [Metric] {
    let metrics = try metrics()
    return metrics.isEmpty ? try goal()?.metrics ?? [] : metrics
  }

  /// What `--precision` asks for; nil without it.
  func goal() throws -> PrecisionGoal? {
    let metrics = try metrics()
    guard let precision, case .success(let share) = PrecisionGoal.share(precision) else {
      return nil
    }
    return PrecisionGoal(
      precision: share, metrics: metrics.isEmpty ? PrecisionGoal.standardMetrics : metrics,
      maximum: maxReplications)
  }

  /// Runs a scenario: its own replications, or as many as the precision takes.
  func run(
    _ scenario: Scenario, report: ReportWriter? = nil, progress: Progress
  ) async throws -> [RunResult] {
    // Of a scenario without chance all replications are the same.
    let goal = scenario.isRandom ? try goal() : nil
    let done = RunProgress()
    let results = try await progress.watch(done) {
      guard let goal else {
        return try await Experiment(scenario).run(report: report, progress: done)
      }
      return try await Experiment(scenario).run(until: goal, report: report, progress: done)
    }
    for warning in try scenario.warnings(results) { printError("co3sim: \(warning)\n") }
    return results
  }

  /// Prints the tables of the metrics asked for, or that `--precision` is about, and what it took.
  func show(_ results: [RunResult], _ format: ResultFormat) throws {
    let goal = try goal()
    let metrics = try shownMetrics()
    if metrics.isEmpty { return }
    let statistics = MetricStatistics.all(results, metrics: metrics)
    printOut(MetricStatistics.text(statistics, isMarkdown: format == .markdown) + "\n")
    if let goal {
      let isRandom = results.contains(where: \.isRandom)
      printOut(
        (isRandom
          ? goal.verdict(results)
          : "Precision: nothing in this scenario is random, so that one replication says all.")
          + "\n\n")
    }
  }
}
