import Foundation
import SyncerFiles
import Testing

/// A sync that is killed leaves whole chunks, whenever that is.
///
/// `CO3_KILLS=50 CO3_KILL_FILES=20000` is the large scale.
struct KillTests {
  private static let files = Fixture.scale("CO3_KILL_FILES", 400)
  private static let kills = Fixture.scale("CO3_KILLS", 8)
  private static let options = ["--json", "--chunk-time", "5ms", "--jobs", "4"]

  /// The rows by path, as they must be.
  private var expected: [TreePath: IndexRow] = [:]
  private var fixture: Fixture
  /// Events of a sync per item, so that a kill falls anywhere in it.
  private var eventsPerItem = 0.0

  init() throws {
    fixture = try Fixture(files: Self.files, seed: 9)
  }

  @Test("killed at random moments, the index holds whole chunks, and the next run ends the job")
  mutating func kills() throws {
    let dry = try Program.run(["sync", fixture.tree, fixture.database] + Self.options)
    eventsPerItem = Double(dry.events.count) / Double(Self.files)
    var cutShort = 0
    var round = 0
    // A sync that was done before it was killed counts for nothing.
    while cutShort < Self.kills && round < 4 * Self.kills {
      round += 1
      if round % 4 == 1 {
        try forgetIndex()
      } else {
        for _ in 0..<(Self.files / 8) { try fixture.change() }
      }
      let plan = try fixture.plan()
      let events = try killedSync(of: plan.count)
      if events.last?["event"] as? String != "end" { cutShort += 1 }
      try checkWholeChunks(plan, events, round)
      let ended = try fixture.sync()
      #expect(ended.code == 0, "round \(round): \(ended.err)")
      for change in plan { expected[change.path] = try change.row() }
      #expect(try rows() == expected, "round \(round)")
    }
    print("\(cutShort) of \(round) syncs of \(Self.files) files were killed before their end")
    #expect(cutShort == Self.kills, "too many syncs were done before they were killed")
    #expect(try fixture.rows() == fixture.freshRows())
  }

  /// Holds the index against the changes before the kill: all chunks told of, and at most the one
  /// that was being written; a row too many or too few of any chunk is found.
  private mutating func checkWholeChunks(
    _ plan: [PlannedChange], _ events: [[String: Any]], _ round: Int
  ) throws {
    let found = try rows()
    // An event "handled" is written before its transaction, an event "chunk" after it.
    var written = 0
    var open = 0
    for event in events {
      let items = event["items"] as? Int ?? 0
      switch event["event"] as? String {
      case "handled": open = items
      case "chunk":
        written += items
        open = 0
      default: break
      }
    }
    // Items may overtake others: how many were written tells whether chunks are whole.
    var applied = 0
    for change in plan {
      let row = try change.row()
      if found[change.path] == row { applied += 1 } else { continue }
      expected[change.path] = row
    }
    #expect(found == expected, "round \(round): all other rows are as they were")
    #expect(
      applied == written || applied == written + open,
      "round \(round): \(applied) after \(written) items, with \(open) being written")
  }

  /// Starts a sync and kills it; returns what it told.
  private mutating func killedSync(of items: Int) throws -> [[String: Any]] {
    var program = try Program(["sync", fixture.tree, fixture.database] + Self.options)
    // The program is ahead of its reader: what it has told is not all it has done.
    let lines = fixture.draw(below: Int(Double(items) * eventsPerItem * 0.7) + 2)
    // A while that takes as long as it takes: none before the first event is too long, and few
    // after a later one hit a chunk at its start.
    let spins = fixture.draw(below: lines == 0 ? 100_000 : 5_000)
    try program.process.run()
    var text = ""
    for _ in 0..<lines {
      guard let line = try program.line() else { break }
      text += line + "\n"
    }
    for _ in 0..<spins { _ = getppid() }
    kill(program.process.processIdentifier, SIGKILL)
    text += try program.rest()
    program.process.waitUntilExit()
    return Program.events(text)
  }

  private mutating func forgetIndex() throws {
    for suffix in ["", "-wal", "-shm"] {
      let path = fixture.database + suffix
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(atPath: path)
      }
    }
    expected = [:]
  }

  /// The rows of the index by path; none where the program was killed before there was a table.
  private func rows() throws -> [TreePath: IndexRow] {
    let status = try Program.run(["status", fixture.tree, fixture.database])
    if status.code == 1 && status.err.contains("does not exist") { return [:] }
    #expect([0, 3].contains(status.code), "\(status.err)")
    return Dictionary(uniqueKeysWithValues: try fixture.rows().map { ($0.path, $0) })
  }
}
