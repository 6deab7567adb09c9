public import GRDB
internal import Synchronization

/// Writes changes to a table: all of a list in one transaction, many rows to a statement.
///
/// Keys are what the database and the program have to agree on. Refused are a unique index on the
/// key with another collation than `BINARY`, a NULL in a key, values that a column would convert,
/// and an update whose row is there with its text in another Unicode normal form. Texts as keys of
/// the sync are best `BinaryText`; a `Date` is stored to the millisecond, and so are two of one.
public struct TableWriter<Row: TableRow>: TableStore where Row.Value == TableValue {
  /// The database.
  public let database: any DatabaseWriter
  /// How often a transaction is tried that finds the database locked for longer than its wait.
  public let attempts: Int
  private let keys = KnownKeys()

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
    let changes = SortedChanges(changes)
    if changes.isEmpty { return }
    try inTransaction { try apply(changes, $0) }
  }

  /// Writes the changes of this table and those of another, all or none of them.
  ///
  /// - Throws: `DatabaseFileError`; the tables are then as they were.
  public func write<Other: TableRow>(
    _ changes: [RowChange<Row>], with others: [RowChange<Other>]
  ) throws(DatabaseFileError) where Other.Value == TableValue {
    let other = TableWriter<Other>(database: database)
    let (changes, others) = (SortedChanges(changes), SortedChanges(others))
    if changes.isEmpty && others.isEmpty { return }
    try inTransaction { db in
      if !changes.isEmpty { try apply(changes, db) }
      if !others.isEmpty { try other.apply(others, db) }
    }
  }

  private func apply(_ changes: SortedChanges<Row>, _ db: Database) throws {
    let known = try keys.of(Row.table, db)
    for row in changes.rows { try known.check(row.prefix(Row.table.keyCount)) }
    for key in changes.deleted { try known.check(key) }
    for key in changes.updated { try known.checkForm(ofUpdated: key, db) }
    try Self.delete(changes.deleted, db)
    try Self.put(changes.rows, db)
  }

  /// Adds a row, unless there is one with its key: of several that add one at the same time, the
  /// row of the first stays.
  ///
  /// - Throws: `DatabaseFileError`; the table is then as it was.
  public func insertIfAbsent(_ row: Row) throws(DatabaseFileError) {
    try inTransaction { db in
      try keys.of(Row.table, db).check(row.values.prefix(Row.table.keyCount))
      try Self.put([row.values], replacing: false, db)
    }
  }

  /// Does all of something or nothing, again where the database is locked for too long.
  private func inTransaction(_ work: (Database) throws -> Void) throws(DatabaseFileError) {
    var attempt = 1
    while true {
      do {
        return try database.write(work)
      } catch let error as KeyError {
        throw DatabaseFileError(file: database.path, rule: error.rule, remedy: error.remedy)
      } catch {
        let isBusy = (error as? DatabaseError)?.resultCode == .SQLITE_BUSY
        if !isBusy || attempt == attempts {
          throw DatabaseFileError(file: database.path, error)
        }
        attempt += 1
      }
    }
  }

  private static func put(
    _ rows: [[TableValue?]], replacing: Bool = true, _ db: Database
  ) throws {
    let table = Row.table
    let columns = table.columns.map(\.quotedDatabaseIdentifier)
    let keys = columns.prefix(table.keyCount).joined(separator: ", ")
    let others = columns.dropFirst(table.keyCount).map { "\($0) = excluded.\($0)" }
    let conflict =
      others.isEmpty || !replacing
      ? "DO NOTHING" : "DO UPDATE SET \(others.joined(separator: ", "))"
    try inBatches(rows, width: columns.count, db) { places in
      """
      INSERT INTO \(table.name.quotedDatabaseIdentifier) (\(columns.joined(separator: ", "))) \
      VALUES \(places) ON CONFLICT (\(keys)) \(conflict)
      """
    }
  }

  private static func delete(_ keys: [[TableValue?]], _ db: Database) throws {
    let table = Row.table
    let columns = table.columns.prefix(table.keyCount).map {
      "\($0.quotedDatabaseIdentifier) COLLATE BINARY"
    }
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
      try bind(batch, width: width, to: statement)
      try statement.execute()
      start += batch.count
    }
  }

  /// Binds the values one by one: GRDB's lists of arguments cost more than SQLite takes to write them.
  private static func bind(
    _ rows: ArraySlice<[TableValue?]>, width: Int, to statement: Statement
  ) throws {
    // Resets the statement, and declares it complete: what it has no value for is NULL.
    statement.setUncheckedArguments(StatementArguments())
    var place: CInt = 0
    for row in rows {
      precondition(row.count == width, "A row has \(row.count) values for \(width) columns.")
      for value in row {
        place += 1
        guard let value else { continue }
        let code = value.databaseValue.bind(to: statement.sqliteStatement, at: place)
        if code != 0 { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
      }
    }
  }
}

/// The rules of a table's keys, read once.
private final class KnownKeys: Sendable {
  private let known = Mutex<TableKeys?>(nil)

  func of(_ layout: TableLayout, _ db: Database) throws -> TableKeys {
    if let keys = known.withLock({ $0 }) { return keys }
    let keys = try TableKeys(of: layout, db)
    known.withLock { $0 = keys }
    return keys
  }
}

/// Changes by what the database does for them.
private struct SortedChanges<Row: TableRow> where Row.Value == TableValue {
  /// The rows that are put.
  var rows: [[TableValue?]] = []
  /// The keys of those that go, and of those that have to be there.
  var deleted: [[TableValue?]] = []
  var updated: [[TableValue?]] = []

  var isEmpty: Bool { rows.isEmpty && deleted.isEmpty }

  init(_ changes: [RowChange<Row>]) {
    for change in changes {
      switch change {
      case .insert(let row): rows.append(row.values)
      case .update(let row):
        rows.append(row.values)
        updated.append(Array(row.values.prefix(Row.table.keyCount)))
      case .delete(let key): deleted.append(key)
      case .none: break
      }
    }
  }
}
