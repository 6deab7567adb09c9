import ArgumentParser
import Console
import Syncer
import SyncerSimulation

/// The command line of the simulator: parsing and printing, nothing else.
@main
struct Co3sim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "co3sim",
    abstract:
      "Simulates the Syncer library on virtual time, with the costs that scenarios describe.",
    discussion: """
      Exit codes: 0 done; 1 could not run, with a message that says what and where; 2 a bound is \
      broken, or a baseline got worse or is not there; 4 only better, under --strict; 64 wrong usage; 129, 130 or 143 stopped by a \
      signal.
      """,
    version: PackageVersion.text,
    subcommands: [
      Run.self, Compare.self, Advise.self, Report.self, SweepCommand.self, Merge.self, Tune.self,
      GateCommand.self, Fuzz.self, Validate.self, Schedulers.self, Metrics.self, Trace.self,
      Init.self,
      HeatMapCommand.self, Picture.self, Schema.self, Columns.self,
    ],
    defaultSubcommand: Run.self)
}

/// A command whose work ends the program with the status that scripts rely on.
protocol WorkingCommand: AsyncParsableCommand, Sendable {
  /// Does the work; returns the status.
  func work() async throws -> ExitCode
}

extension WorkingCommand {
  func run() async throws {
    await runToExit(grace: 0.5) { try await work() }
  }
}
