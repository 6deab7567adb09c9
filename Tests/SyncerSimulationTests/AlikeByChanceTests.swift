import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Items that take more than the target, and now and then are alike by chance.
struct AlikeByChanceTests {
  @Test("items alike by chance are not taken for an overhead", arguments: [0.3, 0.5, 0.89])
  func noOverhead(variation: Double) async throws {
    let video = ItemClass(
      name: "video",
      process: .truncated(.lognormal(mean: 360, cv: variation), min: 0, max: 1200))
    let scenario = Scenario(
      name: "videos", seed: 1, sync: SyncSettings(chunkTimeSeconds: 300),
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: 50, classes: [video])])), schedulers: [.standard])
    var wastes = 0.0
    for replication in 1...200 {
      let simulation = try Simulation(scenario, replication: replication)
      let metrics = try await simulation.run(scenario.schedulers[0])
      let worst = try #require(metrics[.overshootAboveFloor])
      #expect(worst < 4, "replication \(replication)")
      wastes += try #require(metrics[.waste])
    }
    // Every item is a chunk of its own: they waste 1.08, 1.16 and 1.29.
    #expect(wastes / 200 < 1.4, "\(wastes / 200)")
  }
}
