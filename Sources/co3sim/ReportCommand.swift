import ArgumentParser
import Console
import Foundation
import SafeOutput
import SyncerReports
import SyncerSimulation

/// Runs scenarios and makes a page of it.
struct Report: WorkingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run scenarios and make one self-contained HTML page with charts and figures.",
    discussion: """
      The page needs no network and no other file. The CSV files and the gnuplot scripts of the charts \
      are written beside it. Without gnuplot the page has no charts.
      """)

  @OptionGroup var input: ScenarioOptions
  @OptionGroup var print: QuietOptions
  @OptionGroup var statistics: StatisticsOptions

  @Option(
    help: ArgumentHelp(
      """
      The folder for report.html and the CSV files, instead of Reports/<scenario>; with several \
      scenarios the page is in the folder, instead of Reports, and each has a folder in it.
      """, valueName: "folder"))
  var output: String?

  func validate() throws {
    try ScenarioOptions.check(output: output)
    if output == "-" {
      throw ValidationError("--output must be a folder: the page has files beside it.")
    }
  }

  func work() async throws -> ExitCode {
    let scenarios = try input.load()
    let progress = Progress(print)
    var sections: [ReportPage.Section] = []
    var reports: [ReportWriter] = []
    do {
      for scenario in scenarios {
        let report = try input.report(on: scenario, among: scenarios, output: output)
        reports.append(report)
        let results = try await statistics.run(scenario, report: report, progress: progress)
        try statistics.show(results, .table)
        try report.write(MetricStatistics.all(results))
        let charts = try charts(of: scenario, results, in: report, warns: sections.isEmpty)
        sections.append(ReportPage.Section(scenario: scenario, results: results, charts: charts))
      }
      let path = try write(sections, reports)
      printOut(print.quiet ? "\(path)\n" : "Written: \(path)\n")
      return .success
    } catch {
      for report in reports { report.discard() }
      throw error
    }
  }

  /// Puts all reports in place, and the page: in the report, or above several.
  private func write(
    _ sections: [ReportPage.Section], _ reports: [ReportWriter]
  ) throws -> String {
    let page = ReportPage(
      version: Co3sim.configuration.version, command: CommandText.own, sections: sections)
    if reports.count == 1 {
      try page.write(to: reports[0])
      try reports[0].commit()
      return FilePath.joined(reports[0].folder, ReportPage.fileName)
    }
    for report in reports { try report.commit() }
    let path = FilePath.joined(output ?? "Reports", ReportPage.fileName)
    try page.write(to: path)
    return path
  }
}

/// The command that was typed.
enum CommandText {
  /// How this program was called, quoted for a shell where that is needed.
  static var program: String { CommandLine.arguments.first?.shellQuoted ?? "co3sim" }

  /// This process's command, quoted for a shell where that is needed.
  static var own: String {
    (["co3sim"] + CommandLine.arguments.dropFirst().map(\.shellQuoted)).joined(separator: " ")
  }
}
