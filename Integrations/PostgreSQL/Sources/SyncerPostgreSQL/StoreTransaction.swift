internal import SyncerTables

/// The SQL of a store.
struct StoreStatements: Sendable {
  let table: PostgreSQLTable
  let prepare: String
  let copyNew: String
  let copyPut: String
  let put: String
  let copyGone: String
  let delete: String

  init(_ table: PostgreSQLTable) {
    self.table = table
    let columns = PostgreSQLTable.list(table.columns)
    let key = PostgreSQLTable.list(table.key)
    let temporary = { (name: String, columns: String) in
      // Without the rules of the table, so that a row that breaks one is told of when it gets there.
      "CREATE TEMPORARY TABLE IF NOT EXISTS \(name) ON COMMIT DELETE ROWS AS "
        + "SELECT \(columns) FROM \(table.name) WITH NO DATA"
    }
    prepare = "\(temporary("co3_put", columns)); \(temporary("co3_gone", key))"
    copyNew = "COPY \(table.name) (\(columns)) FROM STDIN"
    copyPut = "COPY co3_put FROM STDIN"
    copyGone = "COPY co3_gone FROM STDIN"
    let others = table.columns.dropFirst(table.keyCount)
    let update = others.map { "\($0.quoted) = excluded.\($0.quoted)" }.joined(separator: ", ")
    put =
      "INSERT INTO \(table.name) (\(columns)) OVERRIDING SYSTEM VALUE SELECT \(columns) "
      + "FROM co3_put ON CONFLICT (\(key)) "
      + (others.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(update)")
    let same = table.key.map { "t.\($0.quoted) = g.\($0.quoted)" }.joined(separator: " AND ")
    delete = "DELETE FROM \(table.name) t USING co3_gone g WHERE \(same)"
  }
}

/// One transaction of a store.
struct StoreTransaction: Sendable {
  /// How a transaction went.
  struct Result: Sendable {
    var prepared: (session: Int, number: Int)?
    /// The number that the mark has where the commit was made, which was not answered.
    var unanswered: Int?
    var outcome: Swift.Result<Void, any Error>
  }

  let mark: any CommitMark
  let statements: StoreStatements

  func run(
    _ chunk: ChunkChanges, through key: PostgreSQLKey, _ prepared: (session: Int, number: Int)?,
    _ connection: isolated PostgreSQLConnection
  ) -> Result {
    var result = Result(prepared: prepared, outcome: .success(()))
    do {
      try connection.open()
      var number = prepared?.number ?? 0
      if prepared?.session != connection.sessionCount {
        number = try prepare(connection)
        if let known = prepared?.number { try checkKept(number, known) }
        result.prepared = (connection.sessionCount, number)
      }
      let next = number + 1
      try connection.run("BEGIN")
      do {
        try write(chunk, connection)
        try mark.set(next, through: key, count: chunk.count, connection)
      } catch {
        rollBack(connection)
        throw error
      }
      try commit(next, connection)
      result.prepared?.number = next
    } catch let unanswered as Unanswered {
      result.unanswered = unanswered.number
      result.outcome = .failure(unanswered.error)
    } catch {
      result.outcome = .failure(error)
    }
    return result
  }

  private func prepare(_ connection: isolated PostgreSQLConnection) throws -> Int {
    do {
      let number = try mark.prepare(connection)
      try connection.run(statements.prepare)
      return number
    } catch {
      connection.close()
      throw error
    }
  }

  /// Sees to it that the server has kept what it said was committed.
  func checkKept(_ number: Int, _ known: Int) throws(PostgreSQLError) {
    if number >= known { return }
    throw PostgreSQLError(
      place: statements.table.place,
      rule:
        "has lost \(known - number) of the chunks that the server said were committed, as after a "
        + "crash without synchronous_commit, or where another server took its place",
      remedy: "run again: what is missing is found")
  }

  private struct Unanswered: Error {
    var number: Int
    var error: PostgreSQLError
  }

  private func commit(
    _ number: Int, _ connection: isolated PostgreSQLConnection
  ) throws {
    do {
      let done = try connection.run("COMMIT")
      if done.command == "COMMIT" { return }
      throw PostgreSQLError(
        place: statements.table.place, state: "25P02",
        rule: "was not changed: the transaction failed",
        remedy: "see the server's log, and run again")
    } catch let error as PostgreSQLError where error.isConnectionLost {
      throw Unanswered(number: number, error: error)
    }
  }

  private func rollBack(_ connection: isolated PostgreSQLConnection) {
    do {
      try connection.run("ROLLBACK")
    } catch {
      // The session is of no use any more; the next transaction opens another.
      connection.close()
    }
  }

  private func write(_ chunk: ChunkChanges, _ connection: isolated PostgreSQLConnection) throws {
    if !chunk.deleted.isEmpty {
      try copy(statements.copyGone, chunk.deleted, connection)
      try connection.run(statements.delete)
    }
    if !chunk.updated.isEmpty { try put(chunk.updated, connection) }
    if chunk.inserted.isEmpty { return }
    try connection.run("SAVEPOINT co3_new")
    do {
      try copy(statements.copyNew, chunk.inserted, connection)
    } catch let error as PostgreSQLError where error.state == "23505" {
      // Somebody else has inserted one of them.
      try connection.run("ROLLBACK TO SAVEPOINT co3_new; TRUNCATE co3_put")
      try put(chunk.inserted, connection)
    }
  }

  private func put(
    _ rows: [ChunkChanges.Values], _ connection: isolated PostgreSQLConnection
  ) throws {
    try copy(statements.copyPut, rows, connection)
    try connection.run(statements.put)
  }

  /// Copies rows; an error names the row that was refused by its key.
  private func copy(
    _ sql: String, _ rows: [ChunkChanges.Values], _ connection: isolated PostgreSQLConnection
  ) throws {
    do {
      try connection.copy(sql, rows) { row, bytes in bytes.appendCopyRow(row) }
    } catch {
      var error = error
      if let line = error.copiedLine, rows.indices.contains(line - 1) {
        let key = rows[line - 1].prefix(statements.table.keyCount)
          .map { $0?.text ?? "NULL" }.joined(separator: ", ")
        let column = error.column.map { ", column \($0)" } ?? ""
        error.place = "\(statements.table.place), key \(key)\(column),"
      }
      throw error
    }
  }
}

extension RowChange where Row.Value == PostgreSQLValue {
  /// The values that begin with those of the key; nil where nothing changes.
  var key: [PostgreSQLValue?]? {
    switch self {
    case .insert(let row), .update(let row): row.values
    case .delete(let key): key
    case .none: nil
    }
  }
}
