import Foundation
import GRDB
import Syncer
import SyncerFiles
import SyncerSQLite
import TestSupport
import Testing

@testable import co3index

/// A tree of files and an index, in a folder of their own.
struct Fixture {
  let folder: TemporaryFolder
  let tree: String
  let database: String
  private(set) var random: SplitMix64
  private var seconds = 1_000_000
  private(set) var names: [String] = []

  static let kinds = ["txt", "wav", "json", "tar.gz", "", "1", "SWIFT"]

  init(files: Int = 0, seed: UInt64 = 1) throws {
    folder = try TemporaryFolder()
    tree = "\(folder.path)/tree"
    database = "\(folder.path)/index.sqlite"
    random = SplitMix64(seed: seed)
    try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
    for _ in 0..<files { try create() }
  }

  /// Writes a file into the tree, with a modification time of its own.
  mutating func write(_ name: String, _ text: String) throws {
    try folder.write("tree/\(name)", text)
    seconds += 1
    let times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 123_456_789)]
    #expect(utimensat(AT_FDCWD, "\(tree)/\(name)", times, 0) == 0)
  }

  mutating func create() throws {
    let kind = Fixture.kinds[random.next(below: Fixture.kinds.count)]
    let place = (0..<random.next(below: 4)).map { _ in "d\(random.next(below: 4))/" }.joined()
    let name = "\(place)f\(random.next() % 1_000_000_007)" + (kind.isEmpty ? "" : ".\(kind)")
    try write(name, String(repeating: "\(random.next())", count: random.next(below: 60)))
    if !names.contains(name) { names.append(name) }
  }

  /// Creates, modifies, deletes or renames a random file.
  mutating func change() throws {
    if names.isEmpty { return try create() }
    let position = random.next(below: names.count)
    switch random.next(below: 4) {
    case 0:
      try create()
    case 1:
      try write(names[position], "\(random.next())")
    case 2:
      try FileManager.default.removeItem(atPath: "\(tree)/\(names[position])")
      names.remove(at: position)
    default:
      let renamed = "renamed\(random.next() % 1_000_000_007).txt"
      try FileManager.default.moveItem(
        atPath: "\(tree)/\(names[position])", toPath: "\(tree)/\(renamed)")
      names[position] = renamed
    }
  }

  /// Renames the folder of a random file, with all that is in it.
  mutating func renameFolder() throws {
    let inFolders = names.filter { $0.contains("/") }
    if inFolders.isEmpty { return }
    let name = inFolders[random.next(below: inFolders.count)]
    let parts = name.split(separator: "/").dropLast()
    let folder = parts.joined(separator: "/")
    let place = parts.dropLast().map { $0 + "/" }.joined()
    let renamed = "\(place)moved\(random.next() % 1_000_000_007)"
    try FileManager.default.moveItem(atPath: "\(tree)/\(folder)", toPath: "\(tree)/\(renamed)")
    names = names.map { $0.hasPrefix(folder + "/") ? renamed + $0.dropFirst(folder.count) : $0 }
  }

  /// Takes a copy of a file into the tree, under the path it has in its own.
  mutating func adopt(_ file: FileItem) throws {
    guard let name = file.path.text else { return }
    let target = URL(fileURLWithPath: "\(tree)/\(name)")
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: "\(file.root)/\(name)", toPath: target.path)
    names.append(name)
  }

  /// A number of the environment, for tests that also have a large scale.
  static func scale(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  mutating func draw(below bound: Int) -> Int { random.next(below: bound) }

  @discardableResult
  func sync(_ options: String..., as user: Program.User = .asTheTest) throws -> Program.Ended {
    try Program.run(["sync", tree, database] + options, as: user)
  }

  /// The rows of the index.
  func rows() throws -> [IndexRow] {
    try IndexRow.all(database)
  }

  /// What the next sync has to do, in its order.
  func plan() throws -> [PlannedChange] {
    let listing = try DirectoryResource(roots: [tree]).listing()
    var rows: [IndexedFile] = []
    if FileManager.default.fileExists(atPath: database) {
      let index = try IndexFile(
        path: database, root: TreeRoot(tree), access: .readWrite, busyTimeout: .seconds(10))
      rows = try index.rows().select()
      try index.file.queue.close()
    }
    let comparison = Comparison(listing, rows: rows)
    return comparison.differences
      .filter { comparison.rules.takesPart($0) }
      .map { entry in
        switch entry {
        case .leftExclusive(_, let files), .intersection(_, let files, _):
          PlannedChange(path: entry.key, file: files.first)
        case .rightExclusive: PlannedChange(path: entry.key, file: nil)
        }
      }
  }

  /// The rows of an index made anew.
  func freshRows() throws -> [IndexRow] {
    let fresh = "\(folder.path)/fresh.sqlite"
    let ended = try Program.run(["sync", tree, fresh])
    #expect(ended.code == 0, "\(ended.err)")
    defer { #expect(throws: Never.self) { try folder.remove("fresh.sqlite") } }
    return try IndexRow.all(fresh)
  }
}

/// A change that a sync is about to make: the row of a file, or no row.
struct PlannedChange {
  var path: TreePath
  var file: FileItem?

  /// The row that the change leaves, read from the file itself.
  func row() throws -> IndexRow? {
    guard let row = try file?.digested(followsLinks: false) else { return nil }
    return IndexRow(
      path: row.path, size: row.stamp.size, modified: row.stamp.modifiedNanoseconds,
      kind: row.kind, sha256: IndexRow.text(of: [UInt8](row.sha256)))
  }
}

/// A whole row of an index.
struct IndexRow: Equatable, Sendable {
  var path: TreePath
  var size: Int64
  var modified: Int64
  var kind: String
  var sha256: String

  static func all(_ database: String) throws -> [IndexRow] {
    let file = try DatabaseFile(
      path: database, identity: IndexFile.identity, access: .readOnly, schema: "")
    let sql = "SELECT path, size, modified_ns, kind, sha256 FROM files ORDER BY path"
    return try TableResource(in: file.queue, sql: sql) { row in
      IndexRow(
        path: TreePath(bytes: try row.bytes(0)), size: try row.integer(1),
        modified: try row.integer(2), kind: String(decoding: try row.bytes(3), as: UTF8.self),
        sha256: text(of: try row.bytes(4)))
    }.select()
  }

  static func text(of digest: [UInt8]) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
