internal import Foundation
internal import Syncer
public import SyncerSimulation

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

  /// Writes the results.
  ///
  /// - Parameters:
  ///   - results: The runs, of one or several scenarios.
  ///   - metrics: The metrics whose statistics over replications JSON adds to the runs.
  /// - Returns: text that ends in a line break.
  public func text(_ results: [RunResult], statistics metrics: [Metric] = []) -> String {
    switch self {
    case .table: SummaryTable(results).table.text
    case .markdown: SummaryTable(results).table.markdown
    case .csv: Self.csv(results)
    case .json: Self.json(results, metrics)
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
    struct Statistics: Encodable {
      struct Sample: Encodable {
        var mean: Double
        var lower95: Double?
        var upper95: Double?

        init(_ sample: SampleStatistics) {
          mean = sample.mean
          lower95 = sample.interval?.lowerBound
          upper95 = sample.interval?.upperBound
        }

        enum CodingKeys: String, CodingKey {
          case mean
          case lower95 = "lower_95"
          case upper95 = "upper_95"
        }
      }
      var scenario: String
      var scheduler: String
      var metric: String
      var replications: Int
      var sample: Sample
      var median: Double
      var worst: Double
      var difference: Sample?

      init(_ statistics: MetricStatistics) {
        scenario = statistics.scenario
        scheduler = statistics.scheduler
        metric = statistics.metric.rawValue
        replications = statistics.sample.count
        sample = Sample(statistics.sample)
        median = statistics.sample.median
        worst = statistics.worst
        difference = statistics.difference.map(Sample.init)
      }
    }
    var runs: [Run]
    /// Where they are asked for.
    var statistics: [Statistics]?
  }

  private static func json(_ results: [RunResult], _ metrics: [Metric]) -> String {
    let runs = results.map { result in
      Runs.Run(
        scenario: result.scenario, scheduler: result.scheduler, seed: result.seed,
        replication: result.replication,
        metrics: Dictionary(
          uniqueKeysWithValues: result.metrics.values.map { ($0.key.rawValue, $0.value) }))
    }
    let statistics = metrics.isEmpty ? nil : Self.statistics(results, metrics)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(
        decoding: try encoder.encode(Runs(runs: runs, statistics: statistics)), as: UTF8.self)
        + "\n"
    } catch {
      preconditionFailure("A run's figures are finite numbers and can be encoded: \(error)")
    }
  }

  private static func statistics(
    _ results: [RunResult], _ metrics: [Metric]
  ) -> [Runs.Statistics] {
    var scenarios: [String] = []
    for result in results where !scenarios.contains(result.scenario) {
      scenarios.append(result.scenario)
    }
    return scenarios.flatMap { name in
      MetricStatistics.all(results.filter { $0.scenario == name }, metrics: metrics)
        .map(Runs.Statistics.init)
    }
  }
}
