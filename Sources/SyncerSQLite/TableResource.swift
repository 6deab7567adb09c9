internal import Foundation
public import GRDB
public import Syncer

/// The rows that a query selects from an SQLite database.
///
/// Texts that are keys of a sync should be `BinaryText`, or be in one Unicode normal form on both
/// sides: the database compares bytes, `String` does not.
public struct TableResource<Item: Sendable>: SelectableResource {
  private let database: any DatabaseReader
  private let fetch: @Sendable (Database) throws -> [Item]

  /// Makes a resource of whatever a closure fetches in one consistent reading.
  public init(
    in database: any DatabaseReader, fetch: @escaping @Sendable (Database) throws -> [Item]
  ) {
    self.database = database
    self.fetch = fetch
  }

  /// Makes a resource of a GRDB request.
  public init<Request: FetchRequest & Sendable>(in database: any DatabaseReader, _ request: Request)
  where Request.RowDecoder == Item, Item: FetchableRecord {
    self.init(in: database) { try Item.fetchAll($0, request) }
  }

  /// Makes a resource of an SQL query whose rows GRDB decodes.
  public init(
    in database: any DatabaseReader, sql: String,
    arguments: StatementArguments = StatementArguments()
  ) where Item: FetchableRecord {
    self.init(in: database, SQLRequest<Item>(sql: sql, arguments: arguments))
  }

  /// Makes a resource of an SQL query whose rows a closure decodes.
  public init(
    in database: any DatabaseReader, sql: String,
    decode: @escaping @Sendable (ResultRow) throws -> Item
  ) {
    self.init(in: database) { db in
      let cursor = try Row.fetchCursor(db, sql: sql)
      var items: [Item] = []
      while let row = try cursor.next() { items.append(try decode(ResultRow(row: row))) }
      return items
    }
  }

  /// Selects the rows, in the order of the query.
  ///
  /// - Throws: `DatabaseFileError` where the database cannot be read, or a row is not as expected.
  public func select() throws -> [Item] {
    do {
      return try database.read(fetch)
    } catch {
      throw DatabaseFileError(file: database.path, error)
    }
  }
}
