import Foundation
import Syncer
import SyncerFiles
import SyncerSQLite

/// The database that a tree is synced into.
struct IndexFile: Sendable {
  static let identity = DatabaseIdentity(
    program: "co3index", applicationID: 0x636F_3369, version: 3)

  let file: DatabaseFile
  private let root: TreeRoot
  private let acceptsNewRoot: Bool

  /// Opens the index of a tree, or makes one of no tree yet.
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
    self.root = root
    self.acceptsNewRoot = acceptsNewRoot
    file = try DatabaseFile(
      path: path, identity: Self.identity, access: access, busyTimeout: busyTimeout,
      schema: Self.schema,
      upgrades: [2: Self.upgradeToVersion2, 3: Self.learnedTable])
    try check(indexed())
  }

  private static let schema = """
    CREATE TABLE files (
      path TEXT PRIMARY KEY NOT NULL,
      size INTEGER NOT NULL,
      modified_ns INTEGER NOT NULL,
      changed_ns INTEGER,
      inode INTEGER,
      settled INTEGER NOT NULL DEFAULT 1,
      kind TEXT NOT NULL,
      sha256 BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE tree (id INTEGER PRIMARY KEY, root TEXT NOT NULL, device INTEGER);
    \(learnedTable)
    """

  /// What syncs have learned of costs, in one row.
  private static let learnedTable = """
    CREATE TABLE IF NOT EXISTS learned (id INTEGER PRIMARY KEY, costs TEXT NOT NULL, kept_s INTEGER NOT NULL);
    """

  /// Rows of version 1 stay as they are: what they do not know is not compared.
  private static let upgradeToVersion2 = """
    ALTER TABLE files ADD COLUMN changed_ns INTEGER;
    ALTER TABLE files ADD COLUMN inode INTEGER;
    ALTER TABLE files ADD COLUMN settled INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE tree ADD COLUMN device INTEGER;
    """

  /// Makes the index that of its tree, unless another process has made it one of another tree.
  ///
  /// - Returns: the device the tree was on last time; nil where that is not known.
  /// - Throws: `DatabaseFileError` where it is the index of another tree.
  func claim() throws(DatabaseFileError) -> Int64? {
    let writer = TableWriter<TreeRow>(database: file.queue)
    var indexed = try indexed()
    if indexed == nil {
      // Of two that do this at the same time one finds the row of the other.
      try writer.insertIfAbsent(TreeRow(root: root.resolved))
      indexed = try self.indexed()
    }
    try check(indexed)
    if indexed?.root == root.resolved { return indexed?.device }
    try writer.write([.update(TreeRow(root: root.resolved))])
    return nil
  }

  /// Remembers the device the tree is on.
  func remember(device: Int64) throws(DatabaseFileError) {
    try TableWriter(database: file.queue)
      .write([.update(TreeRow(root: root.resolved, device: device))])
  }

  /// An index of another tree would lose every row: that must be asked for.
  private func check(_ indexed: TreeRow?) throws(DatabaseFileError) {
    guard let indexed, indexed.root != root.resolved, !acceptsNewRoot else { return }
    throw DatabaseFileError(
      file: file.path, rule: "is the index of \(indexed.root), not of \(root.resolved)",
      remedy: "name another file, or add --new-root if the tree was moved")
  }

  private func indexed() throws(DatabaseFileError) -> TreeRow? {
    // Only a file opened for reading has an older version.
    let sql = "SELECT root, \(file.version > 1 ? "device" : "NULL") FROM tree"
    do {
      return try TableResource(in: file.queue, sql: sql) { try TreeRow($0) }.select().first
    } catch {
      throw DatabaseFileError(file: file.path, error)
    }
  }

  /// The rows, as far as a comparison needs them: with digests where these are compared too.
  func rows(withDigests: Bool = false) -> TableResource<IndexedFile> {
    let stamp = file.version > 1 ? "changed_ns, inode, settled" : "NULL, NULL, 1"
    let digest = withDigests ? ", sha256" : ""
    let sql = "SELECT path, size, modified_ns, \(stamp)\(digest) FROM files"
    return TableResource(in: file.queue, sql: sql) { try IndexedFile($0, hasDigest: withDigests) }
  }
}
