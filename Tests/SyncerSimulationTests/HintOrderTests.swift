import Syncer
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Orders by hint, simulated.
struct HintOrderTests {
  /// Videos of 5 minutes for 8 workers, at chunks of 2 minutes.
  private func videos(_ order: SyncSettings.Order, count: Int = 2000) -> Scenario {
    Scenario(
      name: "videos", sync: SyncSettings(chunkTimeSeconds: 120, order: order),
      workload: WorkloadSettings(
        source: .phases([
          WorkloadPhase(
            count: count,
            classes: [
              ItemClass(name: "video", process: .lognormal(mean: 300, cv: 0.8), hintNoise: 0.05)
            ])
        ]), chunkOverhead: .constant(1.5), workers: 8))
  }

  private func metrics(_ scenario: Scenario) async throws -> RunMetrics {
    try await Simulation(scenario).run(.standard)
  }

  @Test("with workers the largest first take less time than as listed")
  func largestFirst() async throws {
    let listed = try #require(try await metrics(videos(.listed))[.makespan])
    let sorted = try #require(try await metrics(videos(.largestFirst))[.makespan])
    #expect(sorted / listed < 0.95, "\(sorted) s, listed \(listed) s")
  }

  @Test("the smallest first are more items in the same time")
  func smallestFirst() async throws {
    var done: [SyncSettings.Order: Double] = [:]
    for order in [.smallestFirst, .mixed, .largestFirst] as [SyncSettings.Order] {
      var scenario = videos(order)
      scenario.sync.maximumDurationSeconds = 6 * 3600
      done[order] = try await metrics(scenario)[.items]
    }
    let (small, mixed, large) = (
      done[.smallestFirst] ?? 0, done[.mixed] ?? 0, done[.largestFirst] ?? 0
    )
    #expect(small > 1.5 * mixed && small > 1.5 * large, "\(small), \(mixed), \(large)")
  }

  @Test("workers take the longest items of a chunk first where hints are there")
  func longestFirst() async throws {
    let workload = [100.0, 10, 10, 10, 10, 10, 10, 40]
    let hinted = HintOrder.longestFirst(workload.map { $0 })
    #expect(hinted == [0, 7, 1, 2, 3, 4, 5, 6])
    #expect(HintOrder.longestFirst([nil, 1, nil, 2]) == [3, 1, 0, 2])
  }

  @Test("an order by hint needs hints")
  func needsHints() {
    let json = """
      { "name": "x", "sync": { "chunkTime": "1s", "order": "largestFirst" },
        "workload": { "phases": [ { "count": 1, "class": "a", "handle": { "constant": "1s" } } ] } }
      """
    let error = #expect(throws: ScenarioError.self) {
      try Scenario(json: Array(json.utf8), file: "x.json")
    }
    #expect(
      error.map { "\($0)" }
        == "x.json: sync.order is \"largestFirst\", but no class has hints; give a class of the phases "
        + "a \"hint\", or choose \"listed\" or \"shuffled\".")
  }
}
