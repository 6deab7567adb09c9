import ArgumentParser
import Console
import Foundation
import SyncerSimulation

/// Runs scenarios and makes a page of it.
struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run scenarios and make one self-contained HTML page with charts and figures.",
    discussion: """
      The page needs no network and no other file. Beside it are the CSV files, and the scripts of \
      gnuplot that draw the charts, to restyle. Without gnuplot the page has the figures alone.
      """)

  @OptionGroup var input: ScenarioOptions
  @OptionGroup var print: PrintOptions
  @OptionGroup var statistics: StatisticsOptions

  @Option(
    help: ArgumentHelp(
      """
      The folder for report.html and the CSV files, instead of Reports/<scenario>; with several \
      scenarios the page is in the folder, instead of Reports, and each has a folder in it.
      """, valueName: "folder"))
  var output: String?

  func validate() throws {
    if output == "-" {
      throw ValidationError("--output must be a folder: the page has files beside it.")
    }
  }

  func run() async throws {
    let command = self
    try await runToExit { try await command.work() }
  }

  private func work() async throws -> ExitCode {
    let scenarios = try input.load()
    let progress = Progress(print)
    var sections: [ReportPage.Section] = []
    for scenario in scenarios {
      let folder = input.folder(of: scenario, among: scenarios.count, output: output)
      let report = try ReportWriter(folder: folder)
      do {
        let results = try await statistics.run(scenario, report: report, progress: progress)
        try report.commit()
        try statistics.show(results, print.format)
        try MetricStatistics.write(MetricStatistics.all(results), to: folder)
        let charts = try charts(of: scenario, results, in: folder, warns: sections.isEmpty)
        sections.append(ReportPage.Section(scenario: scenario, results: results, charts: charts))
      } catch {
        report.discard()
        throw error
      }
    }
    let page = ReportPage(
      version: Co3sim.configuration.version, command: CommandText.own, sections: sections)
    let folder = sections.count == 1 ? sections[0].charts.folder : output ?? "Reports"
    let path = (folder as NSString).appendingPathComponent("report.html")
    try page.write(to: path)
    printOut(print.quiet ? "\(path)\n" : "Written: \(path)\n")
    return .success
  }
}

/// The command that was typed.
enum CommandText {
  /// This process's command, quoted for a shell where that is needed.
  static var own: String {
    (["co3sim"] + CommandLine.arguments.dropFirst().map(quoted)).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=,:+%@".contains($0))
    }
    return isPlain && !word.isEmpty
      ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
