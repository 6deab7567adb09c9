import Foundation
import Syncer
import SyncerSimulation
import TestSupport
import Testing

/// A recorded sync, run again on virtual time.
struct ReplayTests {
  /// What a sidecar says, as far as a scenario needs it.
  private struct Sidecar: Decodable {
    var chunkTimeS: Double
    var chunkOverheadS: Double?
    var chunks: Int
    var items: Int
    var durationS: Double

    init(of recording: String) throws {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let data = try Data(contentsOf: URL(fileURLWithPath: recording + ".json"))
      self = try decoder.decode(Sidecar.self, from: data)
    }
  }

  private static let recordings = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Recordings").path

  @Test("a real recording, replayed, takes what it took but for the chunks it saves, to 5 %")
  func shipped() async throws {
    let sidecar = try Sidecar(of: "\(Self.recordings)/index-usr-share.csv")
    let scenario = try Scenario(file: "\(Self.recordings)/replay.json")
    #expect(scenario.sync.chunkTimeSeconds == sidecar.chunkTimeS)
    #expect(!scenario.sync.isShuffled)
    let overhead = try #require(sidecar.chunkOverheadS)
    guard case .constant(let seconds) = scenario.workload.chunkOverhead else {
      Issue.record("the scenario's chunkOverhead is no constant")
      return
    }
    #expect(abs(seconds - overhead) < 1e-9)
    let metrics = try await Simulation(scenario).run(.standard)
    let makespan = try #require(metrics[.makespan])
    let chunks = try #require(metrics[.chunks])
    #expect(metrics[.items] == Double(sidecar.items))
    // It was recorded under a scheduler that made more chunks, each with its overhead.
    let expected = sidecar.durationS + (chunks - Double(sidecar.chunks)) * overhead
    #expect(
      abs(makespan / expected - 1) < 0.05,
      "simulated \(makespan) s, measured \(sidecar.durationS) s in \(sidecar.chunks) chunks")
  }

  @Test("a sync recorded now is replayed with its times, whatever the chunks are")
  func live() async throws {
    let fixture = try Fixture(files: 300, seed: 21)
    let path = "\(fixture.folder.path)/costs.csv"
    let ended = try fixture.sync("--record", path, "--chunk-time", "5ms", "--json")
    #expect(ended.code == 0, "\(ended.err)")
    let sidecar = try Sidecar(of: path)
    let overhead = try #require(sidecar.chunkOverheadS)
    let measured = ended.events.reduce(0) { sum, event in
      sum + (event["handle_s"] as? Double ?? 0) + (event["process_s"] as? Double ?? 0)
    }
    let scenario = Scenario(
      name: "live", sync: SyncSettings(chunkTimeSeconds: sidecar.chunkTimeS),
      workload: WorkloadSettings(
        source: .trace(TraceSettings(path: path)), chunkOverhead: .constant(overhead)))
    for settings in [SchedulerSettings.standard, SchedulerSettings("fixed")] {
      let metrics = try await Simulation(scenario).run(settings)
      let chunks = try #require(metrics[.chunks])
      let makespan = try #require(metrics[.makespan])
      #expect(metrics[.items] == 300)
      // Items cost what they cost; what more or fewer chunks cost is their overhead.
      let expected = measured + (chunks - Double(sidecar.chunks)) * overhead
      #expect(abs(makespan - expected) < 1e-6, "\(makespan) and \(expected)")
    }
  }
}
