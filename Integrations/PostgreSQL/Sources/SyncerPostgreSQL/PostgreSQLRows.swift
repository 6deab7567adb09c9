public import Syncer
public import SyncerTables

/// A row that was selected.
public struct PostgreSQLRow: RowValues, Equatable {
  // One reference: a row is handed on many times between a source and a table.
  private final class Contents: Sendable {
    let key: PostgreSQLKey
    let values: [PostgreSQLValue?]

    init(key: PostgreSQLKey, values: [PostgreSQLValue?]) {
      self.key = key
      self.values = values
    }
  }

  private let contents: Contents

  /// Makes a row.
  public init(key: PostgreSQLKey, values: [PostgreSQLValue?]) {
    contents = Contents(key: key, values: values)
  }

  /// Its key.
  public var key: PostgreSQLKey { contents.key }
  /// The values of the table's columns, those of the key first.
  public var values: [PostgreSQLValue?] { contents.values }

  public static func == (one: PostgreSQLRow, another: PostgreSQLRow) -> Bool {
    one.key == another.key && one.values == another.values
  }
}

/// The rows of a table in the order of their keys, read by a cursor in batches.
///
/// The order is that of the bytes of texts, whatever the collation of their column is. Each iteration
/// has a connection of its own and reads the table as it was when it began; where the connection is lost,
/// it goes on after the last row with a cursor of a new one, and then reads the table as it is by then.
public struct PostgreSQLRows: AsyncSequence, Sendable {
  /// A row.
  public typealias Element = PostgreSQLRow

  /// The table.
  public var table: PostgreSQLTable
  /// Where it is.
  public var address: PostgreSQLAddress
  /// What holds for the session.
  public var options: PostgreSQLOptions
  /// The keys that are selected.
  public var range: PostgreSQLKeyRange
  /// Whether only the columns of the key are selected.
  public var keysOnly = false
  /// How many rows are in memory at once, at least 1.
  public var batchCount = 5_000
  /// How often a batch is tried, at least 1, where the connection is lost.
  public var attempts = 10
  /// How long is waited before a further attempt.
  public var backoff = Backoff.exponential(from: .milliseconds(100), atMost: .seconds(10))

  /// Makes the sequence; nothing is selected before it is iterated.
  public init(
    of table: PostgreSQLTable, at address: PostgreSQLAddress,
    options: PostgreSQLOptions = PostgreSQLOptions(), in range: PostgreSQLKeyRange = .init()
  ) {
    self.table = table
    self.address = address
    self.options = options
    self.range = range
  }

  /// Makes an iterator, with a connection of its own.
  public func makeAsyncIterator() -> Iterator { Iterator(rows: self) }

  /// Selects batch by batch.
  public struct Iterator: AsyncIteratorProtocol {
    private let rows: PostgreSQLRows
    private let connection: PostgreSQLConnection
    private var batch: ArraySlice<[PostgreSQLValue?]> = []
    private var last: PostgreSQLKey?
    private var isOpen = false
    private var hasEnded = false

    init(rows: PostgreSQLRows) {
      self.rows = rows
      connection = PostgreSQLConnection(rows.address, options: rows.options)
      last = rows.range.after
    }

    /// The next row; nil at the end.
    ///
    /// - Throws: `PostgreSQLError`; `CancellationError` in a cancelled task.
    public mutating func next() async throws -> PostgreSQLRow? {
      if batch.isEmpty && !hasEnded { try await fill() }
      guard let values = batch.popFirst() else { return nil }
      let key = try rows.table.key(of: values)
      last = key
      return PostgreSQLRow(key: key, values: values)
    }

    private mutating func fill() async throws {
      var attempt = 1
      while true {
        do {
          return try await fetch()
        } catch let error as PostgreSQLError where error.isTransient && attempt < rows.attempts {
          isOpen = false
          await connection.close()
          try await Task.sleep(for: rows.backoff.wait(afterAttempt: attempt))
          attempt += 1
        }
      }
    }

    private mutating func fetch() async throws {
      if !isOpen {
        try await connection.query("BEGIN READ ONLY")
        try await connection.query(rows.declaration(after: last), rows.bounds(after: last))
        isOpen = true
      }
      let found = try await connection.query("FETCH \(rows.batchCount) FROM co3_rows")
      batch = found.rows[...]
      if found.rows.count < rows.batchCount {
        hasEnded = true
        await connection.close()
      }
    }
  }

  /// The statement that opens the cursor.
  private func declaration(after last: PostgreSQLKey?) -> String {
    let key = table.key.map(\.ordered).joined(separator: ", ")
    var conditions: [String] = []
    var parameter = 0
    for (sign, bound) in [(">", last), ("<=", range.through)] where bound != nil {
      let places = table.key.map { _ in
        parameter += 1
        return "$\(parameter)"
      }
      conditions.append("(\(key)) \(sign) (\(places.joined(separator: ", ")))")
    }
    let selected = keysOnly ? PostgreSQLTable.list(table.key) : PostgreSQLTable.list(table.columns)
    let condition = conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
    return "DECLARE co3_rows NO SCROLL CURSOR FOR SELECT \(selected) FROM \(table.name)\(condition)"
      + " ORDER BY \(key)"
  }

  private func bounds(after last: PostgreSQLKey?) -> [PostgreSQLValue?] {
    [last, range.through].compactMap { $0 }.flatMap(\.values)
  }
}
