import Foundation
import SyncerFiles
import TestSupport
import Testing

/// What is as much as there can be, or more: disks, files, folders, paths.
struct LimitTests {
  /// A place for the database that gets full.
  enum Shortage: String, CaseIterable {
    /// No file may be longer than 32 or 64 KiB, by the shell's unit.
    case fileSize
    /// A disk in memory of 128 KiB. What is on it is copied beside the tree at the end.
    case disk

    func script(in folder: String) -> String {
      switch self {
      case .fileSize: #"ulimit -f 64 && exec "$0" "$@""#
      case .disk:
        """
        exec unshare -m sh -c 'mount -t tmpfs -o size=128k none "\(folder)/disk" || exit 99
          "$0" "$@"; code=$?
          cp "\(folder)/disk/"* "\(folder)/"; exit $code' "$0" "$@"
        """
      }
    }

    /// Where the program is to put the database.
    func database(in folder: String) -> String {
      self == .disk ? "\(folder)/disk/index.sqlite" : "\(folder)/index.sqlite"
    }

    /// Whether this machine lets the test make a disk: it takes root and its own mounts.
    var isPossible: Bool {
      if self == .fileSize { return true }
      do {
        let ended = try Program.run(
          script: "unshare -m mount -t tmpfs none /tmp 2>/dev/null && echo yes", [])
        return ended.out == "yes\n"
      } catch {
        return false
      }
    }
  }

  @Test("a full disk ends the sync with a sentence and whole chunks", arguments: Shortage.allCases)
  func full(shortage: Shortage) throws {
    if !shortage.isPossible {
      print("skipped: this machine lets no test mount a disk in memory")
      return
    }
    let fixture = try Fixture(files: 2_500, seed: 4)
    let folder = fixture.folder.path
    try FileManager.default.createDirectory(
      atPath: "\(folder)/disk", withIntermediateDirectories: false)
    let plan = try fixture.plan()
    let database = shortage.database(in: folder)
    let ended = try Program.run(
      script: shortage.script(in: folder),
      ["sync", fixture.tree, database, "--json", "--chunk-time", "5ms"])
    #expect(ended.code == 1, "\(ended.err)")
    #expect(ended.err.hasPrefix("co3index: The sync failed after "), "\(ended.err)")
    #expect(ended.err.contains("\(database) cannot "), "\(ended.err)")
    let written = ended.events.filter { $0["event"] as? String == "chunk" }
      .reduce(0) { $0 + ($1["items"] as? Int ?? 0) }
    let paths = Set(try fixture.rows().map(\.path))
    #expect(written > 0 && written < plan.count)
    #expect(paths.count == written, "\(written) items in finished chunks")
    #expect(paths.isSubset(of: plan.map(\.path)))
    #expect(try fixture.sync().code == 0)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  @Test("output that cannot be written ends the program with a sentence, not in a crash")
  func fullOutput() throws {
    if !FileManager.default.fileExists(atPath: "/dev/full") { return }
    let fixture = try Fixture(files: 10)
    for options in [[], ["--json"], ["--dry-run"]] {
      let ended = try Program.run(
        script: #""$0" "$@" >/dev/full"#, ["sync", fixture.tree, fixture.database] + options)
      #expect(ended.code == 1, "\(options)")
      #expect(
        ended.err.hasPrefix("co3index: standard output cannot be written ("), "\(ended.err)")
    }
    #expect(try fixture.sync().code == 0)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  /// `CO3_FLAT_FILES=100000` is the large scale.
  @Test("a folder of very many files is synced like any other")
  func flatFolder() throws {
    let count = Fixture.scale("CO3_FLAT_FILES", 3_000)
    let fixture = try Fixture()
    for number in 0..<count {
      let made = TemporaryFolder.write(bytes: Array("f\(number).txt".utf8), in: fixture.tree)
      #expect(made, "\(number)")
    }
    #expect(try fixture.sync("--json").events.last?["added"] as? Int == count)
    #expect(try fixture.sync("--json").events.last?["items"] as? Int == 0)
    try fixture.folder.remove("tree/f1.txt")
    #expect(try fixture.sync("--json").events.last?["deleted"] as? Int == 1)
    #expect(try fixture.rows().count == count - 1)
  }

  @Test(
    "paths of 4,000 bytes, and beyond the system's limit, are indexed", arguments: [4_000, 9_000])
  func longPath(length: Int) throws {
    let fixture = try Fixture()
    let name = String(repeating: "d", count: 199)
    try TemporaryFolder.writeDeep(
      in: fixture.tree, folder: name, depth: length / 200, file: "end.wav")
    let ended = try fixture.sync()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try fixture.rows().map(\.path.bytes.count) == [length / 200 * 200 + 7])
    #expect(try fixture.sync("--json").events.last?["items"] as? Int == 0)
  }

  @Test("folders that vanish while their files wait for their turn are told of, and no more")
  func vanishing() throws {
    // One item to a chunk: more events than a pipe holds, so that the program waits for its reader
    // and its last files are not read yet.
    var fixture = try Fixture()
    for number in 0..<800 { try fixture.write("a/\(number)", "1") }
    for number in 0..<50 { try fixture.write("z/\(number)", "2") }
    var program = try Program([
      "sync", fixture.tree, fixture.database, "--json", "--chunk-time", "1ns",
    ])
    try program.process.run()
    _ = try program.line()
    try fixture.folder.remove("tree/z")
    let events = Program.events(try program.rest())
    program.process.waitUntilExit()
    #expect(program.process.terminationStatus == 0)
    #expect(events.filter { $0["event"] as? String == "vanished" }.count == 50)
    #expect(events.last?["added"] as? Int == 800)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  @Test("a tree that vanishes as a whole takes no row with it")
  func vanishedTree() throws {
    let fixture = try Fixture(files: 300)
    try fixture.sync()
    let rows = try fixture.rows()
    try fixture.folder.remove("tree")
    let ended = try fixture.sync()
    #expect(ended.code == 1)
    #expect(ended.err.contains("cannot be read as a folder"), "\(ended.err)")
    #expect(try fixture.rows() == rows)
  }
}
