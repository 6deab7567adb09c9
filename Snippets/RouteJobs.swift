// A router of jobs with four workers, alone and under a sync that learns what each kind costs.
import Syncer
import SyncerRouting

let router = Router(
  workers: 4,
  routes: [
    Route(try Glob("*.wav")) { path in print("transcribe \(path)") },
    Route(try Glob("texts/**")) { path in print("index \(path)") },
    Route(where: { $0.hasSuffix(".txt") }) { path in print("count the words of \(path)") },
  ])

let files = ["a.wav", "texts/b.txt", "texts/c.txt", "d.wav", "e.png"]
let handler = RouterSyncHandler(
  ClosureSyncHandler<String, String, String, [String]>(
    costClass: { CostClass(String($0.key.suffix(4))) },
    handle: { [$0.key] },  // the events of an item
    processChunk: { print("chunk \($0.number) done: \($0.outputs.flatMap { $0 })") }),
  router: router)
var syncer = Syncer(
  differ: Differ(left: ArrayResource(files), right: ArrayResource([])), handler: handler)
syncer.onFailure = .isolate(maximumErrors: 10)

try await router.running {
  // Events one by one, as they are done.
  for await done in router.submit(["x.wav", "texts/y.txt"]) {
    print("\(done.event): \(done.outcome) after \(done.duration)")
  }
  // Chunks of events.
  let report = try await syncer.chunkedSync(chunkTime: .seconds(5))
  for failure in report.failures { print(failure) }  // no route takes e.png
}
