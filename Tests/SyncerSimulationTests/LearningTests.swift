import Foundation
import Syncer
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Syncs in a row, simulated: what was learned guides and does not bind.
struct LearningTests {
  private static let names = [
    "fast-to-slow", "fast-to-slow-handlers", "real-files", "rare-heavy-mix",
    "rare-heavy-mix-process", "router-of-four", "slow-transcriptions", "overhead-bound",
  ]

  private func scenario(_ name: String) throws -> Scenario {
    var scenario = try Scenario(file: repository.appending(path: "Scenarios/\(name).json").path)
    scenario.replications = 1
    return scenario
  }

  /// The same scenario where everything takes so many times as long.
  private func slowed(_ scenario: Scenario, by factor: Double) -> Scenario {
    var scenario = scenario
    scenario.load.windows.append(
      LoadWindow(fromSeconds: 0, toSeconds: 1e9, slowdown: factor))
    return scenario
  }

  private func metrics(
    _ scenario: Scenario, after learned: LearnedCosts?, replication: Int
  ) async throws -> RunMetrics {
    let scheduler = learned.map { DeadlineScheduler(learned: $0) } ?? DeadlineScheduler()
    return try await Simulation(scenario, replication: replication).run(scheduler: scheduler)
  }

  @Test("learned on one machine, used on another: no chunk far above its floor", arguments: names)
  func anotherMachine(name: String) async throws {
    let scenario = try scenario(name)
    for replication in 1...5 {
      let learned = try await Simulation(scenario, replication: replication + 100).learned(
        by: DeadlineScheduler())
      let slow = slowed(scenario, by: 10)
      let first = try await metrics(slow, after: nil, replication: replication)
      let second = try await metrics(slow, after: learned, replication: replication)
      let worst = try #require(second[.overshootAboveFloor])
      let before = try #require(first[.overshootAboveFloor])
      // A single recording of five minutes says little of the pace: it may be short, or everything fast.
      let limit = name == "slow-transcriptions" ? 2.5 : 1.6
      #expect(
        worst <= max(limit, 1.03 * before), "\(name) \(replication): \(worst), first sync \(before)"
      )
      let ratio = try #require(second[.waste]) / (try #require(first[.waste]))
      #expect(ratio <= 1.03, "\(name) \(replication): waste \(ratio) of a first sync")
    }
  }

  @Test("runs without a scheduler that learns are warned of", arguments: ["deadline", "time-box"])
  func withoutEffect(scheduler: String) throws {
    let json = """
      {"name": "n", "runs": 3, "sync": {"chunkTime": "1s"}, "schedulers": ["\(scheduler)"],
       "workload": {"phases": [{"class": "x", "count": 1, "handle": {"constant": "1s"}}]}}
      """
    let warnings = try Scenario(json: Array(json.utf8), file: "n.json").warnings()
    #expect(warnings.count == (scheduler == "deadline" ? 0 : 1))
    #expect(warnings.allSatisfy { $0.hasPrefix("n.json: runs is without effect") })
  }

  @Test("the second of two syncs alike wastes no more than the first", arguments: names)
  func secondRun(name: String) async throws {
    let scenario = try scenario(name)
    var ratios: [Double] = []
    for replication in 1...5 {
      let settings = SchedulerSettings.standard.runs(2)
      let simulation = try Simulation(scenario, replication: replication)
      let first = try #require(try await simulation.run(settings[0])[.waste])
      let second = try #require(try await simulation.run(settings[1])[.waste])
      ratios.append(second / first)
    }
    let mean = ratios.reduce(0, +) / 5
    #expect(mean <= 1.01, "\(name): \(ratios)")
  }

  @Test("runs of a scenario are schedulers with labels of their own")
  func labels() throws {
    let json = """
      { "name": "x", "runs": 3, "sync": { "chunkTime": "1s" },
        "workload": { "phases": [ { "count": 9, "class": "a", "handle": { "constant": "1s" } } ] },
        "schedulers": [ "deadline", "fixed" ],
        "gate": { "waste": { "atMost": 2, "for": ["deadline run 3"] } } }
      """
    let scenario = try Scenario(json: Array(json.utf8), file: "x.json")
    #expect(
      scenario.schedulers.map(\.label) == ["deadline", "deadline run 2", "deadline run 3", "fixed"])
    #expect(scenario.schedulers.map(\.run) == [1, 2, 3, 1])
  }
}
