// Record a sync of your own, and run it again on virtual time under another scheduler.
import Foundation
import Syncer
import SyncerSimulation

let handler = ClosureSyncHandler<String, String, String, Int>(
  costClass: { CostClass(String($0.key.suffix(3))) },
  handle: { $0.key.utf8.count },  // your work on one item
  processChunk: { print("chunk \($0.number): \($0.outputs.reduce(0, +))") })  // and in bulk
let recorder = SyncRecorder()
let syncer = Syncer(
  differ: Differ(
    left: ArrayResource((1...500).map { "\($0).txt" }), right: ArrayResource([])),
  handler: RecordingHandler(handler, recorder), order: .listed, observer: recorder)
_ = try await syncer.chunkedSync(chunkTime: .milliseconds(1))

let trace = FileManager.default.temporaryDirectory.appending(path: "my-sync.csv")
try Data(recorder.trace.utf8).write(to: trace)
let overhead = recorder.chunkOverhead.map { $0 / .seconds(1) } ?? 0
let scenario = Scenario(
  name: "my-sync", sync: SyncSettings(chunkTimeSeconds: 0.001),
  workload: WorkloadSettings(
    source: .trace(TraceSettings(path: trace.path)), chunkOverhead: .constant(overhead)),
  schedulers: [SchedulerSettings("moving-average"), SchedulerSettings("deadline")])
for result in try await Experiment(scenario).run() {
  print("\(result.scheduler): \(result.metrics[.makespan] ?? 0) s")
}
