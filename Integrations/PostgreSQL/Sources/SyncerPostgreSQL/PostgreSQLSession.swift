internal import CLibPQ
internal import Foundation

/// What libpq keeps of a session; it ends with the last reference.
final class PostgreSQLSession {
  let handle: OpaquePointer

  /// Connects; the call blocks, for ten seconds where the address does not say how long.
  init(_ address: PostgreSQLAddress, application: String) throws(PostgreSQLError) {
    // A machine that vanished is told from one that is busy within half a minute, on both sides.
    var parameters = [
      ("connect_timeout", "10"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
      ("keepalives_count", "3"), ("tcp_user_timeout", "30000"), ("application_name", application),
    ]
    parameters += address.parameters.map { ($0.name, $0.value) }
    parameters.append(("client_encoding", "UTF8"))
    let names = parameters.map { strdup($0.0) }
    let values = parameters.map { strdup($0.1) }
    defer { (names + values).forEach { free($0) } }
    let handle = PQconnectdbParams(
      names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
    guard let handle else {
      throw PostgreSQLError(
        place: address.description, state: "08001", rule: "cannot be reached: there is no memory",
        remedy: "end other programs, and run again")
    }
    guard PQstatus(handle) == CONNECTION_OK else {
      let message = String(cString: PQerrorMessage(handle))
      let state = Self.state(of: message, needsPassword: PQconnectionNeedsPassword(handle) != 0)
      PQfinish(handle)
      throw PostgreSQLError(.init(state: state, message: message), place: address.description)
    }
    // Notices are for people at a prompt.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    self.handle = handle
  }

  deinit { PQfinish(handle) }

  var isLost: Bool { PQstatus(handle) != CONNECTION_OK }

  /// What the server meant; libpq keeps no SQLSTATE of connections that came to nothing.
  private static func state(of message: String, needsPassword: Bool) -> String {
    let states = [
      ("authentication failed", "28P01"), ("no pg_hba.conf entry", "28000"),
      ("starting up", "57P03"), ("shutting down", "57P03"), ("recovery", "57P03"),
      ("too many clients", "53300"), ("connection slots", "53300"), ("database \"", "3D000"),
      ("role \"", "28000"),
    ]
    if needsPassword { return "28P01" }
    guard message.contains("FATAL:") else { return "08001" }
    return states.first { message.contains($0.0) }?.1 ?? "08004"
  }

  // MARK: Statements

  /// Runs statements without parameters, or one with.
  func run(
    _ sql: String, _ parameters: [PostgreSQLValue?], place: String
  ) throws(PostgreSQLError) -> PostgreSQLResult {
    if parameters.isEmpty { return try read(PQexec(handle, sql), place) }
    for case let value? in parameters where value.text.utf8.contains(0) {
      throw PostgreSQLError(
        place: place, state: "22021", rule: "takes no text with a NUL in it", remedy: "leave it out"
      )
    }
    let texts = parameters.map { $0.map { strdup($0.text) } ?? nil }
    defer { texts.forEach { free($0) } }
    return try read(
      PQexecParams(
        handle, sql, Int32(texts.count), nil, texts.map { UnsafePointer($0) }, nil, nil, 0), place)
  }

  /// Copies rows in, in pieces, so that they need no memory of their own.
  func copy<Rows: Collection>(
    _ sql: String, _ rows: Rows, place: String, append: (Rows.Element, inout [UInt8]) -> Void
  ) throws(PostgreSQLError) {
    try start(sql, place)
    var buffer: [UInt8] = []
    let limit = 1 << 17
    buffer.reserveCapacity(limit + 4_096)
    for row in rows {
      append(row, &buffer)
      if buffer.count >= limit, !put(&buffer) { break }
    }
    _ = put(&buffer)
    PQputCopyEnd(handle, nil)
    var failure: PostgreSQLError?
    while let result = PQgetResult(handle) {
      do {
        _ = try read(result, place)
      } catch {
        failure = failure ?? error
      }
      if isLost { break }
    }
    if let failure { throw failure }
  }

  private func start(_ sql: String, _ place: String) throws(PostgreSQLError) {
    let result = PQexec(handle, sql)
    defer { PQclear(result) }
    if PQresultStatus(result) != PGRES_COPY_IN { throw error(of: result, place) }
  }

  private func put(_ buffer: inout [UInt8]) -> Bool {
    let isSent = buffer.withUnsafeBytes { bytes in
      PQputCopyData(
        handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) == 1
    }
    buffer.removeAll(keepingCapacity: true)
    return isSent
  }

  // MARK: Results

  private func read(
    _ result: OpaquePointer?, _ place: String
  ) throws(PostgreSQLError) -> PostgreSQLResult {
    defer { PQclear(result) }
    guard let result else { throw error(of: nil, place) }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
    default: throw error(of: result, place)
    }
    let columns = 0..<PQnfields(result)
    let rows = (0..<PQntuples(result)).map { row in
      columns.map { Self.value(result, row, $0) }
    }
    return PostgreSQLResult(
      rows: rows, affectedCount: Int(String(cString: PQcmdTuples(result))) ?? 0,
      command: String(cString: PQcmdStatus(result)))
  }

  private static func value(
    _ result: OpaquePointer, _ row: Int32, _ column: Int32
  ) -> PostgreSQLValue? {
    if PQgetisnull(result, row, column) != 0 { return nil }
    let bytes = UnsafeRawBufferPointer(
      start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
    return PostgreSQLValue(String(decoding: bytes, as: UTF8.self))
  }

  private func error(of result: OpaquePointer?, _ place: String) -> PostgreSQLError {
    let field = { (code: Character) -> String? in
      guard let text = PQresultErrorField(result, Int32(code.asciiValue ?? 0)) else { return nil }
      return String(cString: text)
    }
    let message = field("M") ?? String(cString: PQerrorMessage(handle))
    return PostgreSQLError(
      .init(
        state: field("C") ?? (isLost ? "08006" : nil), message: message, detail: field("D"),
        context: field("W")), place: place)
  }
}

/// Rows that a statement returned, and what else the server said of it.
public struct PostgreSQLResult: Sendable {
  /// The rows, a value or nil for NULL per column.
  public var rows: [[PostgreSQLValue?]]
  /// How many rows were inserted, updated, deleted or selected.
  public var affectedCount: Int
  /// What was done, such as `COMMIT`; a transaction that failed answers it with `ROLLBACK`.
  var command: String
}
