internal import Foundation
public import GRDB

/// Whose a database file is: a file of another program is refused, not written to.
public struct DatabaseIdentity: Sendable, Equatable {
  /// The program, as people know it.
  public var program: String
  /// SQLite's `application_id`, any number but zero.
  public var applicationID: Int32
  /// SQLite's `user_version`: the version of the tables, from 1.
  public var version: Int32

  /// Makes an identity.
  ///
  /// - Precondition: the number of the program is not zero, and versions start at 1.
  public init(program: String, applicationID: Int32, version: Int32) {
    precondition(applicationID != 0, "An application id of 0 is every program's.")
    precondition(version > 0, "Versions start at 1; it is \(version).")
    self.program = program
    self.applicationID = applicationID
    self.version = version
  }
}

/// An SQLite file that belongs to one program, opened for syncs.
///
/// It keeps a write-ahead log (WAL): others may read while a chunk is written, and a process that
/// is killed leaves whole transactions. A file that is locked is waited for. A path is a path: what
/// SQLite would take for a URI or a database in memory is a file of that name.
public struct DatabaseFile: Sendable {
  /// What the file may be used for.
  public enum Access: Sendable, Equatable {
    /// The file has to exist, and stays as it is; one that nobody here may write to can be read.
    case readOnly
    /// The file is made where it does not exist.
    case readWrite
  }

  /// What a transaction outlasts once it is written.
  public enum Durability: Sendable, Equatable {
    /// The machine losing power: the log is synced to the disk with every transaction.
    case powerLoss
    /// The program being killed. After a loss of power the file is whole, and the transactions of
    /// the last while, up to all since SQLite last emptied its log, are gone.
    case kill
  }

  /// The path, as it was given.
  public let path: String
  /// The version that the tables have: that of the identity, or an older one of a file that was
  /// opened for reading.
  public let version: Int32
  /// The connection; reads and writes take turns on it.
  public let queue: DatabaseQueue
  private let place: DatabasePlace
  /// Whether it is read as it is, without SQLite's locks.
  private let isImmutable: Bool

  /// Opens a database file, or makes it.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - identity: Whose the file has to be.
  ///   - access: What it may be used for.
  ///   - busyTimeout: How long another process is waited for that has it locked; at most 24 days.
  ///   - durability: What a transaction outlasts.
  ///   - schema: The SQL that makes the tables of a new file, in one transaction with its identity.
  ///   - upgrades: By version, the SQL that makes the tables of that version from those of the one
  ///     before; an older file is brought up to date when it is opened for writing.
  /// - Throws: `DatabaseFileError` for a file that is missing, foreign, of a newer version, damaged
  ///   or locked; it was not written to.
  public init(
    path: String, identity: DatabaseIdentity, access: Access = .readWrite,
    busyTimeout: Duration = .seconds(10), durability: Durability = .powerLoss, schema: String,
    upgrades: [Int32: String] = [:]
  ) throws(DatabaseFileError) {
    let seconds =
      Double(busyTimeout.components.seconds)
      + Double(busyTimeout.components.attoseconds) / 1e18
    // SQLite counts milliseconds in 32 bits.
    let limit = Double(Int32.max / 1_000)
    try self.init(
      path: path, identity: identity, access: access,
      busyMode: .timeout(min(max(0, seconds), limit)), durability: durability, schema: schema,
      upgrades: upgrades)
  }

  /// As above, with a say in how a locked file is waited for.
  package init(
    path: String, identity: DatabaseIdentity, access: Access, busyMode: Database.BusyMode,
    durability: Durability = .powerLoss, schema: String, upgrades: [Int32: String] = [:]
  ) throws(DatabaseFileError) {
    self.path = path
    let found = try DatabasePlace(path: path)
    try Self.checkHeader(found, identity, access)
    var configuration = Configuration()
    configuration.busyMode = busyMode
    configuration.label = identity.program
    let immutable = access == .readOnly ? found.immutableURI : nil
    isImmutable = immutable != nil
    if immutable != nil {
      configuration.readonly = true
    } else if access == .readOnly {
      // Not SQLite's read-only mode: that would leave its log files behind, unable to remove them.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
    }
    do {
      queue = try DatabaseQueue(path: immutable ?? found.literal, configuration: configuration)
      let isNew = try queue.inDatabase { try Self.checkOwner($0, path, identity) }
      if isNew && access == .readOnly { throw Self.missing(path) }
      if access == .readWrite {
        try queue.writeWithoutTransaction { db in
          try Self.make(db, identity, schema, upgrades)
          try Self.keepLog(db, path, durability)
        }
      }
      version = try queue.inDatabase { try Self.version(of: $0) }
      place = try DatabasePlace(path: path)
    } catch {
      throw DatabaseFileError(file: path, error)
    }
    if found.exists && !found.isUnchanged { throw gone }
  }

  /// Sees to it that what was written is where it is looked for.
  ///
  /// A file that was removed, renamed or replaced meanwhile takes what is written with it. What the
  /// log has is then moved into the file that went: beside another file it would be taken for that
  /// one's.
  ///
  /// - Throws: `DatabaseFileError` where the file at the path is not the one that was opened, or was
  ///   written to while it was read without locks, as nobody here may write to it.
  public func checkPlace() throws(DatabaseFileError) {
    if isImmutable && place.isUnchanged && !place.isUntouched {
      throw DatabaseFileError(
        file: path, rule: "was written to while it was read", remedy: "run again")
    }
    if place.isUnchanged { return }
    do {
      try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    } catch {
      // Nothing more can be done for it; what counts is said below.
    }
    throw gone
  }

  private var gone: DatabaseFileError {
    DatabaseFileError(
      file: path, rule: "is not the file any more that was opened (removed, renamed or replaced)",
      remedy: "leave it in its place, and run again")
  }

  /// Looks at the file before SQLite does: SQLite makes what is missing and mends what is not its.
  private static func checkHeader(
    _ place: DatabasePlace, _ identity: DatabaseIdentity, _ access: Access
  ) throws(DatabaseFileError) {
    let path = place.path
    if !place.exists {
      if access == .readOnly { throw missing(path) }
      return
    }
    let header: [UInt8]
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      header = [UInt8](try file.read(upToCount: 100) ?? Data())
      try file.close()
    } catch {
      throw DatabaseFileError(
        file: path, rule: "cannot be read", remedy: "check the permissions of the file")
    }
    if header.isEmpty { return }
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw DatabaseFileError(
        file: path, rule: "is not an SQLite database",
        remedy: "name another file, or remove this one")
    }
    let owner = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    if owner != 0 && owner != UInt32(bitPattern: identity.applicationID) {
      throw foreign(path, identity, "application id \(owner)")
    }
  }

  /// Whether the file has nothing in it yet; throws where it is another program's, or damaged.
  private static func checkOwner(
    _ db: Database, _ path: String, _ identity: DatabaseIdentity
  ) throws -> Bool {
    let owner = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try version(of: db)
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    if owner == 0 && version == 0 && tables == 0 { return true }
    if owner != identity.applicationID {
      throw foreign(path, identity, owner == 0 ? "no application id" : "application id \(owner)")
    }
    if version > identity.version {
      throw DatabaseFileError(
        file: path,
        rule: "was made by a newer \(identity.program) "
          + "(version \(version) of the tables; this one knows \(identity.version))",
        remedy: "use that one, or name another file")
    }
    let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
    if verdict != "ok" {
      let line = verdict.split(separator: "\n").last.map(String.init) ?? verdict
      throw DatabaseFileError(
        file: path, rule: "is damaged (\(line))",
        remedy: "remove it and have it made anew, or restore a copy")
    }
    return false
  }

  private static func version(of db: Database) throws -> Int32 {
    try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// Makes the tables of a new file, or brings those of an older one up to date.
  private static func make(
    _ db: Database, _ identity: DatabaseIdentity, _ schema: String, _ upgrades: [Int32: String]
  ) throws {
    if try version(of: db) == identity.version { return }
    try db.inTransaction(.immediate) {
      // Another process may have done it since the version was looked at.
      let version = try version(of: db)
      if version == 0 {
        try db.execute(sql: "PRAGMA application_id = \(identity.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(identity.version)")
        try db.execute(sql: schema)
      } else if version < identity.version {
        for next in (version + 1)...identity.version {
          guard let sql = upgrades[next] else { break }
          try db.execute(sql: sql)
          try db.execute(sql: "PRAGMA user_version = \(next)")
        }
      }
      return .commit
    }
  }

  private static func keepLog(
    _ db: Database, _ path: String, _ durability: Durability
  ) throws {
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
    if mode != "wal" {
      throw DatabaseFileError(
        file: path,
        rule: "cannot keep a write-ahead log here (its journal is \(mode ?? "unknown"))",
        remedy: "put it on a local disk, with permission to write to the file and its folder")
    }
    let isForPowerLoss = durability == .powerLoss
    try db.execute(sql: "PRAGMA synchronous = \(isForPowerLoss ? "FULL" : "NORMAL")")
    // Only on macOS, where a plain sync ends in the cache of the disk.
    try db.execute(sql: "PRAGMA fullfsync = \(isForPowerLoss ? 1 : 0)")
  }

  private static func missing(_ path: String) -> DatabaseFileError {
    DatabaseFileError(file: path, rule: "does not exist", remedy: "make it first, or name another")
  }

  private static func foreign(
    _ path: String, _ identity: DatabaseIdentity, _ found: String
  ) -> DatabaseFileError {
    DatabaseFileError(
      file: path, rule: "is a database of another program than \(identity.program) (\(found))",
      remedy: "name another file, or one that does not exist yet")
  }
}
