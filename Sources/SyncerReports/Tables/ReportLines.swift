internal import SyncerSimulation

extension CSVLine {
  private mutating func addRun(_ run: RunResult) {
    add(run.scenario)
    add(run.scheduler)
    add(String(run.seed))
    add(run.replication)
  }

  private mutating func add<Row>(_ row: Row, _ columns: [ReportColumn<Row>], of run: RunResult) {
    addRun(run)
    for column in columns { column.add(&self, row) }
    end()
  }

  mutating func addChunk(_ chunk: SimulatedChunk, of run: RunResult) {
    add(chunk, ReportColumn.chunks, of: run)
  }

  mutating func addTracking(_ entry: SimulatedClass, chunk: Int, of run: RunResult) {
    add(TrackingRow(chunk: chunk, entry: entry), ReportColumn.tracking, of: run)
  }

  mutating func addCollapse(_ collapse: Collapse, of run: RunResult) {
    add(collapse, ReportColumn.collapse, of: run)
  }

  mutating func addSummary(_ run: RunResult, digest: String? = nil) {
    addRun(run)
    for metric in Metric.allCases { add(run.metrics[metric]) }
    if let digest { add(digest) }
    end()
  }
}

/// What the columns of a report mean, as markdown.
public enum ReportColumns {
  /// The tables whose columns it has.
  public static let tables = [ReportTable.chunks, .tracking, .collapse].map(\.rawValue)

  /// The columns of a table, but those that all have; nil for a name that is none of `tables`.
  public static func markdown(_ table: String) -> String? {
    switch ReportTable(rawValue: table) {
    case .chunks: markdown(ReportColumn.chunks)
    case .tracking: markdown(ReportColumn.tracking)
    case .collapse: markdown(ReportColumn.collapse)
    case .summary, nil: nil
    }
  }

  private static func markdown<Row>(_ columns: [ReportColumn<Row>]) -> String {
    "| Column | Unit | Formula or meaning |\n|---|---|---|\n"
      + columns.map { "| `\($0.name)` | \($0.unit) | \($0.meaning) |\n" }.joined()
  }
}
