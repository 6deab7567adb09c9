internal import CLibPQ

/// What holds for the sessions of a connection.
public struct PostgreSQLOptions: Sendable {
  /// How long a statement may take; nil for as long as the server allows.
  public var statementTimeout: Duration?
  /// How long a lock is waited for; nil for as long as the server allows.
  public var lockTimeout: Duration?
  /// What the server's list of activities calls the session.
  public var applicationName: String

  /// Makes options.
  public init(
    statementTimeout: Duration? = nil, lockTimeout: Duration? = nil,
    applicationName: String = "Syncer"
  ) {
    self.statementTimeout = statementTimeout
    self.lockTimeout = lockTimeout
    self.applicationName = applicationName
  }
}

/// A connection to a PostgreSQL database, by libpq.
///
/// It connects when the first statement is run, and anew after the session was lost. Calls of libpq
/// block a thread of the connection's own. Values are written in one way whatever the server's settings:
/// times in UTC and ISO 8601, bytes in hexadecimal.
public actor PostgreSQLConnection {
  /// Where the database is.
  public nonisolated let address: PostgreSQLAddress
  /// What holds for its sessions.
  public nonisolated let options: PostgreSQLOptions
  /// How many sessions there were: temporary tables and locks are gone where it has grown.
  public private(set) var sessionCount = 0
  private nonisolated let executor = QueueExecutor()
  private nonisolated let canceller = Canceller()
  private var session: PostgreSQLSession?

  /// Makes a connection, without connecting yet.
  public init(_ address: PostgreSQLAddress, options: PostgreSQLOptions = PostgreSQLOptions()) {
    self.address = address
    self.options = options
  }

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Runs a statement.
  ///
  /// - Parameters:
  ///   - sql: A statement, or without parameters several.
  ///   - parameters: The values of `$1`, `$2` and so on; they are bound, never part of the text.
  /// - Returns: the rows, of the last statement.
  /// - Throws: `PostgreSQLError`; `CancellationError` where the task was cancelled, with the statement
  ///   given up.
  @discardableResult
  public func query(
    _ sql: String, _ parameters: [PostgreSQLValue?] = []
  ) async throws -> PostgreSQLResult {
    try Task.checkCancellation()
    return try await withTaskCancellationHandler {
      do {
        return try run(sql, parameters) { try Task.checkCancellation() }
      } catch let error as PostgreSQLError where error.state == "57014" && Task.isCancelled {
        throw CancellationError()
      }
    } onCancel: {
      canceller.cancel()
    }
  }

  /// Does something with the connection that nothing comes between, whether the task is cancelled or not.
  public func perform<Result: Sendable, Failure>(
    _ work: @Sendable (isolated PostgreSQLConnection) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try work(self)
  }

  /// Ends the session; the next statement opens another.
  public func close() { session = nil }

  /// Runs a statement, as `query` does, to its end.
  @discardableResult
  public func run(
    _ sql: String, _ parameters: [PostgreSQLValue?] = []
  ) throws(PostgreSQLError) -> PostgreSQLResult {
    let session = try opened()
    defer { dropIfLost() }
    return try session.run(sql, parameters, place: address.description)
  }

  /// Runs a statement that `canceller` can end, unless `check` throws once it can.
  private func run(
    _ sql: String, _ parameters: [PostgreSQLValue?], check: () throws -> Void
  ) throws -> PostgreSQLResult {
    let session = try opened()
    canceller.begin()
    defer {
      canceller.end()
      dropIfLost()
    }
    try check()
    return try session.run(sql, parameters, place: address.description)
  }

  /// Copies rows into a table: `sql` is a COPY from standard input, in text format.
  func copy<Rows: Collection>(
    _ sql: String, _ rows: Rows, append: (Rows.Element, inout [UInt8]) -> Void
  ) throws(PostgreSQLError) {
    let session = try opened()
    defer { dropIfLost() }
    try session.copy(sql, rows, place: address.description, append: append)
  }

  /// Sees to it that there is a session.
  func open() throws(PostgreSQLError) { _ = try opened() }

  private func dropIfLost() {
    if session?.isLost ?? false { session = nil }
  }

  private func opened() throws(PostgreSQLError) -> PostgreSQLSession {
    if let session { return session }
    let opened = try PostgreSQLSession(address, application: options.applicationName)
    let settings = settings(for: PQserverVersion(opened.handle))
    _ = try opened.run(settings, [], place: address.description)
    canceller.open(opened)
    sessionCount += 1
    session = opened
    return opened
  }

  private func settings(for version: Int32) -> String {
    var settings = """
      SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET timezone = 'UTC'; \
      SET bytea_output = 'hex'; SET extra_float_digits = 1; \
      SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
      """
    // A client that is gone is noticed in the middle of a statement too, from version 14.
    if version >= 140_000 { settings += "; SET client_connection_check_interval = '2s'" }
    let timeouts = [
      ("statement_timeout", options.statementTimeout), ("lock_timeout", options.lockTimeout),
    ]
    for case (let name, let timeout?) in timeouts {
      let milliseconds = Int(min(max(1, timeout / .milliseconds(1)), Double(Int32.max)))
      settings += "; SET \(name) = \(milliseconds)"
    }
    return settings
  }
}
