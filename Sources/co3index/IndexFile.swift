import Foundation
import Syncer
import SyncerFiles
import SyncerSQLite

/// The database that a tree is synced into.
struct IndexFile: Sendable {
  static let identity = DatabaseIdentity(
    program: "co3index", applicationID: 0x636F_3369, version: 1)

  let file: DatabaseFile

  /// Opens the index of a tree, or makes it.
  ///
  /// - Parameters:
  ///   - path: The path of the database.
  ///   - root: The tree, as `TreeRoot` has it.
  ///   - access: What the file may be used for.
  ///   - busyTimeout: How long another process is waited for.
  ///   - acceptsNewRoot: Whether an index of another tree becomes one of this.
  /// - Throws: `DatabaseFileError` where it is no index, or one of another tree.
  init(
    path: String, root: TreeRoot, access: DatabaseFile.Access, busyTimeout: Duration,
    acceptsNewRoot: Bool = false
  ) throws(DatabaseFileError) {
    file = try DatabaseFile(
      path: path, identity: Self.identity, access: access, busyTimeout: busyTimeout,
      schema: """
        CREATE TABLE files (
          path TEXT PRIMARY KEY NOT NULL,
          size INTEGER NOT NULL,
          modified_ns INTEGER NOT NULL,
          kind TEXT NOT NULL,
          sha256 BLOB NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE tree (id INTEGER PRIMARY KEY, root TEXT NOT NULL);
        """)
    do {
      try checkRoot(root, access, acceptsNewRoot)
    } catch {
      throw DatabaseFileError(file: path, error)
    }
  }

  /// An index of another tree would lose every row: that must be asked for.
  private func checkRoot(
    _ root: TreeRoot, _ access: DatabaseFile.Access, _ acceptsNewRoot: Bool
  ) throws {
    let trees = TableResource(in: file.queue, sql: "SELECT root FROM tree") { row in
      String(decoding: try row.bytes(0), as: UTF8.self)
    }
    let indexed = try trees.select().first
    if indexed == root.resolved { return }
    if let indexed, !acceptsNewRoot {
      throw DatabaseFileError(
        file: file.path, rule: "is the index of \(indexed), not of \(root.resolved)",
        remedy: "name another file, or add --new-root if the tree was moved")
    }
    if access == .readWrite {
      try TableWriter(database: file.queue).write([.update(TreeRow(root: root.resolved))])
    }
  }

  /// The rows, as far as a comparison needs them.
  var rows: TableResource<IndexedFile> {
    TableResource(in: file.queue, sql: "SELECT path, size, modified_ns FROM files") {
      try IndexedFile($0)
    }
  }
}

/// The folder that is indexed.
struct TreeRoot: Sendable, Equatable {
  /// As it was given.
  var given: String
  /// Absolute and without symbolic links.
  var resolved: String

  init(_ given: String) throws(FileError) {
    self.given = given
    guard let resolved = Self.resolve(given) else {
      throw FileError(
        file: given, rule: "cannot be read as a folder (\(String(cString: strerror(errno))))",
        remedy: "name a folder that exists")
    }
    self.resolved = resolved
  }

  /// The path below this root of a file that may be in the tree; nil where it is not.
  func path(of file: String) -> TreePath? {
    let url = URL(fileURLWithPath: file)
    guard let folder = Self.resolve(url.deletingLastPathComponent().path) else { return nil }
    let prefix = resolved.hasSuffix("/") ? resolved : resolved + "/"
    let full = (folder.hasSuffix("/") ? folder : folder + "/") + url.lastPathComponent
    return full.hasPrefix(prefix) ? TreePath(String(full.dropFirst(prefix.count))) : nil
  }

  private static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
