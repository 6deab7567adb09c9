internal import Foundation
public import SyncerSimulation

extension TuningOutcome {
  private struct Document: Encodable {
    struct Line: Encodable {
      var scenario: String
      var seed: UInt64
      var replications: [Int]
      var `default`: Double
      var tuned: Double
      var difference: Double
      var differenceLower95: Double?
      var differenceUpper95: Double?

      enum CodingKeys: String, CodingKey {
        case scenario, seed, replications, tuned, difference
        case `default` = "default"
        case differenceLower95 = "difference_lower_95"
        case differenceUpper95 = "difference_upper_95"
      }

      init(_ line: TuningComparison) {
        scenario = line.scenario
        seed = line.seed
        replications = [line.replications.lowerBound, line.replications.upperBound]
        `default` = line.defaults.mean
        tuned = line.tuned.mean
        difference = line.difference.mean
        differenceLower95 = line.difference.interval?.lowerBound
        differenceUpper95 = line.difference.interval?.upperBound
      }
    }
    var scheduler: String
    var objective: String
    var parameters: [String: Double]
    var evaluations: Int
    var isBetter: Bool
    var training: [Line]
    var heldOut: [Line]
    var swift: String

    enum CodingKeys: String, CodingKey {
      case scheduler, objective, parameters, evaluations, training, swift
      case isBetter = "is_better"
      case heldOut = "held_out"
    }
  }

  /// What was found as a JSON object, durations in seconds.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let document = Document(
      scheduler: tuned.kind, objective: "\(objective)", parameters: tuned.parameters,
      evaluations: evaluations, isBetter: isBetter, training: training.map(Document.Line.init),
      heldOut: heldOut.map(Document.Line.init), swift: swiftCode)
    do {
      return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("The figures of a tuning are finite and can be encoded: \(error)")
    }
  }

  /// The comparisons as CSV: one row per scenario and set of seeds.
  public var csv: String {
    var line = CSVLine([
      "set", "scenario", "seed", "first_replication", "last_replication", "default", "tuned",
      "difference", "difference_lower_95", "difference_upper_95",
    ])
    line.end()
    for (set, lines) in [("training", training), ("held_out", heldOut)] {
      for entry in lines {
        line.add(set)
        line.add(entry.scenario)
        line.add(String(entry.seed))
        line.add(entry.replications.lowerBound)
        line.add(entry.replications.upperBound)
        line.add(entry.defaults.mean)
        line.add(entry.tuned.mean)
        line.add(entry.difference.mean)
        line.add(entry.difference.interval?.lowerBound)
        line.add(entry.difference.interval?.upperBound)
        line.end()
      }
    }
    return String(decoding: line.bytes, as: UTF8.self)
  }
}
