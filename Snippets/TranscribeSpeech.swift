// Transcribes speech on two workers: the seconds of audio say beforehand what a file costs.
import Syncer
import SyncerRouting

struct Speech: Sendable {
  var file: String
  var seconds: Double
}

let speeches = (1...40).map { Speech(file: "\($0).wav", seconds: Double(1 + $0 * 37 % 90)) }
let lengths = Dictionary(uniqueKeysWithValues: speeches.map { ($0.file, $0.seconds) })
let router = Router(
  workers: 2,
  routes: [
    Route(try Glob("*.wav")) { file in
      // A model would be here; it takes a thousandth of the audio's time.
      try await Task.sleep(for: .milliseconds(lengths[file] ?? 0))
    }
  ])
let differ = Differ(
  left: ArrayResource(speeches), right: ArrayResource<String>([]), leftKey: \.file,
  rightKey: { $0 })
let handler = RouterSyncHandler(
  differ.handler(
    onlyLeft: { [$0.file] },
    costClass: { _ in "speech" },
    costHint: { $0.left?.seconds },
    processChunk: { print("chunk \($0.number): \($0.outputs.count) files") }),
  router: router)

// The longest first: the two workers are done at about the same time.
let syncer = Syncer(differ: differ, handler: handler, order: .largestFirst)
let report = try await router.running {
  try await syncer.chunkedSync(chunkTime: .milliseconds(250))
}
print(report)
