import Foundation
import GRDB
import SyncerFiles
import Testing

/// How a sync ends: limits, signals, kills.
struct EndingTests {
  @Test("a limit of items ends the sync as a success, and the next one goes on")
  func itemLimit() throws {
    let fixture = try Fixture(files: 30)
    let ended = try fixture.sync("--item-limit", "12")
    #expect(ended.code == 0)
    #expect(ended.out.hasSuffix("; that was the limit.\n"))
    #expect(try fixture.rows().count == 12)
    try fixture.sync()
    #expect(try fixture.rows() == fixture.freshRows())
    #expect(try fixture.sync("--item-limit", "-1").code == 64)
  }

  @Test("time that is up ends the sync with 10 after one item at least")
  func maxDuration() throws {
    let fixture = try Fixture(files: 5)
    for round in 1...5 {
      let ended = try fixture.sync("--max-duration", "1ns")
      #expect(ended.code == (round < 5 ? 10 : 0), "the fifth has nothing left: \(ended.err)")
      #expect(try fixture.rows().count == round)
    }
  }

  @Test(
    "durations need a unit and a length",
    arguments: [("5", "has no unit"), ("0s", "is not longer than zero"), ("-1s", "is negative")])
  func durations(text: String, rule: String) throws {
    let fixture = try Fixture()
    for option in ["--chunk-time", "--max-duration", "--busy-timeout"] {
      let ended = try fixture.sync("\(option)=\(text)")
      #expect(ended.code == 64)
      #expect(ended.err.contains("\"\(text)\" \(rule); write a number and a unit"))
    }
  }

  @Test(
    "a signal finishes the open chunk",
    arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func signal(number: Int32, code: Int32) throws {
    // One item to a chunk and two events to an item: more than a pipe holds, so that the program
    // waits for its reader and cannot be done before the signal.
    let fixture = try Fixture(files: 1_500)
    var program = try Program([
      "sync", fixture.tree, fixture.database, "--json", "--chunk-time", "1ns",
    ])
    try program.process.run()
    let first = try #require(try program.line())
    kill(program.process.processIdentifier, number)
    let events = Program.events(first + "\n" + (try program.rest()))
    program.process.waitUntilExit()
    #expect(program.process.terminationStatus == code)
    #expect(events.last?["event"] as? String == "end")
    #expect(events.last?["reason"] as? String == "cancelled")
    let added = try #require(events.last?["added"] as? Int)
    #expect(added < 1_500)
    #expect(try fixture.rows().count == added)
    #expect(try fixture.sync().code == 0)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  @Test("a second signal ends at once, even a program that waits for its reader")
  func secondSignal() throws {
    let fixture = try Fixture(files: 1_500)
    var program = try Program([
      "sync", fixture.tree, fixture.database, "--json", "--chunk-time", "1ns",
    ])
    try program.process.run()
    _ = try program.line()
    // Two of one number could arrive as one.
    kill(program.process.processIdentifier, SIGINT)
    kill(program.process.processIdentifier, SIGTERM)
    program.process.waitUntilExit()
    #expect([130, 143].contains(program.process.terminationStatus))
    #expect(try fixture.rows().count < 1_500)
    #expect(try fixture.sync().code == 0)
    #expect(try fixture.rows() == fixture.freshRows())
  }

  /// A number of the environment: `CO3_KILLS=50 CO3_KILL_FILES=20000` is the large scale.
  private static func scale(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  @Test("killed at random moments, the index holds whole chunks, and the next run goes on")
  func kills() throws {
    let files = Self.scale("CO3_KILL_FILES", 500)
    var fixture = try Fixture(files: files, seed: 9)
    var expected = 0
    var cutShort = 0
    for round in 0..<Self.scale("CO3_KILLS", 5) {
      var program = try Program(
        ["sync", fixture.tree, fixture.database, "--json", "--chunk-time", "2ms"])
      try program.process.run()
      var text = ""
      for _ in 0...fixture.draw(below: 60) {
        guard let line = try program.line() else { break }
        text += line + "\n"
      }
      kill(program.process.processIdentifier, SIGKILL)
      text += try program.rest()
      program.process.waitUntilExit()
      let events = Program.events(text)
      let rows = events.isEmpty && round == 0 ? 0 : try fixture.rows().count
      if events.last?["event"] as? String != "end" { cutShort += 1 }
      // An event "handled" is written before its transaction, an event "chunk" after it.
      for event in events where event["event"] as? String == "chunk" {
        expected += Self.growth(event)
      }
      let last = events.last { ["handled", "chunk"].contains($0["event"] as? String) }
      let open = last?["event"] as? String == "handled" ? last.map(Self.growth) ?? 0 : 0
      #expect([expected, expected + open].contains(rows), "round \(round)")
      expected = rows
      let status = try Program.run(["status", fixture.tree, fixture.database])
      #expect([0, 3].contains(status.code) || rows == 0, "\(status.err)")
      for _ in 0..<(files / 20) { try fixture.change() }
    }
    #expect(cutShort > 0, "every sync was done before it was killed")
    let ended = try fixture.sync()
    #expect(ended.code == 0, "\(ended.err)")
    #expect(try fixture.rows() == fixture.freshRows())
  }

  private static func growth(_ event: [String: Any]) -> Int {
    (event["added"] as? Int ?? 0) - (event["deleted"] as? Int ?? 0)
  }
}
