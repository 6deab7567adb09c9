import ArgumentParser
import Console
import SyncerReports
import SyncerSimulation

/// What has to do with traces.
struct Trace: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the items of a scenario as a trace.", subcommands: [Export.self])

  /// Writes the items of a scenario.
  struct Export: WorkingCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the drawn items of a scenario as CSV: class,handle_s,process_s[,hint].",
      discussion: """
        The format is that of 'co3index sync --record', which a scenario reads as workload.trace. \
        With the same seed, overhead, load, workers, faults and order, a replay makes the same chunks.
        """)

    @Argument(
      help: "The scenario file, or '-' for standard input.",
      completion: .file(extensions: ["json"]))
    var scenario: String

    @Option(
      parsing: .unconditional, help: "The seed, instead of the scenario's.",
      transform: SeedOption.seed)
    var seed: UInt64?

    @Option(help: "Which replication, from 1.")
    var replication = 1

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "The file to write, and FILE.json to say what it is; '-' for standard output.",
        valueName: "file"))
    var output = "-"

    func validate() throws {
      if replication < 1 {
        throw ValidationError("--replication counts from 1, but it is \(replication).")
      }
      if output.hasSuffix(".gz") {
        throw ValidationError(
          "\(output) would be no gzip file, as what is written is plain text: leave out .gz, and run "
            + "gzip on it if need be.")
      }
    }

    func work() throws -> ExitCode {
      var scenario = try ScenarioOptions.read(scenario)
      scenario.seed = seed ?? scenario.seed
      let export = try TraceExport(scenario, replication: replication)
      if output == "-" {
        try export.write { printOut(data: String(decoding: $0, as: UTF8.self)) }
      } else {
        try export.write(file: output)
      }
      return .success
    }
  }
}
