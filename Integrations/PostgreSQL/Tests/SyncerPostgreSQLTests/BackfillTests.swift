import Foundation
import GRDB
import SyncerPostgreSQL
import Testing

@Suite(.serialized)
struct BackfillTests {
  /// Makes a table; returns what the program calls it.
  private func table(_ name: String, _ sql: String) async throws -> (PostgreSQLConnection, String) {
    let connection = try await TestServer.connection("DROP TABLE IF EXISTS \(name)")
    try await connection.query(sql)
    return (connection, "\(try #require(TestServer.text))#\(name)")
  }

  private static func csv(_ ids: some Sequence<Int>, name: String = "row") -> String {
    "id,name\n" + ids.map { "\($0),\(name) \($0)\n" }.joined()
  }

  @Test(
    "The table ends with the rows of the file, and other columns stay",
    .enabled(if: TestServer.isThere))
  func file() async throws {
    let folder = try TestFolder()
    let (connection, place) = try await table(
      "from_file",
      "CREATE TABLE from_file (id bigint PRIMARY KEY, kept text DEFAULT 'x', name text)")
    try await connection.query(
      "INSERT INTO from_file VALUES (2, 'y', 'old'), (3, 'z', NULL), (9, '', '')")
    let file = try folder.file("rows.csv", "name,id\none,1\n\"\",2\n,3\n\"a,\nb\",10\n")
    let dry = try Program.run([file, place, "--dry-run"])
    #expect(dry.code == 0 && dry.err == "")
    #expect(dry.lines == ["+ 1", "~ 2", "- 9", "+ 10", "Would add 2, update 1, delete 1."])
    let ended = try Program.run([file, place, "--json"])
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.lines.last?.contains("\"added\":2,") == true)
    #expect(ended.lines.last?.contains("\"reason\":\"completed\"") == true)
    let rows = try await connection.texts("SELECT id, kept, name FROM from_file ORDER BY id")
    #expect(rows == ["1,x,one", "2,y,", "3,z,NULL", "10,x,a,\nb"])
    let again = try Program.run([file, place])
    #expect(again.out.hasPrefix("Added 0, updated 0, deleted 0 in 0 chunks, "))
  }

  @Test("SQLite and PostgreSQL give the same table as a file", .enabled(if: TestServer.isThere))
  func sources() async throws {
    let folder = try TestFolder()
    let names = RowsTests.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let (connection, place) = try await table(
      "from_any", #"CREATE TABLE from_any (name text COLLATE "de-x-icu" PRIMARY KEY, size bigint)"#)
    try await connection.query(
      "DROP TABLE IF EXISTS from_other; CREATE TABLE from_other (LIKE from_any INCLUDING ALL)")
    let database = "\(folder.path)/rows.sqlite"
    try await DatabaseQueue(path: database).write { db in
      try db.execute(sql: "CREATE TABLE rows (name TEXT COLLATE NOCASE, size INTEGER)")
      for (size, name) in names.enumerated() {
        try db.execute(sql: "INSERT INTO rows VALUES (?, ?)", arguments: [name, size])
      }
    }
    let file = try folder.file(
      "rows.csv",
      "name,size\n" + names.enumerated().map { "\"\($0.element)\",\($0.offset)\n" }.joined())
    let first = try Program.run(["\(database)#rows", place])
    #expect(first.code == 0 && first.out.hasPrefix("Added \(names.count), "), "\(first.err)")
    let other = place.replacingOccurrences(of: "#from_any", with: "#from_other")
    #expect(try Program.run([place, other]).out.hasPrefix("Added \(names.count), "))
    for source in ["\(database)#rows", file, other] {
      let dry = try Program.run([source, place, "--dry-run"])
      #expect(dry.out == "Would add 0, update 0, delete 0.\n", "\(source): \(dry.err)")
    }
  }

  @Test("A source that lacks too many rows changes nothing", .enabled(if: TestServer.isThere))
  func deletions() async throws {
    let folder = try TestFolder()
    let (connection, place) = try await table(
      "too_many", "CREATE TABLE too_many (id bigint PRIMARY KEY, name text)")
    try await connection.query(
      "INSERT INTO too_many SELECT i, 'row ' || i FROM generate_series(1, 10) i")
    let empty = try folder.file("empty.csv", "id,name\n")
    let few = try folder.file("few.csv", Self.csv([1, 2, 3, 4, 11]))
    let refused = try Program.run([few, place])
    #expect(refused.code == 12)
    #expect(
      refused.err.contains(
        "lacks 6 of the 10 rows in the table, more than the 50 % that may be deleted"))
    #expect(try Program.run([empty, place, "--max-delete", "100"]).code == 12)
    #expect(try await connection.texts("SELECT count(*) FROM too_many") == ["10"])
    #expect(try Program.run([few, place, "--max-delete", "6"]).code == 0)
    #expect(try Program.run([empty, place, "--allow-empty"]).code == 0)
    #expect(try await connection.texts("SELECT count(*) FROM too_many") == ["0"])
  }

  @Test("What a source lacks is said, with the line or the keys", .enabled(if: TestServer.isThere))
  func sentences() async throws {
    let folder = try TestFolder()
    let (_, place) = try await table(
      "sentences", "CREATE TABLE sentences (id bigint PRIMARY KEY, name text)")
    let cases = [
      ("id,name\n2,a\n1,b\n", "on the left 2 is followed by 1; sort that side"),
      ("id,name\n1,a\n1,b\n", "are said to be unique, but 1 is followed by 1"),
      ("id,name\n1,a\n2\n", "line 3, has 1 fields, but the header has 2; correct the line."),
      (
        "id,name\n1,a\nx,b\n",
        "line 3, is refused: The table public.sentences has no row with this key: id is x"
      ),
      ("id,name\n1,\"a\n", "has a quote without the one that ends its field"),
      ("id,other\n1,a\n", "The table public.sentences has no column other"),
      ("name\na\n", "has no column id; add it, or choose another key."),
      ("", "has no header"),
    ]
    for (text, said) in cases {
      let file = try folder.file("rows.csv", text)
      let ended = try Program.run([file, place, "--chunk-time", "100ms"])
      #expect(ended.code == 1 && ended.err.contains(said), "\(text): \(ended.err)")
    }
    let wrong = place.replacingOccurrences(of: "sesame", with: "opensaysme")
    let file = try folder.file("rows.csv", Self.csv([1]))
    for arguments in [
      [file, wrong], [place, "\(wrong)"], [file, "\(wrong)x y"], [wrong, "nowhere"],
    ] {
      let ended = try Program.run(arguments + ["--attempts", "1"])
      #expect(ended.code == 1)
      #expect(!(ended.err + ended.out).contains("opensaysme"), "\(ended.err)")
      #expect(!(ended.err + ended.out).contains("sesame"), "\(ended.err)")
    }
  }

  @Test(
    "A signal ends it after the open chunk, and the next run goes on",
    .enabled(if: TestServer.isThere))
  func stopped() async throws {
    let folder = try TestFolder()
    let (connection, place) = try await table(
      "stopped", "CREATE TABLE stopped (id bigint PRIMARY KEY, name text)")
    let file = try folder.file("rows.csv", Self.csv(1...200_000))
    let program = try Program([file, place, "--chunk-time", "20ms", "--json"])
    let start = program.read(upTo: "\"event\":\"chunk\"")
    kill(program.process.processIdentifier, SIGTERM)
    let ended = try program.ended(after: start)
    #expect(ended.code == 143, "\(ended.err)")
    #expect(ended.lines.last?.contains("\"reason\":\"cancelled\"") == true)
    let counted = try await connection.texts("SELECT count(*), max(id) FROM stopped")
    let count = try #require(ended.lines.last?.firstMatch(of: /"added":(\d+)/)?.1)
    #expect(counted == ["\(count),\(count)"])
    let limited = try Program.run([file, place, "--max-duration", "1ms"])
    #expect(limited.code == 10, "\(limited.err)")
    #expect(try Program.run([file, place]).code == 0)
    #expect(try await connection.texts("SELECT count(*) FROM stopped") == ["200000"])
  }

  @Test("Workers share a job, which is done once", .enabled(if: TestServer.isThere))
  func together() async throws {
    let folder = try TestFolder()
    let (connection, place) = try await table(
      "together", "CREATE TABLE together (id bigint PRIMARY KEY, name text)")
    try await connection.query(
      "INSERT INTO together SELECT i, 'old' FROM generate_series(-99, 20000) i")
    let file = try folder.file("rows.csv", Self.csv(1...30_000))
    let arguments = [
      file, place, "--job", "together \(folder.path)", "--shares", "5", "--chunk-time", "20ms",
    ]
    let programs = try (1...3).map { _ in try Program(arguments) }
    for program in programs {
      let ended = try program.ended()
      #expect(ended.code == 0, "\(ended.err)")
    }
    let rows =
      "SELECT count(*), min(id), max(id), count(*) FILTER (WHERE name = 'row ' || id) FROM together"
    #expect(try await connection.texts(rows) == ["30000,1,30000,30000"])
    let shares =
      "SELECT count(*), count(done_at), sum(changes) FROM co3_shares JOIN co3_jobs USING (job) "
      + "WHERE name = 'together \(folder.path)'"
    #expect(try await connection.texts(shares) == ["5,5,30100"])
    let late = try Program.run(arguments)
    #expect(late.code == 0 && late.out.contains("of 0 shares that this worker did"))
    let other = try Program.run(
      [try folder.file("other.csv", Self.csv([1])), place] + arguments.dropFirst(2))
    #expect(other.code == 1 && other.err.contains("choose another name for this one"))
  }

  @Test("A recording has a row per row, and takes nobody's place", .enabled(if: TestServer.isThere))
  func recorded() async throws {
    let folder = try TestFolder()
    let (_, place) = try await table(
      "recorded", "CREATE TABLE recorded (id bigint PRIMARY KEY, name text)")
    let file = try folder.file("rows.csv", Self.csv(1...500))
    let refused = try Program.run([file, place, "--record", file])
    #expect(refused.code == 1 && refused.err.contains("choose another file with --record"))
    let record = "\(folder.path)/costs.csv"
    #expect(try Program.run([file, place, "--record", record]).code == 0)
    let lines = try String(contentsOfFile: record, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 501 && lines[0] == "class,handle_s,process_s,hint")
    let sidecar = try String(contentsOfFile: record + ".json", encoding: .utf8)
    #expect(sidecar.contains("\"program\" : \"co3backfill 0.1.0\""))
    #expect(!sidecar.contains("sesame"))
  }
}
