import SyncerPostgreSQL

/// A table of a PostgreSQL database, as it is named on the command line: `postgresql://...#TABLE`.
struct TablePlace: Sendable {
  var address: PostgreSQLAddress
  var table: String

  static func isAddress(_ text: String) -> Bool {
    text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
  }

  /// Reads a place; no error repeats the text, which may have a password in it.
  ///
  /// - Throws: `SourceError`, or `PostgreSQLError`.
  init(_ text: String) throws {
    guard Self.isAddress(text) else {
      throw SourceError(
        source: "The destination", rule: "is no address of a PostgreSQL database",
        remedy: "write one such as postgresql://user@host/database#items")
    }
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    address = try PostgreSQLAddress(String(parts[0]))
    guard parts.count == 2, !parts[1].isEmpty else {
      throw SourceError(
        source: address.description, rule: "needs the name of a table",
        remedy: "add it to the address, as in postgresql://user@host/database#items")
    }
    table = String(parts[1])
  }
}
