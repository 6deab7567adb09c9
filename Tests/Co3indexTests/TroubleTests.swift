import Foundation
import GRDB
import Syncer
import SyncerFiles
import SyncerSQLite
import TestSupport
import Testing

@testable import co3index

/// Files and databases that cannot be read or written.
struct TroubleTests {
  /// A tree that any user may read, in a folder that any user may write to.
  private func openToAll() throws -> Fixture {
    var fixture = try Fixture()
    for name in ["a", "closed/b", "c"] { try fixture.write(name, name) }
    for path in [fixture.folder.path, fixture.tree, "\(fixture.tree)/closed"] {
      #expect(chmod(path, 0o777) == 0)
    }
    return fixture
  }

  @Test(
    "what cannot be read is listed and skipped, and its rows stay",
    .enabled(if: Program.canRunAsOrdinaryUser))
  func unreadable() throws {
    let fixture = try openToAll()
    #expect(try fixture.sync(as: .ordinary).code == 0)
    let rows = try fixture.rows()
    #expect(rows.count == 3)
    #expect(chmod("\(fixture.tree)/closed", 0) == 0)
    try fixture.folder.write("tree/d", "new")
    try fixture.folder.write("tree/c", "changed")
    #expect(chmod("\(fixture.tree)/c", 0) == 0)
    #expect(chmod("\(fixture.tree)/d", 0) == 0)
    defer { #expect(chmod("\(fixture.tree)/closed", 0o777) == 0) }
    let ended = try fixture.sync(as: .ordinary)
    #expect(ended.code == 11)
    #expect(ended.out.hasPrefix("Added 0, updated 0, deleted 0, skipped 3 in "))
    let remedy = "cannot be read (Permission denied); change its permissions, or exclude it."
    // Files are read at once: which of two is found first is chance.
    #expect(
      ended.err.split(separator: "\n").sorted()
        == ["c", "closed", "d"].map { "co3index: \(fixture.tree)/\($0) \(remedy)" })
    #expect(try fixture.rows() == rows)
    let events = try fixture.sync("--json", as: .ordinary).events
    #expect(
      events.filter { $0["event"] as? String == "skipped" }
        .compactMap { $0["path"] as? String }.sorted() == ["c", "closed", "d"])
    for limit in [0, 2] {
      let stopped = try fixture.sync("--max-errors", "\(limit)", as: .ordinary)
      #expect(stopped.code == 1)
      #expect(
        stopped.err.hasSuffix(
          "co3index: \(fixture.tree) has more than \(limit) files or folders that cannot be read; "
            + "change their permissions, exclude them, or raise --max-errors.\n"))
    }
    #expect(try fixture.sync("--max-errors", "3", as: .ordinary).code == 11)
  }

  @Test(
    "a database that cannot be written is a sentence", .enabled(if: Program.canRunAsOrdinaryUser))
  func readOnly() throws {
    let fixture = try openToAll()
    #expect(try fixture.sync().code == 0)
    let rows = try fixture.rows()
    try fixture.folder.remove("tree/a")
    #expect(chmod(fixture.database, 0o444) == 0)
    #expect(chmod(fixture.folder.path, 0o555) == 0)
    defer { #expect(chmod(fixture.folder.path, 0o777) == 0) }
    let ended = try fixture.sync(as: .ordinary)
    #expect(ended.code == 1)
    #expect(ended.err.hasPrefix("co3index: "))
    #expect(ended.err.contains("\(fixture.database) cannot be "), "\(ended.err)")
    #expect(chmod(fixture.folder.path, 0o777) == 0)
    #expect(try fixture.rows() == rows)
  }

  @Test("a locked database is waited for, then a sentence; nothing is lost")
  func locked() throws {
    var fixture = try Fixture(files: 20)
    try fixture.sync()
    let rows = try fixture.rows()
    try fixture.write("new", "new")
    let other = try DatabaseQueue(path: fixture.database, configuration: .leavingTransactionsOpen)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    #expect(try Program.run(["status", fixture.tree, fixture.database]).code == 3)
    let ended = try fixture.sync("--busy-timeout", "1ms")
    #expect(ended.code == 1)
    #expect(
      ended.err.hasSuffix(
        "\(fixture.database) is locked by another process; "
          + "wait for it to finish, or allow a longer wait.\n"), "\(ended.err)")
    try other.inDatabase { try $0.execute(sql: "COMMIT") }
    #expect(try fixture.rows() == rows)
    #expect(try fixture.sync("--busy-timeout", "1ms").code == 0)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  @Test("a foreign file is refused and stays as it is", arguments: ["sync", "status"])
  func foreign(command: String) throws {
    let fixture = try Fixture(files: 1)
    let text = Data("path,size\n".utf8)
    try text.write(to: URL(fileURLWithPath: fixture.database))
    let ended = try Program.run([command, fixture.tree, fixture.database])
    #expect(ended.code == 1)
    #expect(
      ended.err == "co3index: \(fixture.database) is not an SQLite database; "
        + "name another file, or remove this one.\n")
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.database)) == text)
  }

  @Test("a damaged index is refused and stays as it is")
  func damaged() throws {
    let fixture = try Fixture(files: 300)
    try fixture.sync()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.database))
    bytes.replaceSubrange(4_096..<16_384, with: Data(repeating: 0x5A, count: 12_288))
    try bytes.write(to: URL(fileURLWithPath: fixture.database))
    let ended = try fixture.sync()
    #expect(ended.code == 1)
    #expect(ended.err.contains("\(fixture.database) is damaged ("), "\(ended.err)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.database)) == bytes)
  }

  @Test("a missing tree, and a missing index, are sentences")
  func missing() throws {
    let fixture = try Fixture()
    let noTree = try Program.run(["sync", "\(fixture.tree)/no", fixture.database])
    #expect(noTree.code == 1)
    #expect(
      noTree.err == "co3index: \(fixture.tree)/no cannot be read as a folder "
        + "(No such file or directory); name a folder that exists.\n")
    #expect(!FileManager.default.fileExists(atPath: fixture.database))
    let noIndex = try Program.run(["status", fixture.tree, fixture.database])
    #expect(noIndex.code == 1)
    #expect(
      noIndex.err
        == "co3index: \(fixture.database) does not exist; make it first, or name another.\n")
  }

  @Test("a folder that vanishes in the middle of a sync takes nothing with it")
  func vanishing() async throws {
    var fixture = try Fixture()
    for name in ["a/1", "a/2", "b/1", "b/2", "c/1"] { try fixture.write(name, name) }
    try fixture.sync()
    try fixture.write("a/1", "changed")
    try fixture.write("b/2", "changed")
    try fixture.write("a/new", "new")
    let index = try IndexFile(
      path: fixture.database, root: TreeRoot(fixture.tree), access: .readWrite,
      busyTimeout: .seconds(1))
    let comparison = Comparison(
      try DirectoryResource(roots: [fixture.tree]).listing(), rows: try index.rows().select())
    #expect(comparison.counts.total == 3)
    try fixture.folder.remove("tree/a")
    let journal = Journal()
    let handler = IndexHandler(
      index: index, rules: comparison.rules, journal: journal)
    let report = try await Syncer(
      differences: comparison.differences, handler: handler, order: .listed,
      clock: StandingClock()
    ).chunkedSync(chunkTime: .seconds(1))
    #expect(report.handledCount == 3)
    #expect(journal.totals.vanished == 2)
    #expect(journal.totals.skipped == 0)
    #expect(journal.totals.changes.updated == 1)
    try index.file.queue.close()
    #expect(try fixture.sync().out.hasPrefix("Added 0, updated 0, deleted 2 in "))
    #expect(try fixture.rows() == fixture.freshRows())
  }
}

/// A clock on which no time passes.
struct StandingClock: Clock {
  struct Instant: InstantProtocol {
    func advanced(by duration: Duration) -> Instant { self }
    func duration(to other: Instant) -> Duration { .zero }
    static func < (first: Instant, second: Instant) -> Bool { false }
  }

  var now: Instant { Instant() }
  var minimumResolution: Duration { .zero }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}

extension Configuration {
  /// For a connection that keeps others waiting.
  fileprivate static var leavingTransactionsOpen: Configuration {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return configuration
  }
}
