import Foundation
import SyncerSimulation
import Testing

/// What the default scheduler must reach on recorded workloads, which lie outside the repository.
///
/// `CO3_SEEDS=20 swift test --filter TraceTargetTests` runs twenty seeds instead of one and prints
/// the worst of each case.
@Suite struct TraceTargetTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var trace: String
    var chunkTimeSeconds: Double
    var cost: TraceSettings.Cost
    var isShuffled: Bool
    var hintNoise: Double?

    var testDescription: String {
      "\(trace), \(isShuffled ? "shuffled" : "listed"), cost in \(cost.rawValue)"
        + (hintNoise == nil ? "" : ", hints")
    }

    /// The most that the worst chunk and the 99th percentile may be, over their floor.
    ///
    /// Costs in the handlers are bounded by 2 by construction: handling is cut at the target, so
    /// that a chunk takes less than target plus one item. Two cases miss what the project aims at,
    /// 3.0 and 1.4; Decisions, "The default scheduler", says why.
    var bounds: (worst: Double, p99: Double) {
      if hintNoise != nil { return (trace.contains("nasa") ? 1.7 : 1.4, 1.3) }
      return cost == .handle ? (2, 1.3) : (3, 1.7)
    }
  }

  static let traces: [(name: String, chunkTimeSeconds: Double)] = [
    ("audio-earnings-calls.csv", 60), ("audio-voxconverse-turns.csv.gz", 60),
    ("files-obsidian-help.csv.gz", 1), ("files-usr-measured.csv.gz", 1),
    ("jobs-nasa-ipsc-1993.csv.gz", 3600), ("service-genai-requests.csv.gz", 600),
  ]

  static let cases: [Case] = traces.flatMap { trace in
    [false, true].flatMap { isShuffled in
      TraceSettings.Cost.allCases.flatMap { cost in
        [nil, 0.2].map { noise in
          Case(
            trace: trace.name, chunkTimeSeconds: trace.chunkTimeSeconds, cost: cost,
            isShuffled: isShuffled, hintNoise: noise)
        }
      }
    }
  }

  static let seeds = ProcessInfo.processInfo.environment["CO3_SEEDS"].flatMap { Int($0) } ?? 1

  @Test(
    .enabled(
      if: PackageRoot.sharedTrace("items/audio-earnings-calls.csv") != nil,
      "needs the shared traces beside the repository, in ../shared/traces"),
    arguments: cases)
  func keepsToTheTarget(example: Case) async throws {
    let path = try #require(PackageRoot.sharedTrace("items/\(example.trace)"))
    let settings = TraceSettings(path: path, cost: example.cost, hintNoise: example.hintNoise)
    var scenario = Scenario(
      name: "trace", sync: SyncSettings(chunkTimeSeconds: example.chunkTimeSeconds),
      workload: WorkloadSettings(source: .trace(settings)))
    scenario.sync.isShuffled = example.isShuffled
    var worst = (overshoot: 0.0, p99: 0.0)
    for seed in 1...Self.seeds {
      let metrics = try await Simulation(scenario, replication: seed).run(.standard)
      let overshoot = metrics[.overshootAboveFloor] ?? .infinity
      let p99 = metrics[.p99AboveFloor] ?? .infinity
      #expect(overshoot <= example.bounds.worst, "replication \(seed), \(example.testDescription)")
      #expect(p99 <= example.bounds.p99, "replication \(seed), \(example.testDescription)")
      worst = (max(worst.overshoot, overshoot), max(worst.p99, p99))
    }
    if Self.seeds > 1 {
      print("\(example.testDescription): worst \(worst.overshoot), p99 \(worst.p99)")
    }
  }
}
