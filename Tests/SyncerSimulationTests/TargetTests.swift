import SyncerSimulation
import Testing

/// What the default scheduler must reach on the shipped scenarios, the worst of twenty seeds.
@Suite struct TargetTests {
  struct Target: Sendable, CustomTestStringConvertible {
    var scenario: String
    var metric: Metric
    var atMost: Double
    var testDescription: String { "\(scenario): \(metric.rawValue) <= \(atMost)" }
  }

  static let targets = [
    Target(scenario: "fast-to-slow", metric: .overshootAboveFloor, atMost: 2),
    Target(scenario: "fast-to-slow-handlers", metric: .overshootAboveFloor, atMost: 1.6),
    Target(scenario: "rare-heavy-mix", metric: .overshootAboveFloor, atMost: 2),
    Target(scenario: "overhead-above-target", metric: .chunks, atMost: 24),
    Target(scenario: "overhead-above-target", metric: .waste, atMost: 10),
    Target(scenario: "fast-files", metric: .waste, atMost: 1.05),
  ]

  @Test(arguments: targets) func isReachedOnTwentySeeds(target: Target) async throws {
    var scenario = try Scenario(file: PackageRoot.file("Scenarios/\(target.scenario).json"))
    scenario.schedulers = [.standard]
    scenario.replications = 20
    for result in try await Experiment(scenario).run() {
      let value = result.metrics[target.metric] ?? .infinity
      #expect(
        value <= target.atMost,
        """
        \(target.metric.rawValue) is \(value) in replication \(result.replication). Look: swift run \
        co3sim run Scenarios/\(target.scenario).json --scheduler deadline --replications 20
        """)
    }
  }

  @Test(arguments: ["fast-to-slow", "fast-to-slow-handlers"])
  func theReferenceStillCollapses(name: String) async throws {
    var scenario = try Scenario(file: PackageRoot.file("Scenarios/\(name).json"))
    scenario.schedulers = [SchedulerSettings("moving-average")]
    scenario.replications = 20
    let worst = try await Experiment(scenario).run()
      .compactMap { $0.metrics[.overshootAboveFloor] }.max()
    #expect(worst.map { $0 > 100 } == true, "the original collapses: \(String(describing: worst))")
  }
}
