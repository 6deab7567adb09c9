import Syncer
import SyncerPostgreSQL
import SyncerTables

/// Turns the differences between a source and a table into changes of the table.
struct BackfillHandler: TableSyncHandler {
  typealias Key = PostgreSQLKey
  typealias Entry = DiffEntry<PostgreSQLKey, PostgreSQLRow, PostgreSQLRow>

  let writer: PostgreSQLStore<PostgreSQLRow>
  let journal: Journal

  /// Rows that are equal take no part.
  func filter(_ entry: Entry) -> Bool {
    guard case .intersection(_, let left, let right) = entry else { return true }
    return left.first?.values != right.first?.values
  }

  func handleLeftExclusive(
    _ key: PostgreSQLKey, _ items: ArraySlice<PostgreSQLRow>
  ) -> RowChange<PostgreSQLRow> {
    items.first.map { .insert($0) } ?? .none
  }

  func handleRightExclusive(
    _ key: PostgreSQLKey, _ items: ArraySlice<PostgreSQLRow>
  ) -> RowChange<PostgreSQLRow> {
    .delete(key: key.values)
  }

  func handleIntersection(
    _ key: PostgreSQLKey, _ left: ArraySlice<PostgreSQLRow>, _ right: ArraySlice<PostgreSQLRow>
  ) -> RowChange<PostgreSQLRow> {
    left.first.map { .update($0) } ?? .none
  }

  func processChunk(_ chunk: HandledChunk<RowChange<PostgreSQLRow>>) async throws {
    let changes = ChangeCounts(chunk.outputs)
    try await writer.write(chunk.outputs)
    journal.didCommit(changes)
  }
}
