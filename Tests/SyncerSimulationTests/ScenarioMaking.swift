import Foundation

@testable import SyncerSimulation

extension Scenario {
  /// A scenario of constant costs, one phase per pair of count and seconds in the handler.
  static func constant(
    _ phases: [(count: Int, seconds: Double)], sync: SyncSettings, overhead: Double = 0,
    load: LoadSettings = LoadSettings(), schedulers: [SchedulerSettings] = [.standard]
  ) -> Scenario {
    let phases = phases.map { phase in
      WorkloadPhase(
        count: phase.count,
        classes: [ItemClass(name: "item", handle: .constant(phase.seconds))])
    }
    return Scenario(
      name: "constant", sync: sync,
      workload: WorkloadSettings(source: .phases(phases), chunkOverhead: .constant(overhead)),
      load: load, schedulers: schedulers)
  }

  /// One chunk of everything, to see what items and machine do.
  static func single(
    _ classes: [ItemClass], count: Int, seed: UInt64 = 1, workers: Int = 1,
    load: LoadSettings = LoadSettings()
  ) -> Scenario {
    Scenario(
      name: "single", seed: seed,
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: count, classes: classes)]), workers: workers),
      load: load)
  }
}

extension Simulation {
  /// The chunks of a run.
  func chunks(_ settings: SchedulerSettings) async throws -> [SimulatedChunk] {
    var chunks: [SimulatedChunk] = []
    _ = try await run(settings) { chunks.append($0) }
    return chunks
  }
}

/// A folder that is removed at the end.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "co3-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      // The system empties its temporary folder in time.
    }
  }

  /// Writes a file; returns its path.
  func file(_ name: String, _ text: String) throws -> String {
    let file = self[name]
    try Data(text.utf8).write(to: URL(filePath: file))
    return file
  }

  /// The path of a file in the folder.
  subscript(name: String) -> String { "\(path)/\(name)" }

  /// The names of what is in a folder in it, hidden files included, sorted.
  func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self[folder]).sorted()
  }

  func text(of name: String) throws -> String {
    try String(contentsOfFile: self[name], encoding: .utf8)
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: self[name])
  }
}

/// The folder of this repository.
let repository = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Runs a scenario; returns its chunks, its metrics and what was seen.
func record(
  _ scenario: Scenario
) async throws -> (chunks: [SimulatedChunk], metrics: RunMetrics, recorder: RunRecorder) {
  var chunks: [SimulatedChunk] = []
  let recorder = RunRecorder()
  let metrics = try await Simulation(scenario).run(
    scenario.schedulers[0], recorder: recorder, onChunk: { chunks.append($0) })
  return (chunks, metrics, recorder)
}
