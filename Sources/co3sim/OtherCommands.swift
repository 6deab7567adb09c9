import ArgumentParser
import Console
import Syncer
import SyncerReports
import SyncerSimulation

/// Checks scenarios without running them.
struct Validate: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check scenario files, and the files they name, without running them.")

  @OptionGroup var input: ScenarioOptions

  func work() throws -> ExitCode {
    var failures = 0
    for path in input.scenarios {
      do {
        var single = input
        single.scenarios = [path]
        for scenario in try single.load() {
          if let missing = scenario.missingSchema { printError("co3sim: \(missing)\n") }
          let workload = try Workload(scenario)
          for warning in try scenario.warnings() { printError("co3sim: \(warning)\n") }
          printOut("\(path): fine, \(workload.count.counted("item")), \(scenario.heading)\n")
        }
      } catch let error as ScenarioError {
        printError(error)
        failures += 1
      }
    }
    return failures == 0 ? .success : ExitCode(1)
  }
}

/// Lists the metrics.
struct Metrics: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the metrics with their meaning and their better direction.")

  @Flag(help: "Print a markdown table, with formulas.")
  var markdown = false

  func run() {
    printOut(markdown ? MetricDefinition.markdown : MetricDefinition.text)
  }
}

/// Lists the schedulers and their parameters.
struct Schedulers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the schedulers and their parameters.")

  func run() {
    for kind in SchedulerKind.all {
      printOut("\(kind.name): \(kind.summary)\n")
      for parameter in kind.parameters { printOut("    \(parameter.description)\n") }
    }
  }
}

/// Draws the chunks of a scenario's schedulers.
struct Picture: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print an SVG picture of the chunks over virtual time, a panel per scheduler.",
    discussion:
      "It shows the first replication and needs no gnuplot. 'co3sim report' has more charts.")

  @Argument(
    help: "The scenario file, or '-' for standard input.", completion: .file(extensions: ["json"]))
  var scenario: String

  @Flag(help: "Use the colours for a dark page.")
  var dark = false

  func work() async throws -> ExitCode {
    let picture = try await TimelinePicture(try ScenarioOptions.read(scenario))
    printOut(raw: picture.svg(dark ? .dark : .light))
    return .success
  }
}

/// Prints the JSON Schema of scenarios.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of scenarios, for editors.")

  @Option(
    help: ArgumentHelp(
      "Print a table of keys as markdown instead: \(ScenarioSchema.tables.joined(separator: ", ")).",
      valueName: "name"))
  var table: String?

  func run() throws {
    guard let table else { return printOut(raw: ScenarioSchema.json) }
    guard let text = ScenarioSchema.markdown(table) else {
      throw ValidationError(
        "--table does not know \"\(table)\"; choose one of: "
          + ScenarioSchema.tables.joined(separator: ", ") + ".")
    }
    printOut(raw: text)
  }
}

/// Says what the columns of a report's tables mean.
struct Columns: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the columns of a report's table as markdown; those of summary are the metrics."
  )

  @Argument(help: "The table: \(ReportColumns.tables.joined(separator: ", ")).")
  var table: String

  func run() throws {
    guard let text = ReportColumns.markdown(table) else {
      throw ValidationError(
        "\(table) is no such table; choose one of: \(ReportColumns.tables.joined(separator: ", "))."
      )
    }
    printOut(raw: text)
  }
}
