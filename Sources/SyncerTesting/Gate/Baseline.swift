internal import Foundation
internal import SafeOutput
internal import Syncer

/// The accepted metrics of a scenario.
public struct Baseline: Sendable, Equatable, Codable {
  /// The version of the file format.
  public var format = 1
  /// The name of the scenario.
  public var scenario: String
  /// A hash of everything that determines the numbers, except the schedulers.
  public var scenarioDigest: String
  /// The worst value of every metric over all replications, by scheduler label.
  public var schedulers: [String: [String: Double]]

  /// Makes a baseline of values.
  package init(scenario: String, digest: String, schedulers: [String: [String: Double]]) {
    self.scenario = scenario
    scenarioDigest = digest
    self.schedulers = schedulers
  }

  /// Every metric's worst value.
  package static func worst(_ metrics: [RunMetrics]) -> [String: Double] {
    var worst: [String: Double] = [:]
    for metric in Metric.allCases {
      worst[metric.rawValue] = metric.worst(metrics.compactMap { $0[metric] })
    }
    return worst
  }

  /// Reads a baseline; nil if there is none.
  ///
  /// - Throws: `ScenarioError` for a file that is not a baseline.
  public static func read(_ path: String) throws(ScenarioError) -> Baseline? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let remedy = "restore it, or delete it and accept again"
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      let bytes = try file.read(upToCount: sizeLimit + 1) ?? Data()
      if bytes.count > sizeLimit {
        throw ScenarioError(
          file: path, rule: "is larger than \(sizeLimit) bytes", remedy: remedy)
      }
      return try JSONDecoder().decode(Baseline.self, from: bytes)
    } catch let error as ScenarioError {
      throw error
    } catch DecodingError.dataCorrupted(let context), DecodingError.keyNotFound(_, let context),
      DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context)
    {
      let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw ScenarioError(
        file: path, keyPath: keys, rule: "is no part of a baseline (\(context.debugDescription))",
        remedy: remedy)
    } catch {
      throw ScenarioError(
        file: path, rule: "cannot be read (\((error as NSError).localizedDescription))",
        remedy: remedy)
    }
  }

  /// The largest baseline that is read, in bytes.
  private static let sizeLimit = 1 << 24

  /// Writes the baseline with sorted keys and one number per line, so that a diff names the metric.
  ///
  /// - Throws: `ScenarioError` if the file cannot be written.
  public func write(_ path: String) throws(ScenarioError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try FileManager.default.createDirectory(
        atPath: FilePath.folder(of: path), withIntermediateDirectories: true)
      let text = try encoder.encode(self) + Data("\n".utf8)
      try OutputFile.write(text, to: path) {
        String(decoding: $0, as: UTF8.self).contains("\"scenarioDigest\"")
      }
    } catch let error as WriteError {
      throw ScenarioError(file: error.path, rule: error.rule, remedy: error.remedy)
    } catch {
      throw ScenarioError(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "check the folder's permissions")
    }
  }
}

extension Baseline {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case format
    case scenario
    case scenarioDigest
    case schedulers
  }

  /// A key that may be none of ours.
  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Decodes strictly: an unknown key, metric or version is an error.
  public init(from decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.rawValue))
    let keys = try decoder.container(keyedBy: AnyKey.self)
    for key in keys.allKeys.sorted(by: { $0.stringValue < $1.stringValue })
    where !known.contains(key.stringValue) {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: keys, debugDescription: "the key is not known")
    }
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    format = try fields.decode(Int.self, forKey: .format)
    if format != 1 {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: fields, debugDescription: "it is of another version of co3sim")
    }
    scenario = try fields.decode(String.self, forKey: .scenario)
    scenarioDigest = try fields.decode(String.self, forKey: .scenarioDigest)
    schedulers = try fields.decode([String: [String: Double]].self, forKey: .schedulers)
    for (label, metrics) in schedulers.sorted(by: { $0.key < $1.key }) {
      for name in metrics.keys.sorted() where Metric(rawValue: name) == nil {
        throw DecodingError.dataCorruptedError(
          forKey: .schedulers, in: fields,
          debugDescription: "\(label) has the metric \(name), which does not exist")
      }
    }
  }
}
