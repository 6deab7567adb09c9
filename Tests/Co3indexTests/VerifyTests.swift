import Foundation
import GRDB
import SyncerFiles
import SyncerSQLite
import TestSupport
import Testing

@testable import co3index

/// Rows say what is in the files, or are known not to be sure.
struct VerifyTests {
  private func execute(_ sql: String, in database: String) throws {
    let queue = try DatabaseQueue(path: database)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  @Test("what has other contents than its row and looks unchanged is found by reading it again")
  func mismatch() throws {
    let fixture = try Fixture(files: 20)
    try fixture.sync()
    let rows = try fixture.rows()
    #expect(try Program.run(["status", fixture.tree, fixture.database, "--verify"]).code == 0)
    #expect(try fixture.sync("--verify").code == 0)
    try execute(
      "UPDATE files SET sha256 = zeroblob(32) WHERE path = '\(rows[3].path)'",
      in: fixture.database)
    #expect(try Program.run(["status", fixture.tree, fixture.database]).code == 0)
    let status = try Program.run(["status", fixture.tree, fixture.database, "--verify"])
    #expect(status.code == 3)
    #expect(status.out.hasSuffix(" With other contents than their rows: 1.\n"), "\(status.out)")
    let sentence =
      "co3index: \(rows[3].path) has other contents than its row, though it looks "
      + "unchanged.\n"
    #expect(status.err == sentence)
    #expect(try fixture.sync().code == 0)
    #expect(try fixture.rows() != rows)
    let synced = try fixture.sync("--verify")
    #expect(synced.code == 3)
    #expect(synced.err == sentence)
    #expect(
      synced.out.hasPrefix("Added 0, updated 1, deleted 0, with other contents than indexed 1"))
    #expect(try fixture.rows() == rows)
    #expect(try fixture.sync("--verify", "--json").events.last?["updated"] as? Int == 0)
  }

  @Test("a row whose file may have changed unseen is read again, once")
  func unsettled() throws {
    let fixture = try Fixture(files: 5)
    try fixture.sync()
    let rows = try fixture.rows()
    try execute("UPDATE files SET settled = 0, sha256 = zeroblob(32)", in: fixture.database)
    #expect(try Program.run(["status", fixture.tree, fixture.database]).code == 3)
    #expect(try fixture.sync("--json").events.last?["updated"] as? Int == 5)
    #expect(try fixture.rows() == rows)
    #expect(try fixture.sync("--json").events.last?["items"] as? Int == 0)
  }

  @Test("an index of version 1 is read as it is, and brought up to date without reading a file")
  func version1() throws {
    let fixture = try Fixture(files: 10)
    try fixture.sync()
    let rows = try fixture.rows()
    for column in ["changed_ns", "inode", "settled"] {
      try execute("ALTER TABLE files DROP COLUMN \(column)", in: fixture.database)
    }
    try execute(
      "ALTER TABLE tree DROP COLUMN device; PRAGMA user_version = 1", in: fixture.database)
    let before = try Data(contentsOf: URL(fileURLWithPath: fixture.database))
    #expect(try Program.run(["status", fixture.tree, fixture.database]).code == 0)
    #expect(try fixture.sync("--dry-run").code == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.database)) == before)
    let ended = try fixture.sync("--json")
    #expect(ended.code == 0, "\(ended.err)")
    #expect(ended.events.last?["items"] as? Int == 0)
    #expect(try fixture.rows() == rows)
    // What they lack, they get by being read again.
    #expect(try fixture.sync("--verify", "--json").events.last?["updated"] as? Int == 10)
    #expect(try fixture.sync("--verify", "--json").events.last?["updated"] as? Int == 0)
  }

  @Test("an index of version 2 is read as it is, and gets a place for what syncs learn")
  func version2() throws {
    var fixture = try Fixture(files: 10)
    try fixture.sync()
    let rows = try fixture.rows()
    try execute("DROP TABLE learned; PRAGMA user_version = 2", in: fixture.database)
    let before = try Data(contentsOf: URL(fileURLWithPath: fixture.database))
    #expect(try Program.run(["status", fixture.tree, fixture.database]).code == 0)
    #expect(try fixture.sync("--dry-run").code == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.database)) == before)
    let ended = try fixture.sync("--json")
    #expect(ended.code == 0 && ended.err.isEmpty, "\(ended.err)")
    #expect(ended.events.last?["items"] as? Int == 0)
    #expect(try fixture.rows() == rows)
    try fixture.create()
    #expect(try fixture.sync("--json").events.last?["added"] as? Int == 1)
    let index = try IndexFile(
      path: fixture.database, root: TreeRoot(fixture.tree), access: .readWrite,
      busyTimeout: .seconds(10))
    #expect(index.file.version == 3)
    var told: [String] = []
    #expect(index.learned { told.append($0) } != nil && told.isEmpty)
    try index.file.queue.close()
  }

  @Test("a link that leads nowhere is told of as one, and is no error")
  func dangling() throws {
    var fixture = try Fixture()
    try fixture.write("a", "1")
    try fixture.folder.link("tree/broken", to: "nowhere")
    try fixture.folder.link("tree/self", to: "self")
    let ended = try fixture.sync("--follow-links")
    #expect(ended.code == 0)
    #expect(ended.out.hasPrefix("Added 1, updated 0, deleted 0, links to nowhere 2 in 1 chunk, "))
    let events = try fixture.sync("--follow-links", "--json").events
    #expect(
      events.filter { $0["event"] as? String == "dangling" }.compactMap { $0["path"] as? String }
        == ["broken", "self"])
  }

  @Test("a tree whose name is not UTF-8 is said to be one")
  func rawRoot() throws {
    let fixture = try Fixture(files: 1)
    let ended = try Program.run(
      script: #"exec "$0" sync "$(printf 'x\377')" "$1""#, [fixture.database])
    #expect(ended.code == 1)
    #expect(ended.err.contains("it has a name that is not UTF-8, or is not there"), "\(ended.err)")
  }

  @Test("chunks say what they were meant to take and how near they came")
  func nearness() throws {
    let fixture = try Fixture(files: 40)
    let ended = try fixture.sync("--json", "--chunk-time", "2ms")
    let chunks = ended.events.filter { $0["event"] as? String == "chunk" }
    let last = try #require(ended.events.last)
    var (shares, near, total) = (0.0, 0.0, 0.0)
    for chunk in chunks {
      let seconds =
        try #require(chunk["handle_s"] as? Double) + #require(chunk["process_s"] as? Double)
      #expect(chunk["target_s"] as? Double == 0.002)
      let share = try #require(chunk["of_target"] as? Double)
      #expect(abs(share - seconds / 0.002) < 1e-6 * share)
      let meant = max(0.002, try #require(chunk["longest_item_s"] as? Double))
      #expect(["scheduler", "end"].contains(chunk["close_reason"] as? String))
      shares += share
      total += seconds
      if abs(seconds - meant) <= 0.2 * meant { near += seconds }
    }
    #expect(last["target_s"] as? Double == 0.002)
    let mean = try #require(last["of_target"] as? Double)
    #expect(abs(mean - shares / Double(chunks.count)) < 1e-6 * mean)
    #expect(abs(try #require(last["near_target_share"] as? Double) - near / total) < 1e-6)
    #expect(try #require(last["total_s"] as? Double) > 0)
  }
}
