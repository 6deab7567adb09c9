import ArgumentParser
import Console
import Foundation
import Syncer
import SyncerReports
import SyncerSimulation

/// Runs a grid of tunings.
struct SweepCommand: WorkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract:
      "Run a scenario with every combination of some values, and write a row of CSV for each.",
    discussion: """
      A key is named by its path in the scenario file: sync.chunkTime, \
      workload.phases[0].count, schedulers.deadline.overrun. Shards of one sweep may run \
      anywhere; 'co3sim merge' joins their files into the one that a single run writes, byte for \
      byte. With --output, a sweep that was interrupted goes on where it stopped.
      """)

  @Argument(help: "A scenario file.", completion: .file(extensions: ["json"]))
  var scenario: String

  @Option(
    name: .customLong("vary"),
    help: ArgumentHelp(
      "A key and the values it takes in turn. Repeatable.", valueName: "key=v1,v2"))
  var axes: [String]

  @OptionGroup var changes: ScenarioChanges

  @Option(
    help: ArgumentHelp("Run only shard i of n, instead of all cells.", valueName: "i/n"),
    transform: Shard.init(argument:))
  var shard = Shard(index: 1, count: 1)

  @Option(
    help: ArgumentHelp(
      "The CSV file, instead of standard output; it appears when all its cells have run.",
      valueName: "file"))
  var output: String?

  @OptionGroup var print: QuietOptions

  func validate() throws { try ScenarioOptions.check(output: output) }

  func work() async throws -> ExitCode {
    let grid = try Sweep(file: scenario, axes: axes.map { try SweepAxis($0) }) {
      try changes.applied(to: $0)
    }
    let cells = grid.cells(ofShard: shard.index, of: shard.count)
    let progress = Progress(print)
    let done = RunProgress()
    guard let output, output != "-" else {
      printOut(
        data: try await progress.watch(done) {
          try await SweepFile.text(of: grid, cells: cells, progress: done)
        })
      return .success
    }
    let file = SweepFile(path: output, of: grid, cells: cells)
    let before = try await progress.watch(done) { try await file.complete(progress: done) }
    if !print.quiet {
      let kept = before > 0 ? ", \(before) of them from before" : ""
      let all = grid.cellCount.counted("cell")
      printError("Written to \(output): \(cells.count) of \(all)\(kept)\n")
    }
    return .success
  }
}

/// Which of how many shards, written as `2/5`.
struct Shard: CustomStringConvertible {
  var index: Int
  var count: Int

  init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// Reads a shard.
  ///
  /// - Throws: `ValidationError` for a text that is none.
  init(argument: String) throws {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count >= 1,
      (1...count).contains(index)
    else {
      throw ValidationError("a shard is i/n with i from 1 to n, such as 2/3.")
    }
    self.init(index: index, count: count)
  }

  var description: String { "\(index)/\(count)" }
}

/// Joins the shards of a sweep.
struct Merge: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join the shards of a sweep into the table of a single run, byte for byte.")

  @Argument(help: "The files of all shards, in any order.", completion: .file(extensions: ["csv"]))
  var files: [String]

  @Option(
    help: ArgumentHelp("The CSV file, instead of standard output.", valueName: "file"))
  var output: String?

  func work() throws -> ExitCode {
    if let output, output != "-" {
      try SweepMerge.write(files, to: output)
    } else {
      printOut(data: String(decoding: try SweepMerge.merged(files), as: UTF8.self))
    }
    return .success
  }
}
