internal import SafeOutput
internal import Syncer
public import SyncerSimulation

extension Comparison {
  /// As wide as a terminal of 80 columns: every figure is a multiple of what the heading of its column
  /// says, and the difference, the mean over the replications with its 95 % interval, is of waste.
  var table: TextTable {
    var table = TextTable(header: [
      "scheduler", "waste", "- \(reference)", "near", "mean", "worst", "chunks", "makespan",
    ])
    let isParallel = lines.contains { ($0.utilisation ?? 1) < 0.8 }
    let isFailing = lines.contains { $0.expectedCompletion != nil }
    if isParallel { table.header.append("busy") }
    if isFailing { table.header.append("failing") }
    let figure = DurationText.significant
    for line in lines {
      let difference = MetricStatistics.signed(line.difference.mean) + Self.margin(line.difference)
      var row = [
        line.scheduler, figure(line.waste.mean), line.scheduler == reference ? "" : difference,
        "\(figure(line.nearTargetShare * 100)) %", figure(line.timeMatch), figure(line.worst),
        "\(Int(line.chunks))", DurationText.text(line.makespan),
      ]
      if isParallel { row.append(line.utilisation.map { "\(figure($0 * 100)) %" } ?? "-") }
      if isFailing { row.append(line.expectedCompletion.map(DurationText.text) ?? "-") }
      table.rows.append(row)
    }
    return table
  }

  /// What the columns of the table are, in a line for each pair.
  private var legend: String {
    var lines = [
      "waste: over that of the best chunks; - \(reference): what is more than that of it;",
      "near: time in chunks within 20 % of the target, or of their longest item where that is longer;",
      "mean: chunk over target; worst: chunk over what no scheduler can avoid.",
    ]
    if self.lines.contains(where: { ($0.utilisation ?? 1) < 0.8 }) {
      lines.append("busy: share of the workers' time that is work.")
    }
    if self.lines.contains(where: { $0.expectedCompletion != nil }) {
      lines.append("failing: time to completion with the failures of the scenario.")
    }
    return lines.joined(separator: "\n")
  }

  private static func margin(_ sample: SampleStatistics) -> String {
    sample.halfWidth.map { " ± \(DurationText.significant($0))" } ?? ""
  }

  /// The comparison for a terminal.
  public var text: String { "\(table.text)\n\(legend)\n\n\(verdict.visible)\n" }

  /// The comparison for a pull request.
  public var markdown: String {
    let times = replications == 1 ? "1 replication" : "\(replications) replications"
    return "### \(scenario), \(times)\n\n\(table.markdown)\n\(legend)\n\n\(verdict.markdown)\n"
  }
}

extension Comparison {
  /// All comparisons in one table: schedulers down, scenarios across; in each cell the mean
  /// `waste_vs_optimal` and, in brackets, the mean chunk over the target.
  ///
  /// - Parameter comparisons: One per scenario, all of the same schedulers.
  /// - Returns: a markdown table.
  public static func matrix(_ comparisons: [Comparison]) -> String {
    var table = TextTable(header: ["waste x optimal (mean x target)"] + comparisons.map(\.scenario))
    let labels = comparisons.first?.lines.map(\.scheduler) ?? []
    let lines = comparisons.map { comparison in
      Dictionary(comparison.lines.map { ($0.scheduler, $0) }) { first, _ in first }
    }
    let figure = DurationText.significant
    for label in labels {
      let cells = lines.map { lines in
        lines[label].map { "\(figure($0.waste.mean)) (\(figure($0.timeMatch)))" } ?? "-"
      }
      table.rows.append([label] + cells)
    }
    return table.markdown
  }
}
