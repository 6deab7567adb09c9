import Syncer
import SyncerPostgreSQL
import Testing

struct RowsTests {
  static let names = [
    "a", "B", "b", "A", "é", "e\u{301}", "z", "", " ", "aa", "a b", "a-b", "Ω", "𝄞", "\u{FFFD}",
  ]

  @Test(
    "Texts come in the order of their bytes, whatever their column's collation is",
    .enabled(if: TestServer.isThere), arguments: ["und-x-icu", "C", "de-x-icu"])
  func bytewise(collation: String) async throws {
    let table = "bytewise_\(collation.filter(\.isLetter))"
    let connection = try await TestServer.connection(
      "DROP TABLE IF EXISTS \(table); "
        + "CREATE TABLE \(table) (name text COLLATE \"\(collation)\" PRIMARY KEY, size integer)")
    for (size, name) in Self.names.enumerated() {
      try await connection.query(
        "INSERT INTO \(table) VALUES ($1, $2)", [PostgreSQLValue(name), PostgreSQLValue(size)])
    }
    let rows = PostgreSQLRows(
      of: try await PostgreSQLTable(table, of: connection), at: try TestServer.address())
    let found = try await names(rows)
    #expect(found == Self.sorted(Self.names))
    for batchCount in [1, 2, found.count, found.count + 1] {
      var rows = rows
      rows.batchCount = batchCount
      #expect(try await names(rows) == found, "batches of \(batchCount)")
    }
    let keys = try found.map { try rows.table.key(of: [PostgreSQLValue($0)]) }
    #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
    for after in found.indices {
      for through in after..<found.count {
        var rows = rows
        rows.range = PostgreSQLKeyRange(after: keys[after], through: keys[through])
        #expect(try await names(rows) == found[(after + 1)..<(through + 1)].map { $0 })
        #expect(keys.filter(rows.range.contains).count == through - after)
      }
    }
  }

  private static func sorted(_ names: [String]) -> [String] {
    names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func names(_ rows: PostgreSQLRows) async throws -> [String] {
    var names: [String] = []
    for try await row in rows { names.append(row.values[0]?.text ?? "NULL") }
    return names
  }

  @Test(
    "Keys of several columns are ordered and bounded by all of them",
    .enabled(if: TestServer.isThere))
  func compound() async throws {
    let connection = try await TestServer.connection(
      """
      DROP TABLE IF EXISTS compound; CREATE TABLE compound (
        note text, number integer, name varchar(9) COLLATE "und-x-icu", PRIMARY KEY (number, name));
      INSERT INTO compound (number, name)
        SELECT number, name FROM generate_series(-2, 11) number, unnest('{a,B,b}'::text[]) name
      """)
    var rows = PostgreSQLRows(
      of: try await PostgreSQLTable("compound", of: connection), at: try TestServer.address())
    #expect(rows.table.columnNames == ["number", "name", "note"])
    var keys: [PostgreSQLKey] = []
    for try await row in rows { keys.append(row.key) }
    #expect(keys.count == 42 && keys == keys.sorted())
    rows.range = PostgreSQLKeyRange(after: keys[4], through: keys[7])
    var some: [PostgreSQLKey] = []
    for try await row in rows { some.append(row.key) }
    #expect(some == Array(keys[5...7]))
  }

  @Test(
    "A cursor whose session is lost goes on after its last row", .enabled(if: TestServer.isThere))
  func resumed() async throws {
    let connection = try await TestServer.connection(
      "DROP TABLE IF EXISTS resumed; CREATE TABLE resumed (id bigint PRIMARY KEY);"
        + "INSERT INTO resumed SELECT generate_series(1, 100)")
    var rows = PostgreSQLRows(
      of: try await PostgreSQLTable("resumed", of: connection), at: try TestServer.address(),
      options: PostgreSQLOptions(applicationName: "resumed"))
    rows.batchCount = 7
    rows.backoff = .constant(.zero)
    var keys: [String] = []
    for try await row in rows {
      keys.append(row.key.description)
      if keys.count % 30 == 0 {
        try await connection.query(
          """
          SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
          WHERE application_name = 'resumed'
          """)
      }
    }
    #expect(keys == (1...100).map { "\($0)" })
  }

  @Test(
    "Keys that the database tells apart in another way are refused",
    .enabled(if: TestServer.isThere),
    arguments: [
      (
        "name text COLLATE loose PRIMARY KEY",
        "takes different texts for one in the key column name"
      ),
      ("name text UNIQUE", "may have NULL in the key column name"),
      ("name numeric PRIMARY KEY", "has the type numeric in the key column name"),
      ("name char(3) PRIMARY KEY", "has the type bpchar in the key column name"),
      ("name text NOT NULL", "has no unique index on name"),
    ])
  func refused(column: String, reason: String) async throws {
    let name = "refused_\(column.filter(\.isLetter).lowercased())"
    let connection = try await TestServer.connection("DROP TABLE IF EXISTS \(name)")
    if column.contains("loose") {
      try await connection.query(
        """
        CREATE COLLATION IF NOT EXISTS loose
          (provider = icu, locale = 'und-u-ks-level2', deterministic = false)
        """)
    }
    try await connection.query("CREATE TABLE \(name) (\(column))")
    let said = await sentence { _ = try await PostgreSQLTable(name, key: ["name"], of: connection) }
    #expect(said.contains("The table public.\(name) \(reason)"), "\(said)")
  }
}
