internal import Foundation

/// Where a database file is: its path as SQLite is to read it, and the file that is there.
struct DatabasePlace: Sendable, Equatable {
  /// The path, as it was given.
  let path: String
  private var device: UInt64?
  private var number: UInt64?
  private var size: Int64?
  private var modified: [Int]?

  /// Looks at what is at a path.
  ///
  /// - Throws: `DatabaseFileError` for what is no regular file: SQLite would wait for ever for what
  ///   a pipe is never sent.
  init(path: String) throws(DatabaseFileError) {
    self.path = path
    if path.isEmpty {
      throw DatabaseFileError(
        file: "The path of the database", rule: "is empty", remedy: "name a file")
    }
    for name in [""] + Self.companions where Self.kind(path + name) == S_IFDIR {
      throw DatabaseFileError(
        file: path + name, rule: "is a folder, not a database", remedy: "name a file in it")
    }
    for name in [""] + Self.companions {
      guard let kind = Self.kind(path + name), kind != S_IFREG else { continue }
      throw DatabaseFileError(
        file: path + name, rule: "is no regular file", remedy: "name one that is, or a new one")
    }
    if let status = Self.status(path) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(status.st_ino)
      size = Int64(status.st_size)
      modified = Self.modified(status)
    }
  }

  /// What SQLite keeps beside a database while it is used.
  static let companions = ["-wal", "-shm", "-journal"]

  /// Whether there is a file.
  var exists: Bool { number != nil }

  /// Whether the same file is still at the path.
  var isUnchanged: Bool {
    guard let status = Self.status(path) else { return number == nil }
    return UInt64(truncatingIfNeeded: status.st_dev) == device && UInt64(status.st_ino) == number
  }

  /// Whether nothing was written there either.
  var isUntouched: Bool {
    guard isUnchanged, let status = Self.status(path) else { return false }
    return Int64(status.st_size) == size && Self.modified(status) == modified && !hasLog
  }

  private var hasLog: Bool { Self.status(path + "-wal").map { $0.st_size > 0 } ?? false }

  /// The path as SQLite takes it for one: what starts like a URI or a name in memory does not.
  var literal: String {
    path.hasPrefix("file:") || path.hasPrefix(":") ? "./\(path)" : path
  }

  /// How a reader opens a file that nobody can write to from here, nil where that is not so or
  /// there is a log that has to be read too.
  var immutableURI: String? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard exists, access(folder, W_OK) != 0, !hasLog else { return nil }
    let full = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    let plain = CharacterSet(charactersIn: "/-_.~").union(.alphanumerics)
    guard let escaped = full.addingPercentEncoding(withAllowedCharacters: plain) else { return nil }
    return "file:\(escaped)?immutable=1"
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  private static func modified(_ status: stat) -> [Int] {
    #if canImport(Darwin)
      [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
    #else
      [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    #endif
  }

  private static func kind(_ path: String) -> mode_t? {
    status(path).map { $0.st_mode & S_IFMT }
  }
}
