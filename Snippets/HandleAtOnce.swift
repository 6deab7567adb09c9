// Four downloads at once, and the next chunk while one is written.
import Syncer

let pages = (1...40).map { "page \($0)" }
let handler = ClosureSyncHandler<String, String, String, String>(
  handle: { entry in
    try await Task.sleep(for: .milliseconds(20))  // a request would be here
    return entry.key
  },
  processChunk: { chunk in
    try await Task.sleep(for: .milliseconds(10))  // and a transaction here
    print("chunk \(chunk.number): \(chunk.outputs.count) pages, in order")
  })

var syncer = Syncer(
  differ: Differ(left: ArrayResource(pages), right: ArrayResource([])), handler: handler,
  order: .listed)
syncer.handlersAtOnce = 4
syncer.openChunks = 2
let report = try await syncer.chunkedSync(chunkTime: .milliseconds(100))
print("\(report.handledCount) pages in \(report.duration)")
