import Foundation
import SyncerReports
import SyncerSimulation
import Testing

/// The gate over every shipped scenario: what `co3sim gate` says, `swift test` says.
@Suite struct RegressionTests {
  static let names = [
    "failures", "fast-files", "fast-to-slow", "fast-to-slow-handlers", "faulty-items", "fleet",
    "load-spike", "overhead-above-target", "overhead-bound", "rare-heavy-mix",
    "rare-heavy-mix-process", "real-files", "router-of-four",
    "slow-transcriptions",
  ]

  @Test func everyShippedScenarioIsGated() throws {
    let files = try Scenario.files(in: PackageRoot.file("Scenarios"))
    #expect(files == Self.names.map { PackageRoot.file("Scenarios/\($0).json") }.sorted())
  }

  @Test(arguments: names) func keepsItsBoundsAndItsBaseline(name: String) async throws {
    let file = PackageRoot.file("Scenarios/\(name).json")
    let gate = Gate(baselines: PackageRoot.file("Reports/Baselines"))
    let scenario = try Scenario(file: file)
    let results = try await Experiment(scenario).run()
    let outcome = try gate.check(results, of: scenario)
    if !outcome.passes {
      Attachment.record(
        Array(ResultFormat.csv.text(results).utf8),
        named: "\(outcome.current.scenario)-summary.csv")
    }
    #expect(outcome.passes, "\(outcome.message)")
    if outcome.isOnlyBetter {
      Issue.record("\(outcome.message)", severity: .warning)
    }
  }

  @Test func theGateSeesAMutation() async throws {
    var scenario = try Scenario(file: PackageRoot.file("Scenarios/load-spike.json"))
    scenario.schedulers = [
      SchedulerSettings("moving-average"),
      SchedulerSettings("deadline", ["overrun": 20], label: "deadline"),
    ]
    let gate = Gate(baselines: PackageRoot.file("Reports/Baselines"))
    let outcome = try await gate.check(scenario)
    #expect(!outcome.deviations.isEmpty, "a scheduler that fears to exceed is not the one accepted")
    #expect(outcome.deviations.allSatisfy { $0.scheduler == "deadline" })
  }

  @Test func aChangedScenarioIsIncomparable() async throws {
    var scenario = try Scenario(file: PackageRoot.file("Scenarios/load-spike.json"))
    scenario.load.windows[0].slowdown = 11
    scenario.gate = []
    let outcome = try await Gate(baselines: PackageRoot.file("Reports/Baselines")).check(scenario)
    #expect(outcome.isIncomparable && !outcome.passes)
    #expect(outcome.message.contains("incomparable"))
  }
}
