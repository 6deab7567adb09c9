public import SyncerTables

/// Writes changes to a table of a PostgreSQL database: all of a chunk in one transaction.
///
/// New rows are copied into the table. Rows to update, and new ones whose key came there meanwhile, are
/// copied into a temporary table and put from there, and keys to delete likewise. A transaction that did not
/// succeed for a reason that passes throws an error whose `isTransient` is true, for the sync's
/// `FailurePolicy` to try again; where the answer to a commit was lost, it is looked up whether it was made.
///
/// One call at a time: `processChunk` of a handler that allows no overlapping chunks.
public actor PostgreSQLStore<Row: RowValues>: TableStore where Row.Value == PostgreSQLValue {
  /// The connection, which nobody else should use.
  public nonisolated let connection: PostgreSQLConnection
  /// The table.
  public nonisolated let table: PostgreSQLTable
  private let mark: any CommitMark
  private let statements: StoreStatements
  /// The session that was prepared, by its number from 1, and the number that the mark has.
  private var prepared: (session: Int, number: Int)?
  /// The chunk whose commit was not answered.
  private var unanswered: (number: Int, keys: Set<[PostgreSQLValue?]>)?
  private var isWriting = false

  /// Makes a store.
  ///
  /// - Parameters:
  ///   - table: The table, with the columns of the rows.
  ///   - connection: A connection of its own.
  ///   - mark: What tells whether a commit was made.
  public init(
    _ table: PostgreSQLTable, on connection: PostgreSQLConnection, mark: any CommitMark = SyncMark()
  ) {
    self.table = table
    self.connection = connection
    self.mark = mark
    statements = StoreStatements(table)
  }

  /// Writes the changes, all or none of them; a key may occur in one change only.
  ///
  /// It goes on in a task that was cancelled, so that such a sync still finishes its chunk.
  ///
  /// - Throws: `PostgreSQLError`; the table is then as it was, or where the answer to the commit was lost,
  ///   the next call finds out.
  public func write(_ changes: [RowChange<Row>]) async throws {
    precondition(!isWriting, "A store writes one chunk at a time; allow no overlapping chunks.")
    isWriting = true
    defer { isWriting = false }
    var chunk = try ChunkChanges(changes, table)
    if let unanswered {
      let isMade = try await lookUp(unanswered.number)
      self.unanswered = nil
      if isMade { chunk.remove(unanswered.keys) }
    }
    if let key = chunk.lastKey { try await write(chunk, through: key) }
  }

  private func write(_ chunk: ChunkChanges, through key: PostgreSQLKey) async throws {
    let (prepared, mark, statements) = (self.prepared, self.mark, self.statements)
    var number: Int?
    do {
      let result = await connection.perform { connection in
        StoreTransaction(mark: mark, statements: statements).run(
          chunk, through: key, prepared, connection)
      }
      (self.prepared, number) = (result.prepared, result.unanswered)
      try result.outcome.get()
    } catch {
      guard let number else { throw error }
      unanswered = (number, chunk.keys)
      // Where this is not answered either, the next call asks.
      let isMade = try await lookUp(number)
      unanswered = nil
      if !isMade { throw error }
    }
  }

  /// Whether the mark has a number; waits for the end of the transaction that may be setting it.
  private func lookUp(_ number: Int) async throws -> Bool {
    let mark = mark
    let found = try await connection.perform { connection in
      // A session of its own: the one that set the number may still be at it.
      connection.close()
      return try mark.prepare(connection)
    }
    try StoreTransaction(mark: mark, statements: statements).checkKept(found, number - 1)
    // The temporary tables of the session are still to be made.
    prepared = (session: 0, number: found)
    return found >= number
  }
}

/// The changes of a chunk by what the database does for them.
struct ChunkChanges: Sendable {
  typealias Values = [PostgreSQLValue?]

  private(set) var inserted: [Values] = []
  private(set) var updated: [Values] = []
  private(set) var deleted: [Values] = []
  private let table: PostgreSQLTable

  init<Row: RowValues>(
    _ changes: [RowChange<Row>], _ table: PostgreSQLTable
  ) throws(PostgreSQLError) where Row.Value == PostgreSQLValue {
    self.table = table
    var last: Values?
    for change in changes {
      switch change {
      case .insert(let row): inserted.append(row.values)
      case .update(let row): updated.append(row.values)
      case .delete(let key): deleted.append(key)
      case .none: continue
      }
      last = change.key
    }
    for rows in [inserted, updated] {
      for values in rows {
        precondition(
          values.count == table.columns.count,
          "A row has \(values.count) values for \(table.columns.count) columns.")
      }
    }
    lastKey = try last.map { (values) throws(PostgreSQLError) in try table.key(of: values) }
  }

  /// The key of the last change; nil where there is none.
  private(set) var lastKey: PostgreSQLKey?

  var count: Int { inserted.count + updated.count + deleted.count }

  var keys: Set<Values> { Set((inserted + updated + deleted).map(key)) }

  /// Takes out what was written before.
  mutating func remove(_ keys: Set<Values>) {
    let isWritten = { [self] (values: Values) in keys.contains(key(of: values)) }
    inserted.removeAll(where: isWritten)
    updated.removeAll(where: isWritten)
    deleted.removeAll(where: isWritten)
    if count == 0 { lastKey = nil }
  }

  private func key(of values: Values) -> Values { Array(values.prefix(table.keyCount)) }
}
