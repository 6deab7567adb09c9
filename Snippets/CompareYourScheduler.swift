// Put a scheduler of your own beside the default one: on the same items, in tables, reports and gates.
import Syncer
import SyncerReports
import SyncerSimulation

/// Takes items until the target is reached.
struct TimeBox: ChunkScheduler {
  func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void) -> Admission {
    chunk.elapsedSeconds < chunk.targetSeconds ? .take : .close
  }
}

let text = ItemClass(name: "text", weight: 99, handle: .lognormal(mean: 0.01, cv: 0.5))
let audio = ItemClass(name: "audio", process: .gamma(mean: 30, cv: 0.4))
let scenario = Scenario(
  name: "mine", replications: 5,
  sync: SyncSettings(chunkTime: .seconds(5), order: .shuffled()),
  workload: WorkloadSettings(
    source: .phases([WorkloadPhase(count: 10_000, classes: [text, audio])])),
  schedulers: [.standard, SchedulerSettings("mine") { TimeBox() }])

let results = try await Experiment(scenario).run()
print(ResultFormat.table.text(results))
if let comparison = Comparison(results) { print(comparison.text) }

// The same settings go into a report (`run(report: try ReportWriter(folder: "Reports/mine"))`), a gate
// (`Gate(baselines: "Baselines").check(scenario)`), and through `adjust` into a `Sweep`.
