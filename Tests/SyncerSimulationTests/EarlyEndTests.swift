import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Syncs that end before their items are done.
struct EarlyEndTests {
  private func scenario(
    _ classes: [ItemClass], count: Int, overhead: Double, _ sync: SyncSettings, workers: Int = 1
  ) -> Scenario {
    Scenario(
      name: "early", seed: 2, sync: sync,
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: count, classes: classes)]),
        chunkOverhead: .constant(overhead), workers: workers), schedulers: [.standard])
  }

  private func metrics(_ scenario: Scenario, _ kind: String) async throws -> RunMetrics {
    let simulation = try Simulation(scenario)
    var metrics = try await simulation.run(SchedulerSettings(kind))
    metrics.relate(to: try await Optimum(simulation))
    return metrics
  }

  @Test("what was done out of order is not held against the optimum of the first items")
  func otherItems() async throws {
    var sync = SyncSettings(chunkTimeSeconds: 5)
    sync.maximumDurationSeconds = 3
    sync.order = .roughlyListed
    let classes = [
      ItemClass(name: "file", weight: 10, handle: .constant(0.05)),
      ItemClass(name: "video", process: .constant(4)),
    ]
    let metrics = try await metrics(
      scenario(classes, count: 600, overhead: 0.2, sync), "deadline")
    let waste = try #require(metrics[.waste])
    #expect(try #require(metrics[.wasteVsOptimal]) == waste && waste >= 1)
    let done = try #require(metrics[.items])
    #expect(metrics[.unfinishedItems] == 600 - done && done < 600)
  }

  @Test("the bound of chunks that overlap holds for whatever was done")
  func overlapping() async throws {
    var sync = SyncSettings(chunkTimeSeconds: 5, openChunks: 2)
    sync.maximumDurationSeconds = 60
    let video = ItemClass(name: "video", handle: .constant(0.1), process: .constant(2))
    for kind in ["optimal", "deadline"] {
      let metrics = try await metrics(
        scenario([video], count: 1000, overhead: 1, sync, workers: 2), kind)
      #expect(try #require(metrics[.wasteVsOptimal]) >= 1, "\(kind)")
    }
  }

  @Test("makespans of unequal work are not compared")
  func verdict() async throws {
    var sync = SyncSettings(chunkTimeSeconds: 5)
    sync.maximumDurationSeconds = 20
    let file = ItemClass(name: "file", handle: .constant(0.05), process: .constant(0.01))
    var scenario = scenario([file], count: 2000, overhead: 0.5, sync)
    scenario.schedulers = [SchedulerSettings("deadline"), SchedulerSettings("fixed")]
    let comparison = try #require(Comparison(try await Experiment(scenario).run()))
    #expect(comparison.unequalItems != nil)
    #expect(comparison.verdict.contains("did not do the same work"))
    scenario.sync.maximumDurationSeconds = nil
    let whole = try #require(Comparison(try await Experiment(scenario).run()))
    #expect(whole.unequalItems == nil && whole.verdict.contains("The price of"))
  }
}
