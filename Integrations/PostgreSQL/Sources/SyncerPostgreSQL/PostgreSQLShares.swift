/// The shares of a job that several workers divide among them: ranges of keys, in a table of the database that
/// they all write to.
///
/// A worker has a share as long as its session has the advisory lock of it, so that the share of one that
/// died is free at once. How far a share is done is kept in the transaction of each chunk, so that another
/// worker goes on after the last whole chunk.
public struct PostgreSQLShares: Sendable {
  /// The name of the job, which workers join it by.
  public let job: String
  /// The number of the job in the table `co3_jobs`.
  public let number: Int
  /// The table that is written to.
  public let table: PostgreSQLTable
  /// What this worker is called; no other has the name.
  public let worker: String

  /// Joins a job, or makes it.
  ///
  /// - Parameters:
  ///   - job: The name of the job: of one sync, done once.
  ///   - table: The table that is written to.
  ///   - subject: What the job is about; joining one that is about something else is an error.
  ///   - worker: What no other worker is called.
  ///   - connection: The database that has the table.
  ///   - split: Makes the ranges of a new job; other workers wait for it meanwhile.
  /// - Throws: `PostgreSQLError`; what `split` throws, and there is then no job.
  public init(
    joining job: String, of table: PostgreSQLTable, subject: String, worker: String,
    on connection: PostgreSQLConnection,
    split: () async throws -> [PostgreSQLKeyRange]
  ) async throws {
    try await connection.perform { try $0.makeTables("co3_shares", Self.tables) }
    var number = try await Self.find(job, subject, connection)
    if number == nil {
      let lock = [PostgreSQLValue("co3_jobs \(job)")]
      while try await connection.query("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", lock)
        .rows.first?[0] != "t"
      {
        try await Task.sleep(for: .milliseconds(200))
      }
      number = try await Self.find(job, subject, connection)
      if number == nil {
        let ranges = try await split()
        number = try await connection.perform { try Self.make(job, subject, ranges, $0) }
      }
      try await connection.query("SELECT pg_advisory_unlock_all()")
    }
    guard let number else { preconditionFailure("The job \(job) was found or made.") }
    self.job = job
    self.number = number
    self.table = table
    self.worker = worker
  }

  private static let tables = """
    CREATE TABLE IF NOT EXISTS co3_jobs (
      job integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE,
      subject text NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE IF NOT EXISTS co3_shares (
      job integer NOT NULL REFERENCES co3_jobs ON DELETE CASCADE, share integer NOT NULL,
      after_key text[], through_key text[], done_key text[], chunks bigint NOT NULL DEFAULT 0,
      changes bigint NOT NULL DEFAULT 0, worker text, done_at timestamptz, PRIMARY KEY (job, share))
    """

  private static func find(
    _ job: String, _ subject: String, _ connection: PostgreSQLConnection
  ) async throws -> Int? {
    let found = try await connection.query(
      "SELECT job, subject FROM co3_jobs WHERE name = $1", [PostgreSQLValue(job)])
    guard let row = found.rows.first else { return nil }
    if let known = row[1]?.text, known != subject {
      throw PostgreSQLError(
        place: "The job \(job)", rule: "is about \(known), not about \(subject)",
        remedy: "choose another name for this one")
    }
    return row[0].flatMap { Int($0.text) }
  }

  private static func make(
    _ job: String, _ subject: String, _ ranges: [PostgreSQLKeyRange],
    _ connection: isolated PostgreSQLConnection
  ) throws(PostgreSQLError) -> Int {
    do {
      try connection.run("BEGIN")
      let made = try connection.run(
        "INSERT INTO co3_jobs (name, subject) VALUES ($1, $2) RETURNING job",
        [PostgreSQLValue(job), PostgreSQLValue(subject)])
      let number = made.rows.first?[0] ?? "0"
      for (index, range) in ranges.enumerated() {
        let (after, first) = ShareKey.parameters(range.after, from: 3)
        let (through, _) = ShareKey.parameters(range.through, from: first)
        let keys = [range.after, range.through].compactMap { $0 }.flatMap(\.values)
        try connection.run(
          "INSERT INTO co3_shares (job, share, after_key, through_key) "
            + "VALUES ($1, $2, \(after), \(through))",
          [number, PostgreSQLValue(index + 1)] + keys)
      }
      try connection.run("COMMIT")
      return Int(number.text) ?? 0
    } catch {
      connection.close()
      throw error
    }
  }

  // MARK: Shares

  /// Takes a share that is neither done nor another worker's; nil where there is none at the moment.
  ///
  /// A connection has one share at a time: it leaves the one it had.
  ///
  /// - Throws: `PostgreSQLError`.
  public func take(on connection: PostgreSQLConnection) async throws -> PostgreSQLShare? {
    try await connection.perform { connection in
      do {
        try connection.run("SELECT pg_advisory_unlock_all(); BEGIN")
        let share = try takeInTransaction(connection)
        try connection.run("COMMIT")
        return share
      } catch {
        connection.close()
        throw error
      }
    }
  }

  private func takeInTransaction(
    _ connection: isolated PostgreSQLConnection
  ) throws -> PostgreSQLShare? {
    let job = PostgreSQLValue(number)
    var others: [String] = []
    while true {
      let found = try connection.run(
        """
        SELECT share, chunks, \(ShareKey.columns(table)) FROM co3_shares
        WHERE job = $1 AND done_at IS NULL AND share <> ALL ($2::integer[])
        ORDER BY share LIMIT 1 FOR UPDATE SKIP LOCKED
        """, [job, PostgreSQLValue("{\(others.joined(separator: ","))}")])
      guard let row = found.rows.first, let share = row[0] else { return nil }
      let lock = try connection.run("SELECT pg_try_advisory_lock($1, $2)", [job, share])
      if lock.rows.first?[0] == "t" {
        try connection.run(
          "UPDATE co3_shares SET worker = $3 WHERE job = $1 AND share = $2",
          [job, share, PostgreSQLValue(worker)])
        return try PostgreSQLShare(row, of: self)
      }
      others.append(share.text)
    }
  }

  /// How many shares there are, and how many of them are done.
  ///
  /// - Throws: `PostgreSQLError`.
  public func counts(on connection: PostgreSQLConnection) async throws -> (all: Int, done: Int) {
    let found = try await connection.query(
      "SELECT count(*), count(done_at) FROM co3_shares WHERE job = $1", [PostgreSQLValue(number)])
    let counts = (found.rows.first ?? []).map { $0.flatMap { Int($0.text) } ?? 0 }
    return counts.count == 2 ? (counts[0], counts[1]) : (0, 0)
  }
}

/// A share that this worker has taken: also the mark of its chunks.
public struct PostgreSQLShare: CommitMark {
  /// The number of the share, from 1.
  public let number: Int
  /// The keys that are left of it.
  public let range: PostgreSQLKeyRange
  private let shares: PostgreSQLShares

  init(_ row: [PostgreSQLValue?], of shares: PostgreSQLShares) throws(PostgreSQLError) {
    self.shares = shares
    number = row[0].flatMap { Int($0.text) } ?? 0
    let width = shares.table.keyCount
    var keys: [PostgreSQLKey?] = []
    for place in 0..<3 {
      let values = row.dropFirst(2 + place * width).prefix(width)
      keys.append(values.first == .some(nil) ? nil : try shares.table.key(of: values))
    }
    range = PostgreSQLKeyRange(after: keys[2] ?? keys[0], through: keys[1])
  }

  private var place: [PostgreSQLValue?] {
    [PostgreSQLValue(shares.number), PostgreSQLValue(number)]
  }

  /// Sees to it that the session has the share.
  ///
  /// - Throws: `ShareTaken` where another worker took it after the session was lost; `PostgreSQLError`.
  public func prepare(_ connection: isolated PostgreSQLConnection) throws -> Int {
    let lock = try connection.run("SELECT pg_try_advisory_lock($1, $2)", place)
    let found = try connection.run(
      "SELECT chunks, worker, done_at IS NOT NULL FROM co3_shares WHERE job = $1 AND share = $2",
      place)
    guard let row = found.rows.first, row[1]?.text == shares.worker, row[2] == "f" else {
      try connection.run("SELECT pg_advisory_unlock_all()")
      throw ShareTaken(job: shares.job, number: number)
    }
    if lock.rows.first?[0] != "t" {
      // The server has not noticed yet that the session before is gone.
      throw PostgreSQLError(
        place: "Share \(number) of the job \(shares.job)", state: "55P03",
        rule: "is still locked by a session of this worker that was lost", remedy: "run again")
    }
    return row[0].flatMap { Int($0.text) } ?? 0
  }

  /// Notes how far the share is done.
  public func set(
    _ number: Int, through key: PostgreSQLKey, count: Int,
    _ connection: isolated PostgreSQLConnection
  ) throws {
    let (done, _) = ShareKey.parameters(key, from: 5)
    try connection.run(
      "UPDATE co3_shares SET chunks = $3, changes = changes + $4, done_key = \(done) "
        + "WHERE job = $1 AND share = $2",
      place + [PostgreSQLValue(number), PostgreSQLValue(count)] + key.values)
  }

  /// Notes that all of the share is done, and leaves it.
  ///
  /// - Throws: `ShareTaken` where it is another worker's by now; `PostgreSQLError`.
  public func finish(on connection: PostgreSQLConnection) async throws {
    try await connection.perform { connection in
      _ = try prepare(connection)
      try connection.run(
        "UPDATE co3_shares SET done_at = now() WHERE job = $1 AND share = $2", place)
      try connection.run("SELECT pg_advisory_unlock_all()")
    }
  }
}

/// A share that another worker has by now: it was this one's until its session was lost.
public struct ShareTaken: Error, Equatable, CustomStringConvertible {
  /// The name of the job.
  public var job: String
  /// The number of the share, from 1.
  public var number: Int

  /// Makes an error.
  public init(job: String, number: Int) {
    self.job = job
    self.number = number
  }

  public var description: String {
    "Share \(number) of the job \(job) was taken by another worker after the connection was lost; "
      + "it goes on with it after the last whole chunk."
  }
}

/// Keys in columns of the type text[], written and read value by value.
private enum ShareKey {
  /// An array of parameters from a number on, or NULL; and the number after them.
  static func parameters(_ key: PostgreSQLKey?, from first: Int) -> (sql: String, next: Int) {
    guard let key else { return ("NULL", first) }
    let next = first + key.values.count
    let places = (first..<next).map { "$\($0)::text" }
    return ("ARRAY[\(places.joined(separator: ", "))]", next)
  }

  /// What selects the values of the three keys of a share.
  static func columns(_ table: PostgreSQLTable) -> String {
    ["after_key", "through_key", "done_key"].flatMap { column in
      (1...table.keyCount).map { "\(column)[\($0)]" }
    }.joined(separator: ", ")
  }
}
