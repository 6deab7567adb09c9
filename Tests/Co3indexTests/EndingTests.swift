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
    arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
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
}
