internal import Foundation
internal import Syncer

/// What a scenario's metrics were when somebody last accepted them.
public struct Baseline: Sendable, Equatable, Codable {
  /// The version of this file's layout.
  public var format = 1
  /// The name of the scenario.
  public var scenario: String
  /// A hash of everything that decides the numbers but the schedulers.
  public var scenarioDigest: String
  /// For every scheduler label, every metric's worst value over replications.
  public var schedulers: [String: [String: Double]]

  /// Sums up the results of a scenario.
  public init(_ results: [RunResult], of scenario: Scenario) throws(ScenarioError) {
    self.scenario = scenario.name
    scenarioDigest = try ScenarioDigest(scenario).text
    schedulers = [:]
    for (label, runs) in RunResult.grouped(results) {
      schedulers[label] = Self.worst(runs.map(\.metrics))
    }
  }

  init(scenario: String, digest: String, schedulers: [String: [String: Double]]) {
    self.scenario = scenario
    scenarioDigest = digest
    self.schedulers = schedulers
  }

  static func worst(_ metrics: [RunMetrics]) -> [String: Double] {
    var worst: [String: Double] = [:]
    for metric in Metric.allCases {
      worst[metric.rawValue] = metric.worst(metrics.compactMap { $0[metric] })
    }
    return worst
  }

  /// Reads a baseline; nil where there is none.
  ///
  /// - Throws: `ScenarioError` for a file that is no baseline.
  public static func read(_ path: String) throws(ScenarioError) -> Baseline? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let remedy = "restore it, or delete it and accept again"
    let bytes = try FileContents.read(
      path, remedy: remedy, limit: FileContents.documentLimit)
    do {
      let baseline = try JSONDecoder().decode(Baseline.self, from: Data(bytes))
      if baseline.format == 1 { return baseline }
    } catch {
      throw ScenarioError(file: path, rule: "is no baseline", remedy: remedy)
    }
    throw ScenarioError(
      file: path, rule: "is a baseline of another version",
      remedy: "accept again with this version of co3sim")
  }

  /// Writes the baseline: sorted keys, one number per line, so that a diff names the metric.
  ///
  /// - Throws: `ScenarioError` where the file cannot be written.
  public func write(_ path: String) throws(ScenarioError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      let text = try encoder.encode(self) + Data("\n".utf8)
      try text.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ScenarioError(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "check the folder's permissions")
    }
  }
}

/// A hash over what decides a scenario's numbers: the items drawn, the load, the sync's settings.
///
/// The items themselves are hashed, not their description, so that a trace that changed is a
/// scenario that changed, wherever the file lies.
struct ScenarioDigest {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ scenario: Scenario) throws(ScenarioError) {
    // Spelled out, so that a key added later changes no digest of a scenario without it.
    let sync = scenario.sync
    add(
      "\(scenario.seed) \(scenario.replications) SyncSettings(chunkTimeSeconds: "
        + "\(String(describing: sync.chunkTimeSeconds)), itemLimit: "
        + "\(String(describing: sync.itemLimit)), chunkCap: "
        + "\(String(describing: sync.chunkCap)), isShuffled: \(sync.isShuffled))")
    if let maximum = sync.maximumDurationSeconds { add("maximumDuration \(maximum)") }
    if let faults = scenario.faults { add("\(faults)") }
    add("\(scenario.workload.chunkOverhead) \(scenario.workload.workers)")
    add("\(scenario.load.windows) \(String(describing: scenario.load.arrivals))")
    if let trace = scenario.load.trace {
      add("\(trace.timeScale) \(trace.end)")
      for byte in try FileContents.read(trace.path, remedy: "correct load.trace.path") {
        add(UInt64(byte))
      }
    }
    let workload = try Workload(scenario)
    for name in workload.classes { add(name.name) }
    for item in 0..<workload.count {
      add(UInt64(workload.classOfItem[item]))
      add(UInt64(bitPattern: workload.handle(item)))
      add(UInt64(bitPattern: workload.process(item)))
      if !workload.hints.isEmpty { add(workload.hints[item].bitPattern) }
    }
  }

  var text: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// FNV-1a, a word at a time.
  private mutating func add(_ word: UInt64) {
    hash = (hash ^ word) &* 0x100_0000_01B3
    hash ^= hash >> 29
  }
}
