import ArgumentParser
import Foundation
import SyncerSimulation

/// Runs scenarios, prints a table and writes CSV files.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run scenarios, print a table and write CSV reports (the default command).")

  @OptionGroup var input: ScenarioOptions
  @OptionGroup var print: PrintOptions

  @Option(
    help: ArgumentHelp(
      """
      The folder for the CSV files, instead of Reports/<scenario>; with several scenarios, a \
      folder of such folders. '-' prints the chunks as CSV and writes no file.
      """, valueName: "folder"))
  var output: String?

  func run() async throws {
    let command = self
    try await runToExit { try await command.work() }
  }

  private func work() async throws -> ExitCode {
    let scenarios = try input.load()
    let progress = Progress(print)
    var all: [RunResult] = []
    for scenario in scenarios {
      let folder = folder(of: scenario, among: scenarios.count)
      let report = try ReportWriter(folder: folder)
      do {
        let results = try await Experiment(scenario).run(report: report) { scheduler, replication in
          progress.show(
            "\(scenario.name): \(scheduler), \(replication) of \(scenario.replications)")
        }
        progress.clear()
        try finish(report, results, scenario)
        all += results
      } catch {
        progress.clear()
        report.discard()
        throw error
      }
    }
    if output != "-" && print.format != .table { printOut(print.format.text(all)) }
    return .success
  }

  private func finish(
    _ report: ReportWriter, _ results: [RunResult], _ scenario: Scenario
  ) throws {
    if output == "-" {
      printOut(try report.takeChunks())
      return
    }
    try report.commit()
    guard print.format == .table else { return }
    printOut(scenario.heading + "\n\n" + print.format.text(results) + "\n")
    for sentence in results.compactMap(\.collapseSentence) { printOut(sentence + "\n") }
    if !print.quiet { printOut("Written to \(report.folder): \(ReportWriter.fileNames)\n\n") }
  }

  private func folder(of scenario: Scenario, among count: Int) -> String {
    let temporary = FileManager.default.temporaryDirectory.path
    switch output {
    case "-": return "\(temporary)/co3sim-\(ProcessInfo.processInfo.processIdentifier)"
    case let folder?: return count == 1 ? folder : "\(folder)/\(scenario.name)"
    case nil: return "Reports/\(scenario.name)"
    }
  }
}
