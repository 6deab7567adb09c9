import Foundation
import SyncerFiles
import SyncerSQLite

/// A file as the index has it.
struct FileRow: TableRow, Equatable {
  var path: TreePath
  var stamp: FileStamp
  var kind: String
  var sha256: Data

  static let table = TableLayout(
    name: "files", key: ["path"], columns: ["size", "modified_ns", "kind", "sha256"])

  var values: [TableValue?] {
    [path.stored, stamp.size, stamp.modifiedNanoseconds, kind, sha256]
  }
}

/// The part of a row that tells whether it is up to date.
struct IndexedFile: Sendable, Equatable {
  var path: TreePath
  var stamp: FileStamp

  init(path: TreePath, stamp: FileStamp) {
    self.path = path
    self.stamp = stamp
  }

  /// Reads the columns path, size and modified_ns.
  init(_ row: ResultRow) throws {
    path = TreePath(bytes: try row.bytes(0))
    stamp = FileStamp(size: try row.integer(1), modifiedNanoseconds: try row.integer(2))
  }
}

/// The tree that an index is of: a table of one row.
struct TreeRow: TableRow {
  var root: String

  static let table = TableLayout(name: "tree", key: ["id"], columns: ["root"])

  var values: [TableValue?] { [1, root] }
}

extension TreePath {
  /// Text where the path is UTF-8, and otherwise its bytes: nothing is lost either way.
  var stored: TableValue { text ?? Data(bytes) }
}
