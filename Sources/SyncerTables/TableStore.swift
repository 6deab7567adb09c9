/// What writes changes to a table of some database: the part of a table's sync that depends on which
/// database it is.
public protocol TableStore<Row>: Sendable {
  /// The rows of the table.
  associatedtype Row: RowValues

  /// Writes the changes, all or none of them; a key may occur in one change only.
  ///
  /// - Throws: what the database says; the table is then as it was.
  func write(_ changes: [RowChange<Row>]) async throws
}
