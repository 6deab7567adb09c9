import Console
import SyncerReports
import SyncerSimulation

/// Adds the charts to a report, drawn where there is gnuplot; says how to get it without.
@discardableResult
func charts(
  of scenario: Scenario, _ results: [RunResult], in report: ReportWriter, warns: Bool = true
) throws -> ChartFolder {
  var charts = try ChartFolder(report, scenario: scenario, results: results)
  if let gnuplot = Gnuplot() {
    try charts.draw(by: gnuplot)
  } else if warns {
    warnOfUndrawn(in: report.folder)
  }
  return charts
}

/// Says how to get gnuplot.
func warnOfUndrawn(in folder: String) {
  printError(
    "co3sim: charts are not drawn: there is no gnuplot in PATH; \(Gnuplot.installation). "
      + "The CSV files and the scripts in \(folder) are complete.\n")
}
