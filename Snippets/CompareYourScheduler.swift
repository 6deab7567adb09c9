// Compare a scheduler of your own with the default one, on the same drawn items.
import Syncer
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
  name: "mine", sync: SyncSettings(chunkTime: .seconds(5), order: .shuffled()),
  workload: WorkloadSettings(
    source: .phases([WorkloadPhase(count: 10_000, classes: [text, audio])])))

let simulation = try Simulation(scenario)
for (name, scheduler) in [("time box", TimeBox()), ("deadline", DeadlineScheduler())]
  as [(String, any ChunkScheduler)]
{
  let metrics = try await simulation.run(scheduler: scheduler)
  print(name, metrics[.overshootAboveFloor] ?? 0, metrics[.chunks] ?? 0)
}
