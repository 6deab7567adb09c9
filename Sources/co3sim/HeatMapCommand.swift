import ArgumentParser
import Console
import Foundation
import SafeOutput
import SyncerReports
import SyncerSimulation

/// Draws the result of a sweep.
struct HeatMapCommand: WorkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "heatmap",
    abstract: "Draw a metric over two settings of a sweep as a heat map, with gnuplot.",
    discussion: """
      Writes heatmap.csv, heatmap.gp and heatmap.svg, for one scheduler. Rows with the same two settings \
      are averaged. By default the axes are the first two settings that the sweep varied.
      """)

  @Argument(help: "The CSV file of a sweep.", completion: .file(extensions: ["csv"]))
  var file: String

  @Option(help: ArgumentHelp("The column of the horizontal axis.", valueName: "column"))
  var x: String?

  @Option(help: ArgumentHelp("The column of the vertical axis.", valueName: "column"))
  var y: String?

  @Option(
    help: ArgumentHelp("The metric.", valueName: "name"),
    completion: .list(Metric.allCases.map(\.rawValue)))
  var metric = "waste_vs_optimal"

  @Option(
    help: ArgumentHelp("The scheduler, if the sweep had several.", valueName: "label"),
    completion: .list(SchedulerKind.all.map(\.name)))
  var scheduler: String?

  @Option(help: ArgumentHelp("The folder, instead of the file's own.", valueName: "folder"))
  var output: String?

  func work() throws -> ExitCode {
    let map = try HeatMap(file, x: x, y: y, metric: try Metric(named: metric), scheduler: scheduler)
    let own = FilePath.namedFolder(of: file)
    let folder = output ?? (own.isEmpty ? "." : own)
    let gnuplot = Gnuplot()
    _ = try map.write(to: folder, inputs: [file], gnuplot: gnuplot)
    if gnuplot == nil {
      warnOfUndrawn(in: folder)
    } else {
      printOut("Written: \(folder)/heatmap.svg\n")
    }
    return .success
  }
}
