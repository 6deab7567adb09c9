import Syncer
import SyncerPostgreSQL
import SyncerTables
import Testing

struct StoreTests {
  private func store(
    _ name: String, _ rows: String = "(1, 'one'), (2, 'two')", mark: any CommitMark = SyncMark()
  ) async throws -> PostgreSQLStore<Line> {
    let connection = try await TestServer.connection(
      """
      DROP TABLE IF EXISTS \(name); CREATE TABLE \(name) (
        id bigint PRIMARY KEY, name varchar(9) CHECK (name <> 'evil'), kept text DEFAULT 'kept');
      INSERT INTO \(name) VALUES \(rows)
      """)
    let table = try await PostgreSQLTable(name, columns: ["name"], of: connection)
    return PostgreSQLStore(table, on: connection, mark: mark)
  }

  private func rows(_ store: PostgreSQLStore<Line>) async throws -> [String] {
    try await TestServer.connection().texts(
      "SELECT id, name, kept FROM \(store.table.name) ORDER BY id")
  }

  @Test(
    "A chunk inserts, updates and deletes; other columns are kept", .enabled(if: TestServer.isThere)
  )
  func written() async throws {
    let store = try await store("written", "(1, 'one', 'x'), (2, 'two', 'x'), (3, 'three', 'x')")
    try await store.write([
      .update(Line(1, "uno")), .delete(key: [2]), .insert(Line(4, nil)), .none,
      .insert(Line(5, "a\tb\\\n")), .delete(key: [9]), .insert(Line(3, "drei")),
    ])
    #expect(try await rows(store) == ["1,uno,x", "3,drei,x", "4,NULL,kept", "5,a\tb\\\n,kept"])
    try await store.write([])
    try await store.write([.update(Line(6, "six"))])
    #expect(try await rows(store).count == 5)
  }

  @Test(
    "A row that is refused is named, and nothing of its chunk is written",
    .enabled(if: TestServer.isThere), arguments: [true, false])
  func refused(isNew: Bool) async throws {
    let store = try await store(isNew ? "refused_new" : "refused_known")
    func change(_ line: Line) -> RowChange<Line> { isNew ? .insert(line) : .update(line) }
    let long = await sentence {
      try await store.write([change(Line(7, "seven")), change(Line(8, "far too long"))])
    }
    #expect(
      long.contains(
        "key 8, column name, refuses a value (value too long for type character varying(9)); widen"),
      "\(long)")
    let evil = await sentence {
      try await store.write([.delete(key: [1]), change(Line(7, "seven")), change(Line(9, "evil"))])
    }
    #expect(evil.contains("refuses a row (new row for relation") && evil.contains("name_check"))
    #expect(try await rows(store) == ["1,one,kept", "2,two,kept"])
    try await store.write([change(Line(7, "seven"))])
    #expect(try await rows(store).count == 3)
  }

  @Test(
    "A session that is lost before the commit changes nothing, and the chunk can be written again",
    .enabled(if: TestServer.isThere))
  func lost() async throws {
    let store = try await store("lost_before", mark: EndingMark())
    let error = await #expect(throws: PostgreSQLError.self) {
      try await store.write([.insert(Line(3, "three"))])
    }
    #expect(error?.isTransient == true)
    #expect(try await rows(store).count == 2)
    try await store.write([.insert(Line(3, "three"))])
    #expect(try await rows(store).count == 3)
  }

  @Test(
    "A commit whose answer was lost is looked up and not repeated", .enabled(if: TestServer.isThere)
  )
  func unanswered() async throws {
    let setup = try await store("unanswered", "(1, 'one')")
    try await setup.connection.query("ALTER TABLE unanswered ADD COLUMN writes serial")
    let proxy = try CuttingProxy(before: try #require(TestServer.text))
    let connection = PostgreSQLConnection(try PostgreSQLAddress(proxy.text))
    let store = PostgreSQLStore<Line>(setup.table, on: connection)
    try await store.write([.insert(Line(2, "two"))])
    for id in 3...6 {
      // From the server nothing comes back, or nothing gets there.
      proxy.cut(at: "COMMIT", isForwarded: id % 2 == 0)
      do {
        try await store.write([.insert(Line(PostgreSQLValue(id), "row"))])
        #expect(id % 2 == 0, "a commit that was not forwarded was not made: \(id)")
      } catch let error as PostgreSQLError {
        #expect(error.isTransient && id % 2 == 1, "\(id): \(error)")
        try await store.write([.insert(Line(PostgreSQLValue(id), "row"))])
      }
    }
    #expect(try await rows(setup).count == 6)
    // A second writing of a row would have taken a number of the sequence.
    let repeated = try await setup.connection.texts(
      "SELECT id FROM unanswered WHERE id > 6 OR name = ''")
    #expect(repeated.isEmpty)
    #expect(proxy.cutCount == 4)
  }

  @Test("Chunks that a server lost after all are told of", .enabled(if: TestServer.isThere))
  func forgotten() async throws {
    let store = try await store("forgotten", mark: ForgetfulMark())
    try await store.write([.insert(Line(3, "three"))])
    await store.connection.close()
    let said = await sentence { try await store.write([.insert(Line(4, "four"))]) }
    #expect(
      said.contains("has lost 1 of the chunks that the server said were committed"), "\(said)")
    #expect(try await rows(store).count == 3)
  }

  @Test("Keys that the server would choose itself are written", .enabled(if: TestServer.isThere))
  func identity() async throws {
    let connection = try await TestServer.connection(
      """
      DROP TABLE IF EXISTS chosen;
      CREATE TABLE chosen (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,
        length integer GENERATED ALWAYS AS (length(name)) STORED)
      """)
    let table = try await PostgreSQLTable("chosen", of: connection)
    #expect(table.columnNames == ["id", "name"])
    let store = PostgreSQLStore<Line>(table, on: connection)
    try await store.write([.insert(Line(7, "seven"))])
    try await store.write([.update(Line(7, "sieben")), .update(Line(8, "acht"))])
    let rows = try await TestServer.connection().texts("SELECT * FROM chosen ORDER BY id")
    #expect(rows == ["7,sieben,6", "8,acht,4"])
  }
}

/// A mark that the server has an older number of in every session but the first.
private struct ForgetfulMark: CommitMark {
  private let base = SyncMark()
  private let once = Once()

  func prepare(_ connection: isolated PostgreSQLConnection) throws -> Int {
    try base.prepare(connection) - (once.isFirst() ? 0 : 1)
  }

  func set(
    _ number: Int, through key: PostgreSQLKey, count: Int,
    _ connection: isolated PostgreSQLConnection
  ) throws {
    try base.set(number, through: key, count: count, connection)
  }
}

/// A mark that ends the session of the first chunk.
private struct EndingMark: CommitMark {
  private let base = SyncMark()
  private let once = Once()

  func prepare(_ connection: isolated PostgreSQLConnection) throws -> Int {
    try base.prepare(connection)
  }

  func set(
    _ number: Int, through key: PostgreSQLKey, count: Int,
    _ connection: isolated PostgreSQLConnection
  ) throws {
    if once.isFirst() { try connection.run("SELECT pg_terminate_backend(pg_backend_pid())") }
    try base.set(number, through: key, count: count, connection)
  }
}
