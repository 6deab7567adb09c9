import Foundation
import Syncer
import SyncerPostgreSQL
import SyncerTables

/// The server that `server run` started; without it tests that need one are skipped.
enum TestServer {
  static let text = ProcessInfo.processInfo.environment["CO3_POSTGRESQL"]
  static var isThere: Bool { text != nil }

  static func address() throws -> PostgreSQLAddress {
    try PostgreSQLAddress(text ?? "")
  }

  /// A connection, with what a test needs made anew.
  static func connection(_ sql: String = "") async throws -> PostgreSQLConnection {
    let connection = PostgreSQLConnection(try address())
    if !sql.isEmpty { try await connection.query(sql) }
    return connection
  }
}

extension PostgreSQLConnection {
  /// The rows as text, values between commas.
  func texts(_ sql: String) async throws -> [String] {
    try await query(sql).rows.map { row in row.map { $0?.text ?? "NULL" }.joined(separator: ",") }
  }
}

/// A row of a test.
struct Line: RowValues {
  var values: [PostgreSQLValue?]

  init(_ values: PostgreSQLValue?...) { self.values = values }
}

/// The sentence of an error that is thrown; empty where none is.
func sentence(_ work: () async throws -> Void) async -> String {
  do {
    try await work()
    return ""
  } catch {
    return "\(error)"
  }
}
