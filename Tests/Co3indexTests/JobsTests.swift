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

  @Test("no jobs, and a recording of several at once, are refused")
  func refused() throws {
    let fixture = try Fixture(files: 1)
    for options in [["--jobs", "0"], ["--jobs", "2", "--record", "\(fixture.tree).csv"]] {
      let ended = try Program.run(["sync", fixture.tree, fixture.database] + options)
      #expect(ended.code == 64, "\(options)")
    }
  }
}
