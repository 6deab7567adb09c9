// Gate your own handler: its costs on a virtual clock, one line to hold it against a baseline.
import Syncer
import SyncerTesting

let clock = VirtualClock()
let handler = ClosureSyncHandler<Int, Int, Int, Int>(
  costClass: { $0.key % 50 == 0 ? "video" : "text" },
  handle: { entry in
    clock.advance(by: .milliseconds(entry.key % 50 == 0 ? 900 : 3))
    return entry.key
  },
  processChunk: { chunk in clock.advance(by: .milliseconds(20 + chunk.outputs.count)) })
let syncer = Syncer(
  differ: Differ(left: ArrayResource(Array(0..<2000)), right: ArrayResource([])),
  handler: handler, order: .shuffled(seed: 7), clock: clock)
let report = try await syncer.chunkedSync(chunkTime: .seconds(2))

let bound = MetricBound(metric: .overshoot, atMost: 1.5)
let gate = Gate(baselines: "Baselines", beside: #filePath)
let outcome = try gate.check(report, name: "my-sync", bounds: [bound])
print(outcome.message)  // in a test: #expect(outcome.passes, "\(outcome.message)")
