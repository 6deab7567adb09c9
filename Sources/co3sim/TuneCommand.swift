import ArgumentParser
import Console
import SyncerReports
import SyncerSimulation

/// Finds parameters of a scheduler.
struct Tune: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find parameters of a scheduler, and test them on unseen replications.",
    discussion: """
      Trains on replications 1 to --replications of the scenarios and reports on later ones. Scenarios \
      count equally: by the objective relative to that of the scheduler's defaults.
      """)

  @Argument(help: "Scenario files to train on.", completion: .file(extensions: ["json"]))
  var scenarios: [String]

  @Option(
    help: ArgumentHelp("The scheduler to tune.", valueName: "name"),
    completion: .list(SchedulerKind.all.map(\.name)))
  var scheduler = "deadline"

  @Option(
    help: ArgumentHelp(
      "Parameters and their ranges: overrun=0.5...4,memory=5...50.", valueName: "ranges"))
  var over: String

  @Option(
    help: ArgumentHelp(
      """
      The metrics to minimise, joined by +, each with an optional weight: \
      waste+0.1*makespan_vs_oracle.
      """, valueName: "sum"))
  var objective = "waste"

  @Option(
    help: ArgumentHelp(
      "The least gain for which a tuning is called better, such as 2%.",
      valueName: "share"))
  var relevance = "1%"

  @Option(
    name: .customLong("report-on"),
    help: ArgumentHelp(
      "Report on this scenario instead of the training scenarios. Repeatable.", valueName: "file"))
  var heldOut: [String] = []

  @Option(
    parsing: .unconditional, help: "The seed, instead of the scenarios'.",
    transform: SeedOption.seed)
  var seed: UInt64?

  @Option(help: "The number of replications to train on.")
  var replications = 5

  @Option(help: "The number of later replications to report on.")
  var heldOutReplications = 20

  @Option(help: "The maximum number of tunings to try.")
  var evaluations = 150

  @OptionGroup var print: PrintOptions

  func validate() throws {
    if case .failure(let error) = PrecisionGoal.share(relevance) {
      throw ValidationError("--relevance \(error).")
    }
    let counts = [
      ("--replications", replications, 1), ("--held-out-replications", heldOutReplications, 2),
      ("--evaluations", evaluations, 1),
    ]
    for (name, count, least) in counts where !(least...1_000_000).contains(count) {
      throw ValidationError("\(name) must be from \(least) to 1000000, but it is \(count).")
    }
  }

  func work() async throws -> ExitCode {
    var tuner = Tuner(
      try TuningSpace(over, of: scheduler), objective: try TuningObjective(objective),
      training: try load(scenarios), heldOut: try load(heldOut))
    tuner.trainingReplications = replications
    tuner.heldOutReplications = heldOutReplications
    tuner.evaluations = evaluations
    if case .success(let share) = PrecisionGoal.share(relevance) { tuner.relevance = share }
    let progress = Progress(print)
    let most = evaluations
    let outcome: TuningOutcome
    do {
      outcome = try await tuner.run { progress.show("tuning \($0) of at most \(most)") }
      progress.clear()
    } catch {
      progress.clear()
      throw error
    }
    switch print.format {
    case .json: printOut(data: outcome.json)
    case .csv: printOut(data: outcome.csv)
    case .table: printOut("\(outcome.text)\n\(code(outcome))")
    case .markdown:
      let code =
        "\n```json\n\(outcome.scenarioJSON)\n```\n\n```swift\n\(outcome.swiftCode)\n```\n"
      printOut(outcome.markdown + (outcome.isBetter ? code : ""))
    }
    return .success
  }

  /// The tuning to copy, where it is worth it.
  private func code(_ outcome: TuningOutcome) -> String {
    if !outcome.isBetter { return "" }
    return """
      In a scenario, under "schedulers":
          \(outcome.scenarioJSON)
      In Swift:
          \(outcome.swiftCode)

      """
  }

  private func load(_ files: [String]) throws -> [Scenario] {
    try files.filter { !$0.hasSuffix(".schema.json") }.map { file in
      var scenario = try Scenario(file: file)
      scenario.seed = seed ?? scenario.seed
      return scenario
    }
  }
}
