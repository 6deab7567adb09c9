import Foundation
import SyncerPostgreSQL

/// What rows are taken from, and what its columns are.
enum Source: Sendable {
  case csv(CSVHeader)
  case sqlite(SQLiteTable)
  case postgreSQL(PostgreSQLAddress, table: String, columns: [String])

  /// Opens a source: `FILE.csv`, `FILE.sqlite#TABLE` or `postgresql://...#TABLE`.
  ///
  /// - Throws: `SourceError`, or `PostgreSQLError`.
  init(_ text: String, options: PostgreSQLOptions) async throws {
    if TablePlace.isAddress(text) {
      let place = try TablePlace(text)
      let connection = PostgreSQLConnection(place.address, options: options)
      let table = try await PostgreSQLTable(place.table, of: connection)
      self = .postgreSQL(place.address, table: place.table, columns: table.columnNames)
      return
    }
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = FileManager.default.fileExists(atPath: text) ? text : String(parts[0])
    if Self.isSQLite(path) {
      guard parts.count == 2, !parts[1].isEmpty, path != text else {
        throw SourceError(
          source: path, rule: "is a database", remedy: "name the table too, as in \(path)#items")
      }
      self = .sqlite(try SQLiteTable(path: path, table: String(parts[1])))
    } else {
      self = .csv(try CSVHeader(path: path))
    }
  }

  private static func isSQLite(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    do {
      return try file.read(upToCount: 16) == Data("SQLite format 3\0".utf8)
    } catch {
      // What cannot be read is told of by who reads it next.
      return false
    }
  }

  /// The names of the columns.
  var columns: [String] {
    switch self {
    case .csv(let header): header.names
    case .sqlite(let table): table.columns
    case .postgreSQL(_, _, let columns): columns
    }
  }

  /// What the source is called where jobs and recordings name it: never with a password.
  var name: String {
    switch self {
    case .csv(let header): header.path
    case .sqlite(let table): "\(table.path)#\(table.name)"
    case .postgreSQL(let address, let table, _): "\(table) of \(address.name)"
    }
  }

  /// Its rows, with the columns of the table they are for.
  ///
  /// - Throws: `SourceError`, or `PostgreSQLError`.
  func rows(for table: PostgreSQLTable, options: PostgreSQLOptions) async throws -> SourceRows {
    switch self {
    case .csv(let header): return .csv(try CSVRows(header, for: table))
    case .sqlite(let source): return .sqlite(try SQLiteRows(source, for: table))
    case .postgreSQL(let address, let name, _):
      let connection = PostgreSQLConnection(address, options: options)
      let others = Array(table.columnNames.dropFirst(table.keyNames.count))
      let source = try await PostgreSQLTable(
        name, key: table.keyNames, columns: others, of: connection)
      return .postgreSQL(PostgreSQLRows(of: source, at: address, options: options))
    }
  }
}

/// The rows of a source.
enum SourceRows: Sendable {
  case csv(CSVRows)
  case sqlite(SQLiteRows)
  case postgreSQL(PostgreSQLRows)

  /// Those whose keys are in a range, in the order of the keys.
  func selection(in range: PostgreSQLKeyRange, keysOnly: Bool = false) -> SourceSelection {
    SourceSelection(rows: self, range: range, keysOnly: keysOnly)
  }
}

/// Rows of a source in a range, in the order of their keys.
struct SourceSelection: AsyncSequence, Sendable {
  typealias Element = PostgreSQLRow

  let rows: SourceRows
  let range: PostgreSQLKeyRange
  let keysOnly: Bool

  func makeAsyncIterator() -> Iterator { Iterator(selection: self) }

  struct Iterator: AsyncIteratorProtocol {
    private let selection: SourceSelection
    private var isOpen = false
    // One of them is there.
    private var csv: CSVRows.Iterator?
    private var sqlite: SQLiteRows.Iterator?
    private var postgreSQL: PostgreSQLRows.Iterator?

    init(selection: SourceSelection) { self.selection = selection }

    mutating func next() async throws -> PostgreSQLRow? {
      if !isOpen { try open() }
      if csv != nil { return try csv?.next() }
      if sqlite != nil { return try sqlite?.next() }
      return try await postgreSQL?.next()
    }

    private mutating func open() throws {
      isOpen = true
      switch selection.rows {
      case .csv(let rows): csv = try CSVRows.Iterator(rows, in: selection.range)
      case .sqlite(let rows): sqlite = SQLiteRows.Iterator(rows, in: selection.range)
      case .postgreSQL(var rows):
        rows.range = selection.range
        rows.keysOnly = selection.keysOnly
        postgreSQL = rows.makeAsyncIterator()
      }
    }
  }
}
