import Foundation
import TestSupport
import Testing

/// Files read several at once.
struct JobsTests {
  @Test("however many files are read at once, the index is the same")
  func sameIndex() throws {
    var fixture = try Fixture(files: 300, seed: 17)
    for jobs in ["1", "2", "4", "16"] {
      for _ in 0..<40 { try fixture.change() }
      let ended = try Program.run([
        "sync", fixture.tree, fixture.database, "--jobs", jobs, "--chunk-time", "3ms",
      ])
      #expect(ended.code == 0, "\(ended.err)")
      #expect(try fixture.rows() == fixture.freshRows(), "\(jobs) jobs")
    }
  }

  @Test("signals end a sync that reads several large files", .timeLimit(.minutes(1)))
  func signals() throws {
    for signals in [[SIGINT], [SIGINT, SIGTERM]] {
      let fixture = try Fixture()
      // Reading all of one would take an hour.
      for name in ["a", "b", "c", "d", "e", "f"] {
        try fixture.folder.write("tree/\(name)")
        #expect(truncate("\(fixture.tree)/\(name)", 1 << 40) == 0)
      }
      var program = try Program([
        "sync", fixture.tree, fixture.database, "--jobs", "4", "--json",
      ])
      program.process.standardError = FileHandle.nullDevice
      try program.process.run()
      #expect(try program.line()?.contains("start") == true)
      for signal in signals { kill(program.process.processIdentifier, signal) }
      program.process.waitUntilExit()
      #expect([130, 143].contains(program.process.terminationStatus))
    }
  }

  @Test("no jobs, and a recording of several at once, are refused")
  func refused() throws {
    let fixture = try Fixture(files: 1)
    for options in [["--jobs", "0"], ["--jobs", "2", "--record", "\(fixture.tree).csv"]] {
      let ended = try Program.run(["sync", fixture.tree, fixture.database] + options)
      #expect(ended.code == 64, "\(options)")
    }
  }
}
