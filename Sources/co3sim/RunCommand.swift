import ArgumentParser
import Console
import Foundation
import SyncerReports
import SyncerSimulation

/// Runs scenarios, prints a table and writes CSV files.
struct Run: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run scenarios, print a table and write CSV reports (the default command).")

  @OptionGroup var input: ScenarioOptions
  @OptionGroup var print: PrintOptions
  @OptionGroup var statistics: StatisticsOptions

  @Option(
    help: ArgumentHelp(
      """
      The folder for the CSV files, instead of Reports/<scenario>; with several scenarios, each has \
      a folder in it. '-' prints the chunks as CSV and writes no file. Without this option, a \
      scenario from standard input writes no file either.
      """, valueName: "folder"))
  var output: String?

  @Flag(help: "Draw the chunk durations in the terminal, below the table.")
  var chart = false

  @Flag(help: "Draw charts beside the CSV files, by gnuplot: scripts to restyle, and SVG.")
  var plot = false

  func validate() throws {
    try ScenarioOptions.check(output: output)
    if output == "-", chart || plot {
      throw ValidationError("--output - prints the chunks alone: leave out --chart and --plot.")
    }
    if chart, print.format != .table {
      throw ValidationError(
        "--chart draws below the table: leave out --format \(print.format.rawValue), or the chart.")
    }
    if plot, output == nil, input.scenarios == ["-"] {
      throw ValidationError("--plot with a scenario from standard input needs --output FOLDER.")
    }
  }

  func work() async throws -> ExitCode {
    let scenarios = try input.load()
    let progress = Progress(print)
    var all: [RunResult] = []
    for scenario in scenarios {
      let report = try input.report(on: scenario, among: scenarios, output: output)
      do {
        let results = try await statistics.run(scenario, report: report, progress: progress)
        try finish(report, results, scenario)
        all += results
      } catch {
        report.discard()
        throw error
      }
    }
    if output != "-" && print.format != .table {
      printOut(data: print.format.text(all, statistics: try statistics.shownMetrics()))
    }
    return .success
  }

  private func finish(
    _ report: ReportWriter, _ results: [RunResult], _ scenario: Scenario
  ) throws {
    if output == "-" {
      printOut(data: try report.takeChunks())
      return
    }
    if plot { try charts(of: scenario, results, in: report) }
    let isKept = !report.folder.isEmpty
    let runs = chart ? try RunTimeline.read(report) : []
    if isKept { try report.commit() } else { report.discard() }
    guard print.format == .table else { return }
    printOut(scenario.heading + "\n\n" + print.format.text(results) + "\n")
    let replications = results.map(\.replication).max() ?? 1
    if replications > 1 {
      printOut("Each figure is the worst of \(replications) replications.\n\n")
    }
    try statistics.show(results, print.format)
    let collapses = results.compactMap { $0.collapseSentence(isOneOfSeveral: replications > 1) }
    for sentence in collapses { printOut(sentence + "\n") }
    for result in results {
      let sentences = [
        result.idleSentence, result.fleetSentence, result.faultSentence,
        result.unfinishedSentence, result.completionSentence,
      ]
      for sentence in sentences.compactMap({ $0 }) {
        printOut(sentence + "\n")
      }
    }
    if chart {
      let chart = TerminalChart(runs, width: Terminal.width, isColoured: Terminal.isColoured)
      printOut(raw: "\n" + chart.text + "\n")
    }
    if isKept, !print.quiet {
      printOut("Written to \(report.folder): \(ReportWriter.fileNames)\n\n")
    }
  }
}
