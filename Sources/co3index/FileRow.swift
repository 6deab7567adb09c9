import Foundation
import SyncerFiles
import SyncerSQLite

/// A file as the index has it.
struct FileRow: TableRow, Equatable {
  var path: TreePath
  var stamp: FileStamp
  /// Whether a change after the reading would have given the file another stamp.
  var isSettled: Bool
  var kind: String
  var sha256: Data

  static let table = TableLayout(
    name: "files", key: ["path"],
    columns: ["size", "modified_ns", "changed_ns", "inode", "settled", "kind", "sha256"])

  var values: [TableValue?] {
    [
      path.stored, stamp.size, stamp.modifiedNanoseconds, stamp.changedNanoseconds,
      stamp.number.map { Int64(bitPattern: $0) }, isSettled, kind, sha256,
    ]
  }
}

/// The part of a row that tells whether it is up to date.
struct IndexedFile: Sendable, Equatable {
  var path: TreePath
  var stamp: FileStamp
  /// Whether a change since the digest was made would show in the stamp.
  var isSettled = true
  /// The digest, where it was selected.
  var sha256: Data?

  init(path: TreePath, stamp: FileStamp) {
    self.path = path
    self.stamp = stamp
  }

  /// Reads the columns path, size, modified_ns, changed_ns, inode, settled and perhaps sha256.
  init(_ row: ResultRow, hasDigest: Bool) throws {
    path = TreePath(bytes: try row.bytes(0))
    stamp = FileStamp(
      size: try row.integer(1), modifiedNanoseconds: try row.integer(2),
      changedNanoseconds: try row.isNull(3) ? nil : row.integer(3),
      number: try row.isNull(4) ? nil : UInt64(bitPattern: row.integer(4)))
    isSettled = try row.integer(5) != 0
    if hasDigest { sha256 = Data(try row.bytes(6)) }
  }
}

/// The tree that an index is of: a table of one row.
struct TreeRow: TableRow {
  var root: String
  /// The device the tree was on when it was last synced; nil where that is not known.
  var device: Int64?

  static let table = TableLayout(name: "tree", key: ["id"], columns: ["root", "device"])

  var values: [TableValue?] { [1, root, device] }

  init(root: String, device: Int64? = nil) {
    self.root = root
    self.device = device
  }

  /// Reads the columns root and device.
  init(_ row: ResultRow) throws {
    root = String(decoding: try row.bytes(0), as: UTF8.self)
    device = try row.isNull(1) ? nil : row.integer(1)
  }
}

extension TreePath {
  /// Text where the path is UTF-8, and otherwise its bytes: nothing is lost either way.
  var stored: TableValue { text ?? Data(bytes) }
}
