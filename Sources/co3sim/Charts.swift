import Console
import SyncerSimulation

/// Writes the scripts of a report's charts and draws them; says how to get gnuplot without it.
@discardableResult
func charts(
  of scenario: Scenario, _ results: [RunResult], in folder: String, warns: Bool = true
) throws -> ChartFolder {
  var charts = try ChartFolder(folder, scenario: scenario, results: results)
  _ = try draw(&charts, warns: warns)
  return charts
}

/// Draws charts, or says how to get gnuplot; whether they are drawn.
func draw(_ charts: inout ChartFolder, warns: Bool = true) throws -> Bool {
  if let gnuplot = Gnuplot() {
    try charts.draw(by: gnuplot)
    return true
  }
  if warns {
    printError(
      "co3sim: charts are not drawn: there is no gnuplot in PATH; \(Gnuplot.installation). "
        + "The CSV files and the scripts in \(charts.folder) are complete.\n")
  }
  return false
}
