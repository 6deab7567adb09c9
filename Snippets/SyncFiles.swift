import Syncer

let disk = ArrayResource(["a.txt", "b.wav", "c.txt"])
let index = ArrayResource(["c.txt", "d.txt"])

let handler = ClosureSyncHandler<String, String, String, String>(
  costClass: { CostClass(String($0.key.suffix(4))) },  // one estimate per kind of file
  handle: { "\($0.key) (\($0.membership.rawValue))" },  // item by item
  processChunk: { print("chunk \($0.number): \($0.outputs)") })  // in bulk: one transaction

let syncer = Syncer(
  differ: Differ(left: disk, right: index), handler: handler,
  scheduler: DeadlineScheduler(), order: .listed)
let report = try await syncer.chunkedSync(chunkTime: .seconds(5))
print("\(report.handledCount) items in \(report.chunks.count) chunks: \(report.stopReason)")
