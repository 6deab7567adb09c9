import GRDB
import Syncer
import SyncerSQLite
import TestSupport
import Testing

/// Brings the notes of a database in step with a list.
private struct NoteHandler: TableSyncHandler {
  let writer: TableWriter<Note>

  func handleLeftExclusive(_ key: Int, _ items: ArraySlice<Note>) async throws -> RowChange<Note> {
    items.first.map { .insert($0) } ?? .none
  }

  func handleRightExclusive(_ key: Int, _ items: ArraySlice<Note>) async throws -> RowChange<Note> {
    items.first.map { .delete(key: $0.key) } ?? .none
  }

  func handleIntersection(
    _ key: Int, _ left: ArraySlice<Note>, _ right: ArraySlice<Note>
  ) async throws -> RowChange<Note> {
    left.first.map { .update($0) } ?? .none
  }
}

struct TableSyncTests {
  @Test("a list is synced into a table, one transaction per chunk")
  func sync() async throws {
    let folder = try TemporaryFolder()
    let file = try DatabaseFile(
      path: "\(folder.path)/notes.sqlite", identity: Note.identity, schema: Note.schema)
    let commits = Commits()
    file.queue.add(transactionObserver: commits, extent: .databaseLifetime)
    let writer = TableWriter<Note>(database: file.queue)
    try writer.write((0..<50).map { .insert(Note(book: "b", page: $0, text: "old")) })
    let wanted = (25..<100).map { Note(book: "b", page: $0, text: "new") }
    let syncer = Syncer(
      differ: Differ(
        left: ArrayResource(wanted), right: TableResource(in: file.queue, fetch: Note.fetch),
        leftKey: \.page, rightKey: \.page),
      handler: NoteHandler(writer: writer), order: .shuffled(seed: 5))
    commits.count = 0
    let report = try await syncer.chunkedSync(chunkCap: 7)
    #expect(report.chunks.count == 15)
    #expect(commits.count == 15)
    #expect(try Note.all(file) == wanted)
  }

  @Test("changes are counted by what they are, and what changes nothing is none")
  func counts() {
    let note = Note(book: "b", page: 1, text: nil)
    var counts = ChangeCounts(
      [
        .insert(note), .none, .update(note), .update(note), .delete(key: note.key),
        .delete(key: note.key), .delete(key: note.key),
      ] as [RowChange<Note>])
    #expect([counts.added, counts.updated, counts.deleted, counts.total] == [1, 2, 3, 6])
    counts += ChangeCounts([RowChange<Note>.insert(note)])
    #expect([counts.added, counts.updated, counts.deleted, counts.total] == [2, 2, 3, 7])
  }

  @Test("a query that cannot be run is a sentence")
  func badQuery() throws {
    let queue = try DatabaseQueue()
    let resource = TableResource(in: queue, sql: "SELECT 1 FROM nowhere") { try $0.integer(0) }
    let error = #expect(throws: DatabaseFileError.self) { try resource.select() }
    #expect(
      error?.description == ":memory: cannot be used (no such table: nowhere); "
        + "check that its tables are as they were made.")
  }

  @Test("rows are decoded by a closure, text as its bytes")
  func decoding() throws {
    let queue = try DatabaseQueue()
    let sql = "SELECT 'ab', x'00FF', 3"
    let resource = TableResource(in: queue, sql: sql) { row in
      "\(try row.bytes(0)) \(try row.bytes(1)) \(try row.integer(2))"
    }
    #expect(try resource.select() == ["[97, 98] [0, 255] 3"])
    let named = TableResource(in: queue, sql: "SELECT 'é' AS t, 1.5 AS d, 2 AS i, NULL AS n") {
      "\(try $0.text("t")) \(try $0.double("d")) \(try $0.double("i")) \(try $0.isNull("n"))"
    }
    #expect(try named.select() == ["é 1.5 2.0 true"])
    let wrong: [(decode: @Sendable (ResultRow) throws -> Int64, reason: String)] = [
      ({ try $0.integer(0) }, "0 has no whole number but NULL"),
      ({ try $0.integer("b") }, #"b has no whole number but "x""#),
      ({ try $0.integer("c") }, "the result has no column c, only a, b"),
      ({ try $0.integer(2) }, "the result has no column 2, only a, b"),
      ({ try $0.bytes("a").isEmpty ? 0 : 1 }, "a has no text or bytes but NULL"),
    ]
    for (decode, reason) in wrong {
      let resource = TableResource(in: queue, sql: "SELECT NULL AS a, 'x' AS b", decode: decode)
      let error = #expect(throws: DatabaseFileError.self) { try resource.select() }
      #expect(error?.rule == "cannot be used (\(reason))")
    }
  }
}

extension Note {
  @Sendable
  fileprivate static func fetch(_ db: Database) throws -> [Note] {
    try Row.fetchAll(db, sql: "SELECT book, page, text FROM notes").map {
      Note(book: $0["book"], page: $0["page"], text: $0["text"])
    }
  }
}

/// Counts the transactions that are committed.
private final class Commits: TransactionObserver {
  var count = 0

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }

  func databaseDidChange(with event: DatabaseEvent) {}

  func databaseDidCommit(_ db: Database) { count += 1 }

  func databaseDidRollback(_ db: Database) {}
}
