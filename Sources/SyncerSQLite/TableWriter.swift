public import GRDB

/// Writes changes to a table: all of a list in one transaction, many rows to a statement.
public struct TableWriter<Row: TableRow>: Sendable {
  /// The database.
  public let database: any DatabaseWriter
  /// How often a transaction is tried that finds the database locked for longer than its wait.
  public let attempts: Int

  /// Variables of a statement; SQLite's own limit is 32,766 and was 999.
  private static var variableLimit: Int { 999 }

  /// Makes a writer.
  ///
  /// - Precondition: there is at least one attempt.
  public init(database: any DatabaseWriter, attempts: Int = 3) {
    precondition(attempts > 0, "A transaction needs an attempt; there are \(attempts).")
    self.database = database
    self.attempts = attempts
  }

  /// Writes the changes, all or none of them; a key may occur in one change only.
  ///
  /// It does not suspend, so that a task that was cancelled still finishes its chunk.
  ///
  /// - Throws: `DatabaseFileError`; the table is then as it was.
  public func write(_ changes: [RowChange<Row>]) throws(DatabaseFileError) {
    var rows: [[TableValue?]] = []
    var keys: [[TableValue?]] = []
    for change in changes {
      switch change {
      case .insert(let row), .update(let row): rows.append(row.values)
      case .delete(let key): keys.append(key)
      case .none: break
      }
    }
    if rows.isEmpty && keys.isEmpty { return }
    var attempt = 1
    while true {
      do {
        try database.write { db in
          try Self.delete(keys, db)
          try Self.put(rows, db)
        }
        return
      } catch {
        let isBusy = (error as? DatabaseError)?.resultCode == .SQLITE_BUSY
        if !isBusy || attempt == attempts {
          throw DatabaseFileError(file: database.path, error)
        }
        attempt += 1
      }
    }
  }

  private static func put(_ rows: [[TableValue?]], _ db: Database) throws {
    let table = Row.table
    let columns = table.columns.map(\.quotedDatabaseIdentifier)
    let keys = columns.prefix(table.keyCount).joined(separator: ", ")
    let others = columns.dropFirst(table.keyCount).map { "\($0) = excluded.\($0)" }
    let conflict =
      others.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(others.joined(separator: ", "))"
    try inBatches(rows, width: columns.count, db) { places in
      """
      INSERT INTO \(table.name.quotedDatabaseIdentifier) (\(columns.joined(separator: ", "))) \
      VALUES \(places) ON CONFLICT (\(keys)) \(conflict)
      """
    }
  }

  private static func delete(_ keys: [[TableValue?]], _ db: Database) throws {
    let table = Row.table
    let columns = table.columns.prefix(table.keyCount).map(\.quotedDatabaseIdentifier)
    try inBatches(keys, width: table.keyCount, db) { places in
      """
      DELETE FROM \(table.name.quotedDatabaseIdentifier) \
      WHERE (\(columns.joined(separator: ", "))) IN (VALUES \(places))
      """
    }
  }

  /// Runs a statement for every batch of rows; only the last may be shorter than the others.
  private static func inBatches(
    _ rows: [[TableValue?]], width: Int, _ db: Database, sql: (String) -> String
  ) throws {
    let most = variableLimit / width
    let place = "(" + Array(repeating: "?", count: width).joined(separator: ", ") + ")"
    var start = 0
    while start < rows.count {
      let batch = rows[start..<min(start + most, rows.count)]
      let places = Array(repeating: place, count: batch.count).joined(separator: ", ")
      let statement =
        batch.count == most
        ? try db.cachedStatement(sql: sql(places)) : try db.makeStatement(sql: sql(places))
      for row in batch {
        precondition(row.count == width, "A row has \(row.count) values for \(width) columns.")
      }
      let values: [(any DatabaseValueConvertible)?] = batch.flatMap { $0 }
      try statement.execute(arguments: StatementArguments(values))
      start += batch.count
    }
  }
}
