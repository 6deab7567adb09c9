internal import Syncer
public import SyncerSimulation

extension MetricStatistics {
  /// A table per metric: mean with its interval, median, worst, and the difference to the
  /// reference with its interval.
  ///
  /// - Parameters:
  ///   - statistics: Those of one scenario, in any order of metrics.
  ///   - isMarkdown: Whether for a pull request, not for a terminal.
  /// - Returns: tables, each after an empty line.
  public static func text(_ statistics: [MetricStatistics], isMarkdown: Bool = false) -> String {
    let metrics = Metric.byImportance.filter { metric in statistics.contains { $0.metric == metric }
    }
    return metrics.map { metric in
      let table = table(statistics.filter { $0.metric == metric }, metric)
      return "\n" + (isMarkdown ? table.markdown : table.text)
    }.joined()
  }

  private static func table(_ lines: [MetricStatistics], _ metric: Metric) -> TextTable {
    let reference = lines.first { $0.difference == nil }?.scheduler
    var table = TextTable(header: [
      metric.rawValue, "replications", "mean", "± 95 %", "median", "worst",
      reference.map { "minus \($0)" } ?? "difference", "± 95 %",
    ])
    let figure = DurationText.significant
    for line in lines {
      table.rows.append([
        line.scheduler, "\(line.sample.count)", figure(line.sample.mean),
        line.sample.halfWidth.map(figure) ?? "-", figure(line.sample.median), figure(line.worst),
        line.difference.map { signed($0.mean) } ?? "",
        line.difference.map { $0.halfWidth.map(figure) ?? "-" } ?? "",
      ])
    }
    return table
  }
}
