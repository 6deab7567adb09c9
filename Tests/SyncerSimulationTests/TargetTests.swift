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
    Target(scenario: "fast-to-slow", metric: .overshootAboveFloor, atMost: 1.15),
    Target(scenario: "fast-to-slow-handlers", metric: .overshootAboveFloor, atMost: 1.15),
    Target(scenario: "load-spike", metric: .overshootAboveFloor, atMost: 1.05),
    Target(scenario: "rare-heavy-mix", metric: .overshootAboveFloor, atMost: 1.5),
    Target(scenario: "rare-heavy-mix-process", metric: .overshootAboveFloor, atMost: 2.0),
    // The target of the project is 1.03; Decisions, "The default scheduler", says what falls short.
    Target(scenario: "overhead-bound", metric: .makespanVsOracle, atMost: 1.033),
    Target(scenario: "overhead-above-target", metric: .chunks, atMost: 24),
    Target(scenario: "fast-files", metric: .makespanVsOracle, atMost: 1.01),
    Target(scenario: "fast-to-slow", metric: .makespanVsOracle, atMost: 1.01),
    Target(scenario: "rare-heavy-mix", metric: .makespanVsOracle, atMost: 1.01),
    Target(scenario: "slow-transcriptions", metric: .makespanVsOracle, atMost: 1.01),
    Target(scenario: "router-of-four", metric: .makespanVsOracle, atMost: 1.15),
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
