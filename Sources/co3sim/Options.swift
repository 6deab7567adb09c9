public import ArgumentParser
internal import Foundation
public import SyncerReports
import SyncerSimulation

/// What every command that runs scenarios accepts.
struct ScenarioOptions: ParsableArguments {
  @Argument(
    help: "Scenario files, or '-' for one from standard input.",
    completion: .file(extensions: ["json"]))
  var scenarios: [String] = []

  @OptionGroup var changes: ScenarioChanges

  func validate() throws {
    if scenarios.isEmpty {
      throw ValidationError(
        "Name a scenario file; 'co3sim init' writes one to start from, and 'co3sim --help' lists the "
          + "other commands.")
    }
    for path in scenarios { try Self.checkIsNoCommand(path) }
    if scenarios.allSatisfy({ $0.hasSuffix(".schema.json") }) {
      throw ValidationError(
        "\(scenarios[0]) is a JSON Schema and no scenario; name a scenario file.")
    }
    if scenarios.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("'-' can be given once: there is one standard input.")
    }
  }

  /// Reads all scenarios before any runs, so that a mistake in the last costs no time.
  ///
  /// A JSON Schema among others is skipped: the shell finds it under Scenarios/*.json.
  ///
  /// - Throws: `ScenarioError` for what is no scenario, and for two of one name: their reports and
  ///   baselines would stand in the same place.
  func load() throws -> [Scenario] {
    let loaded = try scenarios.filter { !$0.hasSuffix(".schema.json") }
      .map { try changes.applied(to: Self.read($0)) }
    try Scenario.checkNames(loaded)
    return loaded
  }

  /// The report on a scenario: in the folder that `--output` says, under Reports, or for standard
  /// output alone.
  func report(
    on scenario: Scenario, among scenarios: [Scenario], output: String?
  ) throws -> ReportWriter {
    if output == "-" || (output == nil && self.scenarios == ["-"]) { return try ReportWriter() }
    let folder = output.map { scenarios.count == 1 ? $0 : "\($0)/\(scenario.name)" }
    return try ReportWriter(
      folder: folder ?? "Reports/\(scenario.name)", inputs: scenarios.flatMap(\.files.paths))
  }

  /// Reads one scenario, from standard input where its path is '-'.
  static func read(_ path: String) throws -> Scenario {
    guard path == "-" else { return try Scenario(file: path) }
    let bytes = try FileHandle.standardInput.readToEnd() ?? Data()
    return try Scenario(json: [UInt8](bytes), file: "standard input")
  }

  /// Refuses what is rather a command that was misspelt than a file.
  private static func checkIsNoCommand(_ path: String) throws {
    guard !path.contains("."), !path.contains("/"), !FileManager.default.fileExists(atPath: path)
    else { return }
    let names = Co3sim.configuration.subcommands.map { $0._commandName }
    if let meant = nearestName(to: path, in: names) {
      throw ValidationError(
        "\(path) is neither a command nor a file; did you mean '\(meant)'?")
    }
  }

  /// Refuses an output without a name.
  static func check(output: String?) throws {
    if let output, output.allSatisfy(\.isWhitespace) {
      throw ValidationError("--output must be a name, but it is blank.")
    }
  }
}

/// What a command line says instead of a scenario.
struct ScenarioChanges: ParsableArguments {
  @Option(
    name: .customLong("scheduler"),
    help: ArgumentHelp(
      "Run this scheduler instead of the scenario's: a name or a label of the scenario. Repeatable.",
      valueName: "name"), completion: .list(SchedulerKind.all.map(\.name)))
  var schedulers: [String] = []

  @Option(
    parsing: .unconditional, help: "The seed, instead of the scenario's.",
    transform: SeedOption.seed)
  var seed: UInt64?

  @Option(help: "The number of replications, instead of the scenario's.")
  var replications: Int?

  func validate() throws { try Self.check(replications: replications) }

  /// The scenario with them.
  func applied(to scenario: Scenario) throws -> Scenario {
    try Self.adjusted(scenario, seed: seed, replications: replications, schedulers: schedulers)
  }

  /// Refuses a number of replications that makes no sense.
  static func check(replications: Int?) throws {
    if let replications, !(1...1_000_000).contains(replications) {
      throw ValidationError(
        "--replications must be from 1 to 1000000, but it is \(replications).")
    }
  }

  /// A scenario with what the command line says instead of it.
  static func adjusted(
    _ original: Scenario, seed: UInt64?, replications: Int?, schedulers: [String]
  ) throws -> Scenario {
    var scenario = original
    scenario.seed = seed ?? scenario.seed
    scenario.replications = replications ?? scenario.replications
    if !schedulers.isEmpty {
      scenario.schedulers = try schedulers.map { name in
        try original.schedulers.first { $0.label == name } ?? SchedulerSettings(named: name)
      }
    }
    return scenario
  }
}

/// A seed on a command line.
enum SeedOption {
  /// Its value.
  ///
  /// - Throws: `ValidationError` for a text that is no seed.
  static func seed(_ text: String) throws -> UInt64 {
    guard let seed = UInt64(text) else {
      throw ValidationError("a seed is a whole number from 0 to \(UInt64.max).")
    }
    return seed
  }
}

/// What every command that prints results accepts.
struct PrintOptions: ParsableArguments {
  @Option(help: "The format of the results: table, json, csv or markdown.")
  var format: ResultFormat = .table

  @OptionGroup var quietness: QuietOptions

  var quiet: Bool { quietness.quiet }
}

/// What every command that takes its time accepts.
struct QuietOptions: ParsableArguments {
  @Flag(help: "Print only results and errors.")
  var quiet = false

  @Flag(help: "Print no progress, even on a terminal.")
  var noProgress = false
}

extension ResultFormat: ExpressibleByArgument {}
