import Foundation
import SyncerSimulation
import Testing

/// The scenarios that come with the repository.
struct ShippedScenarioTests {
  /// The names of the files, without `.json`.
  static var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(
        atPath: repository.appending(path: "Scenarios").path
      )
      .filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }
      .map { String($0.dropLast(".json".count)) }
      .sorted()
    }
  }

  private func scenario(_ name: String) throws -> Scenario {
    try Scenario(file: repository.appending(path: "Scenarios/\(name).json").path)
  }

  @Test("there are the scenarios the README speaks of")
  func allAreThere() throws {
    let names = try Self.names
    for name in [
      "fast-files", "slow-transcriptions", "load-spike", "fast-to-slow", "fast-to-slow-handlers",
      "rare-heavy-mix", "overhead-bound", "router-of-four", "real-files",
    ] { #expect(names.contains(name), "Scenarios/\(name).json is missing") }
  }

  @Test(
    "every scenario decodes, is named as its file, and can draw its items", arguments: try names)
  func decodes(name: String) throws {
    let scenario = try scenario(name)
    #expect(scenario.name == name)
    #expect(!scenario.summary.isEmpty, "\(name) says nothing about itself")
    #expect(!scenario.summary.contains { $0.isNewline })
    let count = try Workload(scenario).count
    #expect(count > 0)
  }

  @Test("the reference collapses on fast items followed by slow ones, the default does not")
  func collapse() async throws {
    let simulation = try Simulation(scenario("fast-to-slow"))
    let original = try await simulation.run(SchedulerSettings("moving-average"))
    let standard = try await simulation.run(.standard)
    let (collapsed, kept) = (original[.overshootAboveFloor], standard[.overshootAboveFloor])
    #expect(try #require(collapsed) > 100, "co3sim Scenarios/fast-to-slow.json")
    #expect(try #require(kept) < 2, "co3sim Scenarios/fast-to-slow.json")
  }
}
