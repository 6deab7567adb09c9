internal import Foundation
internal import SafeOutput
internal import Syncer
public import SyncerSimulation

/// The items of a scenario as a trace that a scenario can read: the costs as drawn, in order.
///
/// The rows are those that `co3index --record` writes. Replayed under the same seed, with the same
/// overhead, load, workers, faults and order, they make the same chunks.
public struct TraceExport: Sendable {
  /// The scenario.
  public let scenario: Scenario
  /// Which repetition is written, from 1.
  public let replication: Int
  private let workload: Workload

  /// Draws the items.
  ///
  /// - Throws: `ScenarioError` for a trace that cannot be read.
  public init(_ scenario: Scenario, replication: Int = 1) throws(ScenarioError) {
    self.scenario = scenario
    self.replication = replication
    // Slow items are of the faults, as failing ones are; in the rows they would be slow twice.
    var undisturbed = scenario
    undisturbed.faults?.slow = []
    workload = try Workload(undisturbed, replication: replication)
  }

  /// Hands over the text, whole lines at a time.
  ///
  /// - Throws: what the closure throws, and `CancellationError` when the task is cancelled.
  public func write(to body: ([UInt8]) throws -> Void) throws {
    var text = TraceText(hasHints: !workload.hints.isEmpty)
    for item in 0..<workload.count {
      text.add(
        workload.classes[Int(workload.classOfItem[item])],
        handleNanoseconds: workload.handle(item), processNanoseconds: workload.process(item),
        hint: workload.hints.isEmpty ? nil : workload.hints[item])
      if text.bytes.count > 1 << 16 {
        try Task.checkCancellation()
        try body(text.take())
      }
    }
    try body(text.take())
  }

  /// Writes a file, and beside it `<file>.json`, which says what the items are of.
  ///
  /// Each takes the place of an older one as a whole. What is no regular file, such as a pipe, is
  /// written into, and there is nothing beside it.
  ///
  /// - Throws: `ScenarioError` where they cannot be written, `CancellationError` when the task is
  ///   cancelled.
  public func write(file path: String) throws {
    do {
      let output = try RecordingOutput(
        path, inputs: scenario.files.paths.compactMap { FileIdentity($0) },
        remedy: "choose another file with --output")
      try write { try output.write($0) }
      try output.commit(sidecar: try sidecar)
    } catch {
      if error is CancellationError { throw error }
      throw ScenarioError(writing: path, error)
    }
  }

  private var sidecar: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(
        TraceSidecar(
          scenario: scenario.name, seed: scenario.seed, replication: replication,
          items: workload.count, chunkTimeS: scenario.sync.chunkTimeSeconds))
        + Data("\n".utf8)
    }
  }
}

/// What has to be known of an exported trace besides its rows.
private struct TraceSidecar: Encodable {
  var version = 1
  var program = "co3sim"
  var scenario: String
  var seed: UInt64
  var replication: Int
  var items: Int
  var chunkTimeS: Double?
  /// Rows are in the order of the scenario's phases, whatever order the sync takes.
  var order = "listed"
}
