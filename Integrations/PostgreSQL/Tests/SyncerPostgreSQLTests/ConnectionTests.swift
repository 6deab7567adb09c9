import SyncerPostgreSQL
import Testing

struct ConnectionTests {
  @Test("Values are bound and come back as they were", .enabled(if: TestServer.isThere))
  func bound() async throws {
    let connection = try await TestServer.connection()
    let texts = ["", "'; DROP TABLE x --", "tab\tnew\nline\\N", "é", "e\u{301}", "𝄞"]
    for text in texts {
      let found = try await connection.query(
        "SELECT $1::text, $2::text", [PostgreSQLValue(text), nil])
      #expect(found.rows == [[PostgreSQLValue(text), nil]], "\(text)")
    }
  }

  @Test("What the server refuses is a sentence with its reason", .enabled(if: TestServer.isThere))
  func sentences() async throws {
    let connection = try await TestServer.connection()
    let missing = await sentence { try await connection.query("SELECT * FROM nowhere") }
    #expect(missing.hasPrefix("The database postgres at 127.0.0.1:"))
    #expect(missing.contains("has no such table (relation \"nowhere\" does not exist); name one"))
    let division = await sentence { try await connection.query("SELECT 1 / 0") }
    #expect(division.contains("refuses a value (division by zero)"))
  }

  @Test("No message and no mirror has the password", .enabled(if: TestServer.isThere))
  func password() async throws {
    let address = try TestServer.address()
    var dumped = ""
    dump(address, to: &dumped)
    dump(PostgreSQLConnection(address), to: &dumped)
    let wrong = try PostgreSQLAddress(
      "postgresql://co3:opensaysme@127.0.0.1:\(try port())/postgres")
    let refused = await sentence { try await PostgreSQLConnection(wrong).query("SELECT 1") }
    #expect(refused.contains("lets nobody in"))
    let garbled = await sentence { _ = try PostgreSQLAddress("postgresql://co3:sesame@[::1") }
    #expect(garbled.contains("is no connection string"))
    let spaced = await sentence { _ = try PostgreSQLAddress("host=a password 'sesame'") }
    for text in ["\(address)", "\([address])", dumped, refused, garbled, spaced] {
      #expect(!text.contains("sesame") && !text.contains("opensaysme"), "\(text)")
    }
  }

  private func port() throws -> Substring {
    try #require(TestServer.text?.split(separator: ":").last?.split(separator: "/").first)
  }

  @Test("A server that is not there is transient", .enabled(if: TestServer.isThere))
  func nobody() async throws {
    let connection = PostgreSQLConnection(try PostgreSQLAddress("postgresql://127.0.0.1:1/none"))
    let error = await #expect(throws: PostgreSQLError.self) {
      try await connection.query("SELECT 1")
    }
    #expect(error?.isTransient == true)
    #expect("\(String(describing: error))".contains("cannot be reached"))
  }

  @Test("Cancelling the task gives the statement up", .enabled(if: TestServer.isThere))
  func cancelled() async throws {
    let connection = try await TestServer.connection()
    let other = try await TestServer.connection()
    let task = Task { try await connection.query("SELECT pg_sleep(600)") }
    let begun = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600%'"
    while try await other.texts(begun) == ["0"] { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await connection.texts("SELECT 1") == ["1"])
  }

  @Test("A lost session is followed by another", .enabled(if: TestServer.isThere))
  func lost() async throws {
    let connection = try await TestServer.connection("SELECT 1")
    let error = await #expect(throws: PostgreSQLError.self) {
      try await connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
    }
    #expect(error?.isConnectionLost == true)
    #expect(try await connection.texts("SELECT 1") == ["1"])
    #expect(await connection.sessionCount == 2)
  }

  @Test("Timeouts of statements and locks are told apart", .enabled(if: TestServer.isThere))
  func timeouts() async throws {
    let holder = try await TestServer.connection(
      "DROP TABLE IF EXISTS locked; CREATE TABLE locked (id integer)")
    try await holder.query("BEGIN; LOCK TABLE locked")
    let options = PostgreSQLOptions(
      statementTimeout: .milliseconds(20), lockTimeout: .milliseconds(5))
    let connection = PostgreSQLConnection(try TestServer.address(), options: options)
    let locked = await sentence { try await connection.query("SELECT * FROM locked") }
    #expect(locked.contains("could not lock what another holds"))
    let slow = await sentence { try await connection.query("SELECT pg_sleep(600)") }
    #expect(slow.contains("gave the statement up"))
    try await holder.query("ROLLBACK")
  }
}
