// One table of PostgreSQL brought in step with another, in chunks of a second.

import Syncer
import SyncerPostgreSQL
import SyncerTables

let address = try PostgreSQLAddress("postgresql://me@db/shop")
let connection = PostgreSQLConnection(address, options: PostgreSQLOptions(lockTimeout: .seconds(5)))
let table = try await PostgreSQLTable("items", columns: ["name", "price"], of: connection)

// Whatever comes in the order of its keys: here another table.
let source = PostgreSQLRows(of: table, at: try PostgreSQLAddress("postgresql://me@old/shop"))
let rows = PostgreSQLRows(of: table, at: address)

struct Items: TableSyncHandler {
  typealias Key = PostgreSQLKey
  let writer: PostgreSQLStore<PostgreSQLRow>

  func handleLeftExclusive(
    _ key: PostgreSQLKey, _ items: ArraySlice<PostgreSQLRow>
  ) -> RowChange<PostgreSQLRow> { items.first.map { .insert($0) } ?? .none }

  func handleRightExclusive(
    _ key: PostgreSQLKey, _ items: ArraySlice<PostgreSQLRow>
  ) -> RowChange<PostgreSQLRow> { .delete(key: key.values) }

  func handleIntersection(
    _ key: PostgreSQLKey, _ left: ArraySlice<PostgreSQLRow>, _ right: ArraySlice<PostgreSQLRow>
  ) -> RowChange<PostgreSQLRow> { left.first.map { .update($0) } ?? .none }
}

var syncer = Syncer(
  differ: SortedDiffer(
    left: source, right: rows, leftKey: { $0.key }, rightKey: { $0.key },
    uniqueKeys: [.left, .right]),
  handler: Items(writer: PostgreSQLStore(table, on: connection)))
syncer.onFailure = .retry(attempts: 10) { ($0 as? PostgreSQLError)?.isTransient ?? false }
print(try await syncer.chunkedSync(chunkTime: .seconds(1)))
