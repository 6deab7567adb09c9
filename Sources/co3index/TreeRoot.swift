import Foundation
import SyncerFiles

/// The folder that is indexed.
struct TreeRoot: Sendable, Equatable {
  /// As it was given.
  var given: String
  /// Absolute and without symbolic links.
  var resolved: String

  /// Finds the folder.
  ///
  /// - Throws: `FileError` where there is none.
  init(_ given: String) throws(FileError) {
    self.given = given
    var isFolder: ObjCBool = false
    let resolved = Self.resolve(given)
    let reason = String(cString: strerror(errno))
    if resolved == nil && given.unicodeScalars.contains("\u{FFFD}") {
      throw FileError(
        file: given, rule: "cannot be found: it has a name that is not UTF-8, or is not there",
        remedy: "name it by a symbolic link whose path is UTF-8")
    }
    guard let resolved else {
      throw FileError(
        file: given, rule: "cannot be read as a folder (\(reason))",
        remedy: "name a folder that exists")
    }
    if FileManager.default.fileExists(atPath: resolved, isDirectory: &isFolder), !isFolder.boolValue
    {
      throw FileError(
        file: given, rule: "cannot be read as a folder (\(String(cString: strerror(ENOTDIR))))",
        remedy: "name a folder that exists")
    }
    self.resolved = resolved
  }

  /// The path of a file, in a folder without symbolic links; nil where there is no such folder.
  static func place(of file: String) -> String? {
    let url = URL(fileURLWithPath: file)
    return resolve(url.deletingLastPathComponent().path).map {
      ($0.hasSuffix("/") ? $0 : $0 + "/") + url.lastPathComponent
    }
  }

  /// The path below this root of a file that may be in the tree; nil where it is not.
  func path(of file: String) -> TreePath? {
    let prefix = resolved.hasSuffix("/") ? resolved : resolved + "/"
    guard let full = Self.place(of: file), full.hasPrefix(prefix) else { return nil }
    return TreePath(String(full.dropFirst(prefix.count)))
  }

  /// The path without symbolic links; nil, and `errno`, where nothing is there.
  static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}

/// The files that the program itself writes: they are not indexed, by whatever name they are found.
struct OwnFiles: Sendable {
  /// Their names; what is there by them may come and go.
  private let names: [String]

  init(database: String, others: [String]) {
    // SQLite keeps its log beside the file that a link leads to.
    let bases = Set([database, TreeRoot.resolve(database) ?? database]).sorted()
    names = bases.flatMap { Self.database($0) } + others
  }

  /// A database with what SQLite keeps beside it.
  static func database(_ path: String) -> [String] {
    ["", "-wal", "-shm", "-journal"].map { path + $0 }
  }

  /// Takes them out of a listing of a tree.
  func remove(from listing: inout DirectoryListing, of root: TreeRoot) {
    let identities = Set(names.compactMap { FileIdentity(path: $0) })
    var paths = Set(names.compactMap(root.path(of:)))
    for file in listing.files {
      guard let identity = file.identity, identities.contains(identity) else { continue }
      // By another name of the database another process may have it open.
      paths.formUnion(Self.database("").map { TreePath(bytes: file.path.bytes + Array($0.utf8)) })
    }
    if !paths.isEmpty { listing.files.removeAll { paths.contains($0.path) } }
  }
}
