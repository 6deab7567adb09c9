internal import SafeOutput
internal import SyncerSimulation

extension Sweep {
  /// The columns of the table.
  var columns: [String] {
    ["cell", "cells"] + axes.map(\.path).filter { !Self.isRunColumn($0) }
      + ReportTable.summary.columns + ["digest"]
  }

  /// The columns as the first line of the table.
  var header: [UInt8] {
    var line = CSVLine(columns)
    line.end()
    return line.bytes
  }

  /// The values of a combination that have columns of their own.
  func shownValues(_ combination: Int) -> [String] {
    zip(axes, values[combination]).filter { !Self.isRunColumn($0.0.path) }.map(\.1)
  }

  /// Whether a key that is varied stands among the columns of a run, as the seed does.
  private static func isRunColumn(_ path: String) -> Bool {
    ReportTable.runColumns.contains(path)
  }

  /// A row of the table: a cell, numbered from 0, and its result.
  func row(ofCell cell: Int, _ result: RunResult) -> CSVLine {
    var line = numbered(cell)
    line.addSummary(result, digest: digest)
    return line
  }

  /// The fields of a row that are known before its cell has run.
  func start(ofCell cell: Int) -> CSVLine {
    let draw = cell / schedulersPerScenario
    let scenario = scenarios[draw / replications]
    var line = numbered(cell)
    line.add(scenario.name)
    line.add(scenario.schedulers[cell % schedulersPerScenario].label)
    line.add(String(scenario.seed))
    line.add(draw % replications + 1)
    return line
  }

  /// The number of a cell, and the values that it has.
  private func numbered(_ cell: Int) -> CSVLine {
    var line = CSVLine()
    line.add(cell + 1)
    line.add(cellCount)
    for text in shownValues(cell / (schedulersPerScenario * replications)) { line.add(text) }
    return line
  }

  /// Refuses to write where the sweep reads.
  func refuseInput(_ path: String) throws(ScenarioError) {
    guard let own = FileIdentity(path) else { return }
    let inputs = Set(scenarios.flatMap(\.files.paths))
    if inputs.contains(where: { FileIdentity($0) == own }) {
      throw ScenarioError(
        file: path, rule: "is an input of this command",
        remedy: "choose another file with --output")
    }
  }
}
