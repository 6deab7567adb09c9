import Foundation
import SyncerFiles
import TestSupport
import Testing

@testable import co3index

struct SyncTests {
  @Test("the first sync adds every file with what is known of it")
  func first() throws {
    var fixture = try Fixture()
    try fixture.write("a/abc.TXT", "abc")
    try fixture.write("empty", "")
    let ended = try fixture.sync()
    #expect(ended.code == 0)
    #expect(ended.out.hasPrefix("Added 2, updated 0, deleted 0 in "))
    #expect(ended.err.isEmpty)
    // The digests are the examples of FIPS 180-2 and of the empty text.
    #expect(
      try fixture.rows() == [
        IndexRow(
          path: TreePath("a/abc.TXT"), size: 3, modified: 1_000_001_123_456_789, kind: "txt",
          sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        IndexRow(
          path: TreePath("empty"), size: 0, modified: 1_000_002_123_456_789, kind: "none",
          sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ])
  }

  @Test("a sync of what is in step writes nothing")
  func again() throws {
    let fixture = try Fixture(files: 200)
    try fixture.sync()
    let before = try Data(contentsOf: URL(fileURLWithPath: fixture.database))
    let ended = try fixture.sync("--json")
    #expect(ended.code == 0)
    #expect(ended.events.compactMap { $0["event"] as? String } == ["start", "end"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.database)) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).sorted()
        == ["index.sqlite", "tree"])
  }

  @Test("after random changes the index equals one made anew, row by row", arguments: 1...5)
  func changes(seed: UInt64) throws {
    var fixture = try Fixture(files: 150, seed: seed)
    for _ in 0..<4 {
      let ended = try fixture.sync("--chunk-time", "2ms")
      #expect(ended.code == 0, "\(ended.err)")
      let rows = try fixture.rows()
      #expect(rows.count == fixture.names.count)
      #expect(try rows == fixture.freshRows())
      for _ in 0..<60 { try fixture.change() }
    }
    let status = try Program.run(["status", fixture.tree, fixture.database, "--json"])
    #expect(status.code == 3)
    let done = try fixture.sync("--json")
    for key in ["added", "updated", "deleted"] {
      #expect(status.events.last?[key] as? Int == done.events.last?[key] as? Int)
    }
    #expect(try Program.run(["status", fixture.tree, fixture.database]).code == 0)
  }

  @Test("a file counts as changed by its size, its times and its number, as far as asked")
  func filter() throws {
    var fixture = try Fixture()
    for name in ["number", "same", "size", "still", "time"] { try fixture.write(name, "12") }
    try fixture.sync()
    let rows = try fixture.rows()
    try fixture.write("time", "34")
    // A program gives files the time they had, as those that restore files do.
    for (name, text) in [("same", "56"), ("size", "789"), ("number", "56")] {
      let path = "\(fixture.tree)/\(name)"
      if name == "number" { try FileManager.default.moveItem(atPath: path, toPath: path + "~") }
      try fixture.folder.write("tree/\(name)", text)
      if name == "number" { try FileManager.default.removeItem(atPath: path + "~") }
      let time = try #require(rows.first { $0.path == TreePath(name) }).modified
      let stamps = [
        timespec(tv_sec: 1, tv_nsec: 0),
        timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000)),
      ]
      #expect(utimensat(AT_FDCWD, path, stamps, 0) == 0)
    }
    let found = { (options: [String]) in
      let arguments = ["sync", fixture.tree, fixture.database, "--dry-run"] + options
      return try Program.run(arguments).out.split(separator: "\n").dropLast()
    }
    #expect(try found(["--ignore-ctime", "--ignore-inode"]) == ["~ size", "~ time"])
    #expect(try found(["--ignore-ctime"]) == ["~ number", "~ size", "~ time"])
    #expect(try found([]) == ["~ number", "~ same", "~ size", "~ time"])
    #expect(try fixture.sync("--json").events.last?["updated"] as? Int == 4)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  @Test("a rehearsal lists what would be done and makes no file")
  func dryRun() throws {
    var fixture = try Fixture()
    try fixture.write("a", "1")
    let first = try fixture.sync("--dry-run")
    #expect(first.code == 0)
    #expect(first.out == "+ a\nTo add: 1, to update: 0, to delete: 0.\n")
    #expect(!FileManager.default.fileExists(atPath: fixture.database))
    try fixture.sync()
    try fixture.folder.remove("tree/a")
    #expect(try fixture.sync("--dry-run").out == "- a\nTo add: 0, to update: 0, to delete: 1.\n")
    #expect(try fixture.rows().count == 1)
  }

  @Test("an index inside its tree does not index itself")
  func inside() throws {
    var fixture = try Fixture()
    try fixture.write("a", "1")
    let database = "\(fixture.tree)/index.sqlite"
    let record = "\(fixture.tree)/costs.csv"
    for _ in 0..<2 {
      #expect(try Program.run(["sync", fixture.tree, database, "--record", record]).code == 0)
    }
    #expect(try IndexRow.all(database).map(\.path) == [TreePath("a")])
  }

  @Test("an index of another tree is refused, unless the tree was moved")
  func otherTree() throws {
    var fixture = try Fixture()
    try fixture.write("a", "1")
    try fixture.sync()
    let moved = "\(fixture.folder.path)/moved"
    try FileManager.default.moveItem(atPath: fixture.tree, toPath: moved)
    try FileManager.default.createDirectory(
      atPath: fixture.tree, withIntermediateDirectories: false)
    let refused = try Program.run(["sync", moved, fixture.database])
    #expect(refused.code == 1)
    #expect(
      refused.err == "co3index: \(fixture.database) is the index of \(fixture.tree), not of "
        + "\(moved); name another file, or add --new-root if the tree was moved.\n")
    let accepted = try Program.run(["sync", moved, fixture.database, "--new-root", "--json"])
    #expect(accepted.events.map { $0["event"] as? String } == ["start", "end"])
    #expect(try Program.run(["status", moved, fixture.database]).code == 0)
  }

  @Test("names of any bytes, names that read the same, and long paths are indexed")
  func names() throws {
    var fixture = try Fixture()
    try fixture.write("caf\u{E9}", "1")
    try fixture.write("cafe\u{301}", "2")
    try TemporaryFolder.writeDeep(
      in: fixture.tree, folder: String(repeating: "d", count: 240), depth: 20, file: "end.wav")
    let hasRawName = TemporaryFolder.write(bytes: [0x66, 0xFF, 0x0A], in: fixture.tree)
    let ended = try fixture.sync()
    #expect(ended.code == 0, "\(ended.err)")
    let rows = try fixture.rows()
    #expect(rows.count == 3 + (hasRawName ? 1 : 0))
    #expect(rows.contains { $0.path.bytes.count > 4_800 && $0.kind == "wav" })
    #expect(try rows == fixture.freshRows())
    #expect(try fixture.sync("--json").events.last?["items"] as? Int == 0)
  }

  @Test("globs decide what is indexed, and what is no longer meant is deleted")
  func globs() throws {
    var fixture = try Fixture()
    for name in ["a.txt", "b.wav", ".h.txt", "build/c.txt", "x/d.txt"] {
      try fixture.write(name, name)
    }
    try fixture.sync("--include", "*.txt", "--exclude", "build/", "--no-hidden")
    #expect(try fixture.rows().map { "\($0.path)" } == ["a.txt", "x/d.txt"])
    try fixture.sync("--include", "**/*.wav", "--include", "x/*")
    #expect(try fixture.rows().map { "\($0.path)" } == ["b.wav", "x/d.txt"])
    let wrong = try fixture.sync("--include", "/x")
    #expect(wrong.code == 64)
    #expect(wrong.err.contains("The pattern \"/x\" starts with a slash"))
    for option in ["--include", "--exclude"] {
      let open = try fixture.sync(option, "[")
      #expect(open.code == 64)
      #expect(open.err.contains("has a '[' that no ']' closes; close it, or write '\\['"))
    }
    #expect(try fixture.sync("--exclude", "\\[").code == 0)
  }
}
