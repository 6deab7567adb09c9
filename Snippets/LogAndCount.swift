import Logging
import Syncer
import SyncerInstrumentation

let observer = ObserverGroup([
  SyncLog(logger: Logger(label: "photos")),  // what the process has bootstrapped
  SyncMetrics(name: "photos"),
])
let handler = ClosureSyncHandler<Int, Int, Int, Int>(
  handle: { $0.key }, processChunk: { print("chunk \($0.number)") })
let syncer = Syncer(
  differ: Differ(left: ArrayResource(Array(0..<100)), right: ArrayResource([])),
  handler: handler, observer: observer)
_ = try await syncer.chunkedSync(chunkTime: .seconds(5))
