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
/// is killed leaves whole transactions. A file that is locked is waited for.
public struct DatabaseFile: Sendable {
  /// What the file may be used for.
  public enum Access: Sendable, Equatable {
    /// The file has to exist, and stays as it is.
    case readOnly
    /// The file is made where it does not exist.
    case readWrite
  }

  /// The path, as it was given.
  public let path: String
  /// The connection; reads and writes take turns on it.
  public let queue: DatabaseQueue

  /// Opens a database file, or makes it.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - identity: Whose the file has to be.
  ///   - access: What it may be used for.
  ///   - busyTimeout: How long another process is waited for that has it locked.
  ///   - schema: The SQL that makes the tables of a new file, in one transaction with its identity.
  /// - Throws: `DatabaseFileError` for a file that is missing, foreign, of a newer version, damaged
  ///   or locked; it was not written to.
  public init(
    path: String, identity: DatabaseIdentity, access: Access = .readWrite,
    busyTimeout: Duration = .seconds(10), schema: String
  ) throws(DatabaseFileError) {
    let seconds =
      Double(busyTimeout.components.seconds)
      + Double(busyTimeout.components.attoseconds) / 1e18
    try self.init(
      path: path, identity: identity, access: access, busyMode: .timeout(seconds), schema: schema)
  }

  /// As above, with a say in how a locked file is waited for.
  package init(
    path: String, identity: DatabaseIdentity, access: Access, busyMode: Database.BusyMode,
    schema: String
  ) throws(DatabaseFileError) {
    self.path = path
    try Self.checkHeader(path, identity, access)
    var configuration = Configuration()
    configuration.busyMode = busyMode
    // Not SQLite's read-only mode: that would leave its log files behind, unable to remove them.
    if access == .readOnly {
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
    }
    configuration.label = identity.program
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let isNew = try queue.writeWithoutTransaction { db in
        try Self.checkOwner(db, path, identity)
      }
      if isNew && access == .readOnly { throw Self.missing(path) }
      if access == .readWrite {
        try queue.writeWithoutTransaction { db in
          if isNew { try Self.make(db, identity, schema) }
          try Self.keepLog(db, path)
        }
      }
    } catch {
      throw DatabaseFileError(file: path, error)
    }
  }

  /// Looks at the file before SQLite does: SQLite makes what is missing and mends what is not its.
  private static func checkHeader(
    _ path: String, _ identity: DatabaseIdentity, _ access: Access
  ) throws(DatabaseFileError) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      if access == .readOnly { throw missing(path) }
      return
    }
    if isFolder.boolValue {
      throw DatabaseFileError(
        file: path, rule: "is a folder, not a database", remedy: "name a file in it")
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
    let version = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
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

  private static func make(
    _ db: Database, _ identity: DatabaseIdentity, _ schema: String
  ) throws {
    try db.inTransaction(.immediate) {
      // Another process may have made the tables since they were looked for.
      let owner = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      if owner == 0 {
        try db.execute(sql: "PRAGMA application_id = \(identity.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(identity.version)")
        try db.execute(sql: schema)
      }
      return .commit
    }
  }

  private static func keepLog(_ db: Database, _ path: String) throws {
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
    if mode != "wal" {
      throw DatabaseFileError(
        file: path,
        rule: "cannot keep a write-ahead log here (its journal is \(mode ?? "unknown"))",
        remedy: "put it on a local disk, with permission to write to the file and its folder")
    }
    try db.execute(sql: "PRAGMA synchronous = NORMAL")
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
