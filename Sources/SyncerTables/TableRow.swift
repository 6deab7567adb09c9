public import Syncer

/// The table that rows are written to.
public struct TableLayout: Sendable, Equatable {
  /// The name of the table.
  public let name: String
  /// The columns that are written, those of the key first.
  public let columns: [String]
  /// How many of the columns make up the key.
  public let keyCount: Int

  /// Makes a layout.
  ///
  /// The table needs a unique index or primary key on the key's columns. What is kept of a row
  /// that is written again are the columns not listed here.
  ///
  /// - Precondition: there is a column in the key, and no more in a row than SQLite has variables.
  public init(name: String, key: [String], columns: [String]) {
    precondition(!key.isEmpty, "The table \(name) needs a key to find its rows by.")
    self.name = name
    self.columns = key + columns
    self.keyCount = key.count
    precondition(self.columns.count <= 999, "A row has at most 999 columns here.")
  }
}

/// The values of a row, whichever table it is written to.
public protocol RowValues: Sendable {
  /// A value of a row, as the database takes it.
  associatedtype Value: Sendable
  /// The values of the table's columns that are written, in their order, those of the key first.
  var values: [Value?] { get }
}

/// A row as it is written to a table that is known when the program is compiled.
public protocol TableRow: RowValues {
  /// The table.
  static var table: TableLayout { get }
}

/// What handling an item means for a table.
public enum RowChange<Row: RowValues>: Sendable {
  /// The row is new. One with its key that came there meanwhile is overwritten.
  case insert(Row)
  /// The row takes the place of the one with its key.
  case update(Row)
  /// The row with this key goes; one that is gone already is no error.
  case delete(key: [Row.Value])
  /// Nothing.
  case none
}

/// A handler whose items become changes of one table: a chunk is one transaction.
///
/// Handlers return changes; `processChunk` writes them. A conforming type that has more to do
/// around it implements `processChunk` itself and calls `writer.write(_:)`.
public protocol TableSyncHandler: SyncHandler where Output == RowChange<Row> {
  /// The rows of the table.
  associatedtype Row: RowValues
  /// The database that has the table.
  associatedtype Store: TableStore<Row>
  /// What writes the rows.
  var writer: Store { get }
}

extension TableSyncHandler {
  /// Writes the changes of the chunk in one transaction.
  public func processChunk(_ chunk: HandledChunk<RowChange<Row>>) async throws {
    try await writer.write(chunk.outputs)
  }
}
