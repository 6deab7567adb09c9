// Holds the only writer of a database for 50 ms at a time, so that others need not wait.
import Syncer

/// The database: one transaction at a time.
actor Database {
  private var rows: [Int: String] = [:]

  func write(_ changes: [(key: Int, text: String)]) async throws {
    for change in changes { rows[change.key] = change.text }
    try await Task.sleep(for: .microseconds(2000 + 100 * changes.count))
  }
}

let database = Database()
let handler = ClosureSyncHandler<Int, Int, Int, (key: Int, text: String)>(
  // Variables of a statement are limited too, by 32,766 in SQLite: two for every row.
  weight: { _, unit in unit == "variables" ? 2 : 0 },
  // Only the transaction holds the writer: what is prepared before takes no time worth counting.
  handle: { ($0.key, "row \($0.key)") },
  processChunk: { try await database.write($0.outputs) })

let syncer = Syncer(
  differ: Differ(left: ArrayResource(Array(1...5000)), right: ArrayResource([])), handler: handler,
  // What takes longer than it should weighs ten times what is shorter.
  scheduler: DeadlineScheduler(overrun: 10))
let report = try await syncer.chunkedSync(
  chunkTime: .milliseconds(50), chunkWeightCap: ["variables": 32_766])
print(report)
let longest = report.chunks.map(\.processing).max() ?? .zero
print("the writer was held for \(longest) at most")
