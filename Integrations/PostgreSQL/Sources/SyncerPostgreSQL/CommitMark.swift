/// A row that the transaction of every chunk changes, so that it can be looked up whether a commit was made
/// whose answer was lost.
public protocol CommitMark: Sendable {
  /// Sees to it, in a new session, that the row is there and this process alone may change it.
  ///
  /// - Returns: the number it has, 0 before the first chunk. Where a transaction that changes it is still
  ///   at work, its end is waited for.
  /// - Throws: `PostgreSQLError`.
  func prepare(_ connection: isolated PostgreSQLConnection) throws -> Int

  /// Changes the row, in the transaction of a chunk.
  ///
  /// - Parameters:
  ///   - number: The number it gets, one more than it has.
  ///   - key: The key of the last change of the chunk.
  ///   - count: How many changes the chunk has.
  ///   - connection: The connection, in a transaction.
  /// - Throws: `PostgreSQLError`.
  func set(
    _ number: Int, through key: PostgreSQLKey, count: Int,
    _ connection: isolated PostgreSQLConnection) throws
}

/// The mark of a sync that is alone: a row of the table `co3_commits`, which is made where it is missing.
public struct SyncMark: CommitMark {
  private let name: String

  /// Makes a mark.
  ///
  /// - Parameter name: What nobody else has as the name of a mark; by default a random one.
  public init(name: String? = nil) {
    self.name = name ?? Self.randomName()
  }

  private static func randomName() -> String {
    // Not a result: it only has to be unlike that of any other process.
    String(UInt64.random(in: .min ... .max), radix: 16)
  }

  /// Makes the row; rows that processes left behind a week ago and more are removed.
  public func prepare(_ connection: isolated PostgreSQLConnection) throws -> Int {
    try connection.makeTables(
      "co3_commits",
      """
      CREATE TABLE IF NOT EXISTS co3_commits (
        name text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, changed_at timestamptz NOT NULL)
      """)
    try connection.run(
      "DELETE FROM co3_commits WHERE changed_at < now() - interval '7 days' AND name <> $1",
      [PostgreSQLValue(name)])
    try connection.run(
      "INSERT INTO co3_commits VALUES ($1, 0, now()) ON CONFLICT DO NOTHING",
      [PostgreSQLValue(name)])
    let found = try connection.run(
      "SELECT number FROM co3_commits WHERE name = $1 FOR UPDATE", [PostgreSQLValue(name)])
    return found.rows.first?[0].flatMap { Int($0.text) } ?? 0
  }

  public func set(
    _ number: Int, through key: PostgreSQLKey, count: Int,
    _ connection: isolated PostgreSQLConnection
  ) throws {
    try connection.run(
      "UPDATE co3_commits SET number = $1, changed_at = now() WHERE name = $2",
      [PostgreSQLValue(number), PostgreSQLValue(name)])
  }

  /// Removes the row.
  public func remove(_ connection: isolated PostgreSQLConnection) throws {
    try connection.run("DELETE FROM co3_commits WHERE name = $1", [PostgreSQLValue(name)])
  }
}

/// Numbers of advisory locks, which a database has one space of for all programs.
enum AdvisoryLock {
  /// Held while tables of this library are made: `IF NOT EXISTS` fails where two make one at once.
  static let tables = 0x636F_3300
}

extension PostgreSQLConnection {
  /// Makes tables unless there are some of the name; whoever may not make any can use those.
  func makeTables(_ name: String, _ sql: String) throws(PostgreSQLError) {
    let found = try run("SELECT to_regclass($1)", [PostgreSQLValue(name)])
    if found.rows.first?[0] != nil { return }
    do {
      try run("BEGIN; SELECT pg_advisory_xact_lock(\(AdvisoryLock.tables)); \(sql); COMMIT")
    } catch {
      close()
      throw error
    }
  }
}
