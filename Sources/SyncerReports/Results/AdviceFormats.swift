internal import Foundation
internal import Syncer
public import SyncerSimulation

extension Advice {
  /// The advice in a format: text that ends in a line break.
  ///
  /// CSV has one row per line of the table, JSON the same and the sentences.
  public func text(_ format: ResultFormat) -> String {
    switch format {
    case .table: text
    case .markdown: markdown
    case .csv: csv
    case .json: json
    }
  }

  /// The name of the measure in files.
  private var measureKey: String {
    if case .completion = measure { return "expected_completion_s" }
    return isRelative ? Metric.wasteVsOptimal.rawValue : Metric.waste.rawValue
  }

  private var csv: String {
    var line = CSVLine([
      "scenario", "scheduler", "chunk_time_s", "chunks", "overhead_share", "lost_per_failure_s",
      "makespan_s", "utilisation", "measure", "value", "lower_95", "upper_95", "difference",
      "difference_lower_95", "difference_upper_95", "advised",
    ])
    line.end()
    for (number, row) in lines.enumerated() {
      line.add(scenario.name)
      line.add(row.label)
      line.add(row.chunkSeconds)
      line.add(row.mean(\.chunks))
      line.add(row.mean(\.overheadShare))
      line.add(row.mean(\.lostPerFailure))
      line.add(row.mean(\.makespan))
      line.add(row.utilisation)
      line.add(measureKey)
      line.add(row.value.mean)
      line.add(row.value.interval?.lowerBound)
      line.add(row.value.interval?.upperBound)
      line.add(row.difference.mean)
      line.add(row.difference.interval?.lowerBound)
      line.add(row.difference.interval?.upperBound)
      line.add(number == advised ? 1 : 0)
      line.end()
    }
    return String(decoding: line.bytes, as: UTF8.self)
  }

  private struct File: Encodable {
    struct Row: Encodable {
      var scheduler: String
      var chunkTimeS, chunks, overheadShare, lostPerFailureS, makespanS: Double
      var utilisation: Double?
      var value, difference: Double
      var lower95, upper95, differenceLower95, differenceUpper95: Double?
    }
    var scenario: String
    var measure: String
    var scheduler: String
    var chunkTimeS: Double
    var givenChunkTimeS: Double
    var isChange: Bool
    var youngS: Double?
    var goodFromS, goodToS: Double?
    var sentences: [String]
    var rows: [Row]
  }

  private var json: String {
    let rows = lines.map { line in
      File.Row(
        scheduler: line.label, chunkTimeS: line.chunkSeconds, chunks: line.mean(\.chunks),
        overheadShare: line.mean(\.overheadShare), lostPerFailureS: line.mean(\.lostPerFailure),
        makespanS: line.mean(\.makespan), utilisation: line.utilisation, value: line.value.mean,
        difference: line.difference.mean, lower95: line.value.interval?.lowerBound,
        upper95: line.value.interval?.upperBound,
        differenceLower95: line.difference.interval?.lowerBound,
        differenceUpper95: line.difference.interval?.upperBound)
    }
    let file = File(
      scenario: scenario.name, measure: measureKey, scheduler: scheduler,
      chunkTimeS: chunkSeconds, givenChunkTimeS: lines[reference].chunkSeconds,
      isChange: isChange, youngS: youngSeconds, goodFromS: goodRange?.lowerBound,
      goodToS: goodRange?.upperBound, sentences: sentences, rows: rows)
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(file), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure(
        "The figures of an advice are finite numbers and can be encoded: \(error)")
    }
  }
}
