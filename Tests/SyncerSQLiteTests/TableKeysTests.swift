import Foundation
import GRDB
import Syncer
import SyncerSQLite
import TestSupport
import Testing

/// A row of two columns whose key is a text, of a table made as a test likes.
private struct Entry: TableRow {
  var key: TableValue?
  var value: String

  static let table = TableLayout(name: "t", key: ["k"], columns: ["v"])

  var values: [TableValue?] { [key, value] }
}

/// The database takes two keys for one exactly where the program does, or refuses them.
struct TableKeysTests {
  private func writer(_ schema: String) throws -> TableWriter<Entry> {
    let queue = try DatabaseQueue()
    try queue.write { try $0.execute(sql: schema) }
    return TableWriter(database: queue)
  }

  private func rows(_ writer: TableWriter<Entry>) throws -> [String] {
    try writer.database.read { try String.fetchAll($0, sql: "SELECT k || v FROM t ORDER BY k") }
  }

  @Test(
    "a unique index that takes different keys for one is refused, and nothing is written",
    arguments: [
      "CREATE TABLE t (k TEXT PRIMARY KEY COLLATE NOCASE, v TEXT)",
      "CREATE TABLE t (k TEXT COLLATE RTRIM UNIQUE, v TEXT)",
      "CREATE TABLE t (k TEXT, v TEXT); CREATE UNIQUE INDEX i ON t (k COLLATE NOCASE)",
      "CREATE TABLE t (K TEXT COLLATE nocase PRIMARY KEY, v TEXT) WITHOUT ROWID",
    ])
  func collations(schema: String) throws {
    let writer = try writer(schema + "; INSERT INTO t VALUES ('README', '1')")
    for change in [RowChange.insert(Entry(key: "readme", value: "2")), .delete(key: ["readme"])] {
      let error = #expect(throws: DatabaseFileError.self) { try writer.write([change]) }
      #expect(error?.rule.contains("which takes different keys for one") == true)
    }
    #expect(try rows(writer) == ["README1"])
  }

  @Test("a deletion compares bytes, whatever the column's collation is")
  func deletion() throws {
    let writer = try writer(
      """
      CREATE TABLE t (k TEXT COLLATE NOCASE, v TEXT);
      CREATE UNIQUE INDEX i ON t (k COLLATE BINARY);
      INSERT INTO t VALUES ('README', '1'), ('readme', '2');
      """)
    try writer.write([.delete(key: ["readme"])])
    #expect(try rows(writer) == ["README1"])
  }

  @Test("a NULL in a key is refused: it equals no other, and would be added each time")
  func null() throws {
    let writer = try writer("CREATE TABLE t (k TEXT UNIQUE, v TEXT)")
    for _ in 0..<2 {
      let error = #expect(throws: DatabaseFileError.self) {
        try writer.write([
          .insert(Entry(key: "a", value: "1")), .update(Entry(key: nil, value: "2")),
        ])
      }
      #expect(
        error?.description == ":memory: cannot keep a key of t as it is: k is NULL, which equals "
          + "no other; give it keys that the column keeps.")
    }
    #expect(try rows(writer).isEmpty)
  }

  @Test("a key that the column would convert is refused")
  func conversions() throws {
    let kept: [(type: String, key: TableValue, isKept: Bool)] = [
      ("INTEGER", "01", false), ("INTEGER", " 1e3 ", false), ("INTEGER", "a1", true),
      ("NUMERIC", "1.0", false), ("DATETIME", "2024-01-01 00:00:00.000", true),
      ("REAL", Int64(1) << 60 + 1, false), ("REAL", 1 << 52, true), ("REAL", 0.1, true),
      ("VARCHAR(9)", 0.1 + 0.2, false), ("TEXT", 12, true), ("TEXT", "01", true),
      ("TEXT", "a\0b", false), ("", "01", true), ("BLOB", "1", true), ("ANY", "01", true),
    ]
    for (type, key, isKept) in kept {
      let writer = try writer("CREATE TABLE t (k \(type) UNIQUE, v TEXT)")
      if isKept {
        try writer.write([.insert(Entry(key: key, value: ""))])
        #expect(try rows(writer).count == 1, "\(type) \(key)")
      } else {
        #expect(throws: DatabaseFileError.self, "\(type) \(key)") {
          try writer.write([.insert(Entry(key: key, value: ""))])
        }
      }
    }
  }

  @Test("an update of a row that has its key in another normal form is refused")
  func normalForms() throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    let writer = try writer("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT)")
    try writer.write([.insert(Entry(key: decomposed, value: "1"))])
    let error = #expect(throws: DatabaseFileError.self) {
      try writer.write([.update(Entry(key: composed, value: "2"))])
    }
    #expect(error?.rule.contains("but for its Unicode normal form") == true)
    #expect(try rows(writer).count == 1)
    // Where both are meant, both are kept.
    try writer.write([.insert(Entry(key: composed, value: "2"))])
    try writer.write([
      .update(Entry(key: composed, value: "3")), .update(Entry(key: decomposed, value: "4")),
    ])
    #expect(try rows(writer).map { $0.last } == ["4", "3"])
  }

  @Test("with keys that compare bytes, a sync replaces a row of another normal form")
  func binaryText() async throws {
    let (composed, decomposed): (BinaryText, BinaryText) = ("caf\u{E9}", "cafe\u{301}")
    #expect(composed != decomposed)
    #expect(composed.text == decomposed.text)
    #expect(Set([composed, decomposed, composed]).count == 2)
    #expect(decomposed < composed)
    let writer = try writer("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT)")
    try writer.write([.insert(Entry(key: decomposed, value: "1"))])
    let table = TableResource<BinaryText>(in: writer.database) { db in
      try BinaryText.fetchAll(db, sql: "SELECT k FROM t")
    }
    let syncer = Syncer(
      differ: Differ(
        left: ArrayResource([composed]), right: table, leftKey: \.self, rightKey: \.self),
      handler: EntryHandler(writer: writer), order: .listed)
    #expect(try await syncer.sync().handledCount == 2)
    #expect(try table.select() == [composed])
  }
}

private struct EntryHandler: TableSyncHandler {
  let writer: TableWriter<Entry>

  func handleLeftExclusive(
    _ key: BinaryText, _ items: ArraySlice<BinaryText>
  ) async throws -> RowChange<Entry> {
    .insert(Entry(key: key, value: "new"))
  }

  func handleRightExclusive(
    _ key: BinaryText, _ items: ArraySlice<BinaryText>
  ) async throws -> RowChange<Entry> {
    .delete(key: [key])
  }

  func handleIntersection(
    _ key: BinaryText, _ left: ArraySlice<BinaryText>, _ right: ArraySlice<BinaryText>
  ) async throws -> RowChange<Entry> {
    .update(Entry(key: key, value: "newer"))
  }
}
