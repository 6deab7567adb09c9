import Foundation
import GRDB
import SyncerPostgreSQL

/// A table of an SQLite database.
struct SQLiteTable: Sendable {
  let path: String
  let name: String
  let columns: [String]
  fileprivate let database: DatabaseQueue

  /// Opens the database for reading.
  ///
  /// - Throws: `SourceError`.
  init(path: String, table name: String) throws {
    self.path = path
    self.name = name
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      columns = try database.read { db in
        try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [name])
      }
      self.database = database
    } catch {
      throw Self.unreadable(path, error)
    }
    if columns.isEmpty {
      throw SourceError(source: path, rule: "has no table \(name)", remedy: "name one that it has")
    }
  }

  fileprivate static func unreadable(_ path: String, _ error: any Error) -> SourceError {
    SourceError(
      source: path, rule: "cannot be read (\(error))",
      remedy: "name an SQLite database that is not locked")
  }

}

/// The rows of a table of an SQLite database, in the order of their keys.
struct SQLiteRows: Sendable {
  fileprivate let source: SQLiteTable
  private let table: PostgreSQLTable

  private static let batchCount = 5_000

  /// - Throws: `SourceError` where the table lacks a column.
  init(_ source: SQLiteTable, for table: PostgreSQLTable) throws {
    self.source = source
    self.table = table
    for name in table.columnNames where !source.columns.contains(name) {
      throw SourceError(
        source: source.path, rule: "has no column \(source.name).\(name)",
        remedy: "add it, or choose another key")
    }
  }

  /// Reads batch by batch, each as the table is then.
  struct Iterator {
    private let source: SQLiteTable
    private let table: PostgreSQLTable
    private let range: PostgreSQLKeyRange
    private var last: PostgreSQLKey?
    private var batch: ArraySlice<PostgreSQLRow> = []
    private var hasEnded = false

    init(_ rows: SQLiteRows, in range: PostgreSQLKeyRange) {
      source = rows.source
      table = rows.table
      self.range = range
      last = range.after
    }

    mutating func next() throws -> PostgreSQLRow? {
      if batch.isEmpty && !hasEnded {
        batch = try fetch()[...]
        hasEnded = batch.count < SQLiteRows.batchCount
        last = batch.last?.key ?? last
      }
      return batch.popFirst()
    }

    private func fetch() throws -> [PostgreSQLRow] {
      let key = table.keyNames.map { "\($0.quotedDatabaseIdentifier) COLLATE BINARY" }
        .joined(separator: ", ")
      let places = table.keyNames.map { _ in "?" }.joined(separator: ", ")
      let bounds = [(">", last), ("<=", range.through)].compactMap { sign, bound in
        bound.map { (sign, $0.parts) }
      }
      let conditions = bounds.map { "(\(key)) \($0.0) (\(places))" }.joined(separator: " AND ")
      let columns = table.columnNames.map(\.quotedDatabaseIdentifier).joined(separator: ", ")
      let sql =
        "SELECT \(columns) FROM \(source.name.quotedDatabaseIdentifier) "
        + (conditions.isEmpty ? "" : "WHERE \(conditions) ") + "ORDER BY \(key) LIMIT ?"
      var arguments = StatementArguments()
      for part in bounds.flatMap(\.1) {
        switch part {
        case .number(let number): arguments += [number]
        case .text(let value): arguments += [value.text]
        }
      }
      arguments += [SQLiteRows.batchCount]
      let rows: [[PostgreSQLValue?]]
      do {
        rows = try source.database.read { db in
          try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
            row.databaseValues.map(Self.value)
          }
        }
      } catch {
        throw SQLiteTable.unreadable(source.path, error)
      }
      return try rows.map { PostgreSQLRow(key: try table.key(of: $0), values: $0) }
    }

    private static func value(_ value: DatabaseValue) -> PostgreSQLValue? {
      switch value.storage {
      case .null: nil
      case .int64(let number): PostgreSQLValue(number)
      case .double(let number): PostgreSQLValue(number)
      case .string(let text): PostgreSQLValue(text)
      case .blob(let bytes): PostgreSQLValue(bytes: bytes)
      }
    }
  }
}
