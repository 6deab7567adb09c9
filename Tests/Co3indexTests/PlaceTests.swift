import Foundation
import GRDB
import SyncerFiles
import SyncerSQLite
import TestSupport
import Testing

@testable import co3index

/// The database and the tree are where they were, or the sync says so.
struct PlaceTests {
  /// What happens to a database while it is written.
  enum Loss: String, CaseIterable {
    case removed, renamed, replaced

    func happen(to database: String, other: String) throws {
      let files = FileManager.default
      switch self {
      case .removed:
        for suffix in ["", "-wal", "-shm"] where files.fileExists(atPath: database + suffix) {
          try files.removeItem(atPath: database + suffix)
        }
      case .renamed: try files.moveItem(atPath: database, toPath: database + ".old")
      case .replaced: #expect(rename(other, database) == 0)
      }
    }
  }

  @Test(
    "a database that is not where it was ends the sync with 1, and spoils no other",
    arguments: Loss.allCases)
  func lost(loss: Loss) throws {
    let fixture = try Fixture(files: 1_500)
    // Another index of the same tree, of three files.
    let other = "\(fixture.folder.path)/other.sqlite"
    #expect(try Program.run(["sync", fixture.tree, other, "--item-limit", "3"]).code == 0)
    let otherRows = try IndexRow.all(other)
    var program = try Program([
      "sync", fixture.tree, fixture.database, "--json", "--chunk-time", "1ns",
    ])
    let errors = Pipe()
    program.process.standardError = errors
    try program.process.run()
    for _ in 0..<20 { _ = try program.line() }
    try loss.happen(to: fixture.database, other: other)
    _ = try program.rest()
    program.process.waitUntilExit()
    let text = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(program.process.terminationStatus == 1)
    #expect(text.contains("is not the file any more that was opened"), "\(text)")
    if loss == .replaced { #expect(try fixture.rows() == otherRows) }
    #expect(try fixture.sync().code == 0)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  @Test("of two trees that are synced into one new index at once, one is refused")
  func twoTrees() throws {
    for round in 1...8 {
      let fixture = try Fixture(files: 20, seed: UInt64(round))
      let second = try Fixture(files: 20, seed: UInt64(100 + round))
      let programs = try [fixture.tree, second.tree].map { tree in
        let program = try Program(["sync", tree, fixture.database, "--quiet"])
        program.process.standardError = FileHandle.nullDevice
        try program.process.run()
        return program.process
      }
      programs.forEach { $0.waitUntilExit() }
      #expect(programs.map(\.terminationStatus).sorted() == [0, 1], "round \(round)")
      let tree = programs[0].terminationStatus == 0 ? fixture.tree : second.tree
      #expect(try Program.run(["status", tree, fixture.database]).code == 0, "round \(round)")
    }
  }

  @Test("a folder that cannot be indexed leaves no index, and claims none")
  func wrongFolder() throws {
    let fixture = try Fixture(files: 2)
    for folder in ["/etc/passwd", "\(fixture.tree)/nowhere"] {
      let ended = try Program.run(["sync", folder, fixture.database])
      #expect(ended.code == 1)
      #expect(ended.err.contains("cannot be read as a folder ("), "\(ended.err)")
      #expect(!FileManager.default.fileExists(atPath: fixture.database))
    }
    let nowhere = try Program.run(["sync", fixture.tree, "\(fixture.tree)/no/index.sqlite"])
    #expect(nowhere.code == 1)
    #expect(nowhere.err.contains("cannot be made (No such file"), "\(nowhere.err)")
    try fixture.folder.write("index.sqlite")
    #expect(try Program.run(["sync", "/etc/passwd", fixture.database]).code == 1)
    #expect(try fixture.sync().code == 0, "an empty file is no index of any tree")
  }

  @Test("an index inside its tree does not index itself, by whatever link it is named or found")
  func links() throws {
    var fixture = try Fixture()
    try fixture.write("a", "1")
    let folder = fixture.folder.path
    let inside = "\(fixture.tree)/index.sqlite"
    #expect(try Program.run(["sync", fixture.tree, inside]).code == 0)
    try fixture.folder.link("soft.sqlite", to: inside)
    try fixture.folder.link("tree/alias", to: "index.sqlite")
    try FileManager.default.linkItem(atPath: inside, toPath: "\(folder)/hard.sqlite")
    for name in ["soft.sqlite", "hard.sqlite", "tree/index.sqlite"] {
      for options in [[], ["--follow-links"]] {
        let database = "\(folder)/\(name)"
        let arguments = ["sync", fixture.tree, database, "--json"] + options
        let ended = try Program.run(arguments)
        #expect(ended.code == 0, "\(ended.err)")
        #expect(ended.events.last?["items"] as? Int == 0, "\(name) \(options)")
        #expect(try Program.run(["status", fixture.tree, database] + options).code == 0)
      }
    }
    #expect(try IndexRow.all(inside).map(\.path) == [TreePath("a")])
  }

  @Test("a name is a name, whatever SQLite would take it for")
  func names() throws {
    let fixture = try Fixture(files: 3)
    let none = try Program.run(["sync", fixture.tree, ""])
    #expect(none.code == 1)
    #expect(none.err == "co3index: The path of the database is empty; name a file.\n")
    for name in [":memory:", "file:x.sqlite", "file:x.sqlite?mode=memory", "a b%20#?.sqlite"] {
      let ended = try Program.run(
        script: #"cd "\#(fixture.folder.path)" && exec "$0" "$@""#, ["sync", fixture.tree, name])
      #expect(ended.code == 0, "\(name): \(ended.err)")
      #expect(try IndexRow.all("\(fixture.folder.path)/\(name)").count == 3, "\(name)")
    }
  }

  @Test("what is no regular file is refused as a database, and not waited for")
  func pipes() throws {
    let fixture = try Fixture(files: 1)
    let folder = fixture.folder.path
    try fixture.sync()
    for (name, database) in [("pipe", "pipe"), ("x.sqlite-journal", "x.sqlite")] {
      #expect(mkfifo("\(folder)/\(name)", 0o644) == 0)
      for command in ["sync", "status"] {
        let ended = try Program.run([command, fixture.tree, "\(folder)/\(database)"])
        #expect(ended.code == 1)
        #expect(
          ended.err == "co3index: \(folder)/\(name) is no regular file; "
            + "name one that is, or a new one.\n")
      }
    }
    #expect(try Program.run(["sync", fixture.tree, "/dev/null"]).code == 1)
  }

  @Test("an index that nobody may write to can be read", .enabled(if: Program.canRunAsOrdinaryUser))
  func readOnly() throws {
    let fixture = try Fixture(files: 5)
    try fixture.sync()
    #expect(chmod(fixture.database, 0o444) == 0)
    for path in [fixture.folder.path, fixture.tree] { #expect(chmod(path, 0o555) == 0) }
    defer { #expect(chmod(fixture.folder.path, 0o777) == 0) }
    let ended = try Program.run(["status", fixture.tree, fixture.database], as: .ordinary)
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.out == "The index is up to date: 5 files.\n")
  }

  @Test("a wait for ever is a wait", arguments: ["25d", "36500d"])
  func longWait(text: String) throws {
    let fixture = try Fixture(files: 1)
    #expect(try fixture.sync("--busy-timeout", text).code == 0)
    #expect(
      try Program.run(["status", fixture.tree, fixture.database, "--busy-timeout", text]).code == 0)
  }

  @Test("a limit of time holds while a tree is read and within a file")
  func timeLimit() throws {
    let fixture = try Fixture()
    for number in 0..<1_100 {
      #expect(TemporaryFolder.write(bytes: Array("f\(number)".utf8), in: fixture.tree))
    }
    let listed = try fixture.sync("--max-duration", "1ns")
    #expect(listed.code == 10)
    #expect(listed.out.hasPrefix("The time was up while \(fixture.tree) was read; "))
    #expect(!FileManager.default.fileExists(atPath: fixture.database))
    let large = try Fixture()
    try large.folder.write("tree/a", "1")
    try large.folder.write("tree/b")
    // Reading it all would take an hour.
    #expect(truncate("\(large.tree)/b", 1 << 40) == 0)
    let read = try large.sync("--max-duration", "200ms", "--json")
    #expect(read.code == 10)
    #expect(read.events.last?["reason"] as? String == "maximum duration")
    #expect(read.events.last?["added"] as? Int == 1)
    #expect(try large.rows().map(\.path) == [TreePath("a")])
  }
}
