import Foundation
import Syncer
import SyncerReports
import SyncerSimulation
import Testing

/// A scheduler of one's own stands wherever one with a name does.
@Suite struct OwnSchedulerTests {
  private struct ThreeItems: ChunkScheduler {
    func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void) -> Admission {
      chunk.count < 3 ? .take : .close
    }
  }

  private static let own = SchedulerSettings("three") { ThreeItems() }

  private static var scenario: Scenario {
    Scenario(
      name: "own", replications: 2, sync: SyncSettings(chunkTime: .seconds(5)),
      workload: WorkloadSettings(
        source: .phases([
          WorkloadPhase(count: 60, classes: [ItemClass(name: "a", handle: .constant(1))])
        ])),
      schedulers: [.standard, own],
      gate: [MetricBound(metric: .chunks, atMost: 20, schedulers: ["three"])])
  }

  @Test("it is in the results, the table, the comparison and the verdict")
  func experiment() async throws {
    let results = try await Experiment(Self.scenario).run()
    #expect(results.map(\.scheduler) == ["deadline", "three", "deadline", "three"])
    #expect(results[1].metrics[.chunks] == 20)
    #expect(ResultFormat.table.text(results).contains("three"))
    let comparison = try #require(Comparison(results))
    #expect(comparison.ranking.map(\.scheduler) == ["deadline", "three"])
    #expect(comparison.text.contains("three"))
  }

  @Test("it makes the chunks of the kind that has its rule")
  func sameAsFixed() async throws {
    var scenario = Self.scenario
    scenario.schedulers = [Self.own, SchedulerSettings("fixed", ["size": 3])]
    let results = try await Experiment(scenario).run()
    #expect(results[0].metrics == results[1].metrics)
  }

  @Test("it is in reports and their pages, and gates judge it")
  func reportAndGate() async throws {
    let folder = try TemporaryFolder()
    let report = try ReportWriter(folder: "\(folder.path)/own")
    let results = try await Experiment(Self.scenario).run(report: report)
    try report.commit()
    let chunks = try String(contentsOfFile: "\(folder.path)/own/chunks.csv", encoding: .utf8)
    #expect(chunks.contains("own,three,1,1,20,"))
    let outcome = try Gate(baselines: folder.path).check(results, of: Self.scenario)
    #expect(outcome.broken.isEmpty, "\(outcome.message)")
  }

  @Test("it is in sweeps")
  func sweep() throws {
    let json = """
      {"name": "x", "sync": {"chunkTime": "5s"}, "workload": {"phases": [
        {"class": "a", "count": 9, "handle": {"constant": "1s"}}]}}
      """
    let axis = try SweepAxis("sync.chunkTime=1s,2s")
    let sweep = try Sweep(json: Array(json.utf8), file: "x", folder: "", axes: [axis]) { scenario in
      var scenario = scenario
      scenario.schedulers.append(Self.own)
      return scenario
    }
    #expect(sweep.cellCount == 2 * (SchedulerSettings.compared.count + 1))
  }
}
