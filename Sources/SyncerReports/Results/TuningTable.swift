internal import Syncer
public import SyncerSimulation

extension TuningOutcome {
  /// What was found, for a terminal.
  public var text: String { "\(parameters.text)\n\(comparisons.text)\n\(verdict)\n" }

  /// What was found, for a pull request.
  public var markdown: String {
    "\(parameters.markdown)\n\(comparisons.markdown)\n\(verdict)\n"
  }

  private var parameters: TextTable {
    var table = TextTable(header: ["parameter", "default", "tuned", "from", "to"])
    for axis in space.axes {
      let name = axis.parameter.name
      table.rows.append([
        name, axis.parameter.standard.map(axis.parameter.text) ?? "-",
        tuned.parameters[name].map(axis.parameter.text) ?? "-",
        axis.parameter.text(axis.range.lowerBound), axis.parameter.text(axis.range.upperBound),
      ])
    }
    return table
  }

  private var comparisons: TextTable {
    var table = TextTable(header: [
      objective.minimised, "seeds", "default", "tuned", "difference", "± 95 %",
    ])
    let figure = DurationText.significant
    for (kind, lines) in [("trained on", training), ("not seen", heldOut)] {
      for line in lines {
        table.rows.append([
          "\(line.scenario), \(kind)",
          "\(line.seed)/\(line.replications.lowerBound)...\(line.replications.upperBound)",
          figure(line.defaults.mean), figure(line.tuned.mean),
          MetricStatistics.signed(line.difference.mean),
          line.difference.halfWidth.map(figure) ?? "-",
        ])
      }
    }
    return table
  }
}
