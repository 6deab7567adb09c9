internal import Foundation
internal import Syncer

/// How results are printed.
public enum ResultFormat: String, Sendable, CaseIterable {
  /// A table for a terminal.
  case table
  /// An object with a list of runs.
  case json
  /// The rows of summary.csv.
  case csv
  /// A table for a pull request.
  case markdown

  /// The results as text, ending in a line break.
  public func text(_ results: [RunResult]) -> String {
    switch self {
    case .table: SummaryTable(results).table.text
    case .markdown: SummaryTable(results).table.markdown
    case .csv: Self.csv(results)
    case .json: Self.json(results)
    }
  }

  private static func csv(_ results: [RunResult]) -> String {
    var line = CSVLine(ReportTable.summary.columns)
    line.end()
    for result in results { line.addSummary(result) }
    return String(decoding: line.bytes, as: UTF8.self)
  }

  private struct Runs: Encodable {
    struct Run: Encodable {
      var scenario: String
      var scheduler: String
      var seed: UInt64
      var replication: Int
      var metrics: [String: Double]
    }
    var runs: [Run]
  }

  private static func json(_ results: [RunResult]) -> String {
    let runs = results.map { result in
      Runs.Run(
        scenario: result.scenario, scheduler: result.scheduler, seed: result.seed,
        replication: result.replication,
        metrics: Dictionary(
          uniqueKeysWithValues: result.metrics.values.map { ($0.key.rawValue, $0.value) }))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(Runs(runs: runs)), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("A run's figures are finite numbers and can be encoded: \(error)")
    }
  }
}
