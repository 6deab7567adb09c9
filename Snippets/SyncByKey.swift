// Two resources of different types, compared by a key; what is unchanged takes no part.
import Syncer

struct File: Sendable {
  var path: String
  var size: Int
}

struct Row: Sendable {
  var path: String
  var size: Int
}

enum Change: Sendable {
  case write(Row)
  case delete(String)
}

let files = ArrayResource([File(path: "a.txt", size: 10), File(path: "b.txt", size: 20)])
let rows = ArrayResource([Row(path: "b.txt", size: 19), Row(path: "c.txt", size: 30)])

let differ = Differ(left: files, right: rows, leftKey: \.path, rightKey: \.path)
let handler = differ.handler(
  onlyLeft: { file in Change.write(Row(path: file.path, size: file.size)) },
  onlyRight: { row in .delete(row.path) },
  both: { file, _ in .write(Row(path: file.path, size: file.size)) },
  isUnchanged: { file, row in file.size == row.size },
  costHint: { entry in entry.left.map { Double($0.size) } },  // known before the work
  processChunk: { chunk in print("chunk \(chunk.number): \(chunk.outputs)") })

let syncer = Syncer(differ: differ, handler: handler)
print(try await syncer.chunkedSync(chunkTime: .seconds(5)))
