// Three workers, anywhere, divide one sync among them: each handles the keys of its own share.

import Syncer

struct Shared: SyncHandler {
  let share: Partition

  func filter(_ entry: DiffEntry<String, String, String>) -> Bool {
    share.contains(entry.key)
  }

  func handleLeftExclusive(_ key: String, _ items: ArraySlice<String>) async throws -> String {
    "add \(key)"
  }

  func handleRightExclusive(_ key: String, _ items: ArraySlice<String>) async throws -> String {
    "remove \(key)"
  }

  func handleIntersection(
    _ key: String, _ left: ArraySlice<String>, _ right: ArraySlice<String>
  ) async throws -> String {
    "keep \(key)"
  }

  func processChunk(_ chunk: HandledChunk<String>) async throws {
    print(chunk.outputs.joined(separator: "\n"))
  }
}

let differences = Differences(
  left: ["a.txt", "b.txt", "c.txt"], right: ["b.txt", "d.txt"], leftKey: { $0 }, rightKey: { $0 })
for index in 1...3 {
  let syncer = Syncer(
    differences: differences, handler: Shared(share: Partition(index: index, of: 3)))
  _ = try await syncer.chunkedSync(chunkTime: .seconds(1))
}
