import Foundation
import Testing

/// Commands that once lost or mixed something; Tests/FAULTS.md has the list.
@Suite(.serialized) struct FoundCommandTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  /// Writes the scenario anew, with another cost.
  private func scenario(_ cost: String) throws {
    _ = try tool.folder.file(
      "s.json",
      """
      {"name": "s", "sync": {"chunkTime": "5s"}, "schedulers": ["deadline"], "workload": {"phases": [
        {"class": "a", "count": 20, "handle": {"constant": "\(cost)"}}]}}
      """)
  }

  private func sweep(_ output: String, _ more: String...) throws -> Co3simProcess.Outcome {
    try tool.run(
      ["sweep", "s.json", "--vary", "sync.chunkTime=1s,2s", "--quiet", "--output", output] + more)
  }

  @Test("a sweep neither keeps nor continues rows of the scenario as it was")
  func changedScenario() throws {
    try scenario("100ms")
    #expect(try sweep("a.csv").code == 0)
    let rows = try tool.folder.text(of: "a.csv")
    let begun = rows.split(separator: "\r\n").prefix(2).map { "\($0)\r\n" }.joined()
    _ = try tool.folder.file("b.csv.partial", begun)
    try scenario("900ms")
    for name in ["a.csv", "b.csv"] {
      let outcome = try sweep(name)
      #expect(
        outcome.code == 1 && outcome.error.contains("has rows of another scenario"), "\(outcome)")
    }
    #expect(try tool.folder.text(of: "a.csv") == rows)
    #expect(try tool.folder.text(of: "b.csv.partial") == begun)
  }

  @Test("shards of two scenarios are not merged, and line ends that were changed are told of")
  func foreignShards() throws {
    try scenario("100ms")
    #expect(try sweep("one.csv", "--shard", "1/2").code == 0)
    #expect(try sweep("two.csv", "--shard", "2/2").code == 0)
    #expect(try tool.run("merge", "one.csv", "two.csv").code == 0)
    try scenario("300ms")
    #expect(try sweep("other.csv", "--shard", "2/2").code == 0)
    let mixed = try tool.run("merge", "one.csv", "other.csv")
    #expect(mixed.code == 1 && mixed.out.isEmpty)
    #expect(mixed.error.contains("other.csv is of another scenario"), "\(mixed.error)")
    let text = try tool.folder.text(of: "two.csv").replacingOccurrences(of: "\r\n", with: "\n")
    _ = try tool.folder.file("unix.csv", text)
    let unix = try tool.run("merge", "one.csv", "unix.csv")
    #expect(unix.code == 1 && unix.error.contains("lines that end in LF"), "\(unix.error)")
  }

  @Test("a sweep over seeds has one column for them")
  func seeds() throws {
    try scenario("100ms")
    let outcome = try tool.run("sweep", "s.json", "--vary", "seed=1,2", "--quiet")
    let header = outcome.out.prefix { !$0.isNewline }.split(separator: ",")
    #expect(outcome.code == 0 && header.filter { $0 == "seed" }.count == 1, "\(outcome)")
    #expect(Set(header).count == header.count)
  }

  @Test("labels with line breaks and signs of tables are swept and merged like any other")
  func strangeLabels() throws {
    _ = try tool.scenario(
      name: "s", schedulers: #"[{"deadline": {}, "label": "=1+1\n|\u001b]"}, "moving-average"]"#)
    #expect(try sweep("one.csv", "--shard", "1/2").code == 0)
    #expect(try sweep("two.csv", "--shard", "2/2").code == 0)
    let merged = try tool.run("merge", "one.csv", "two.csv")
    #expect(merged.code == 0 && merged.out.contains("'=1+1"), "\(merged)")
    #expect(!merged.out.utf8.contains(0x1B))
    let whole = try sweep("whole.csv")
    #expect(whole.code == 0)
    #expect(try tool.folder.text(of: "whole.csv") == merged.out)
    #expect(try sweep("whole.csv").code == 0, "what is whole is left as it is")
  }

  @Test(
    "output that cannot be written ends a merge with a sentence",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullOutput() throws {
    try scenario("100ms")
    #expect(try sweep("a.csv").code == 0)
    let process = try tool.process(["merge", "a.csv"])
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
    try process.run()
    let outcome = try tool.outcome(of: process)
    #expect(outcome.code == 1 && outcome.error.contains("standard output cannot be written"))
  }

  @Test("a reader that has gone away ends a report quietly, with nothing left of it")
  func brokenPipe() throws {
    try scenario("100ms")
    let process = try tool.process(["report", "s.json", "--metric", "waste", "--output", "out"])
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    process.standardOutput = pipe
    try process.run()
    let outcome = try tool.outcome(of: process)
    #expect(outcome.code == 128 + SIGPIPE && outcome.error.isEmpty, "\(outcome)")
    #expect(try tool.folder.names().filter { $0 == "out" || $0.hasPrefix(".co3.") }.isEmpty)
  }

  @Test("a hang-up ends nothing that was started to outlive its terminal")
  func ignoredHangUp() throws {
    try scenario("100ms")
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.currentDirectoryURL = URL(filePath: tool.folder.path)
    shell.arguments = [
      "-c",
      #"trap '' HUP; "$0" s.json --replications 300 --quiet --output out & sleep 0.1; kill -HUP $!; wait $!"#,
      try Co3simProcess.executable().path,
    ]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    #expect(tool.folder.exists("out/chunks.csv"))
  }

  @Test("a pipe that nobody writes to is given up when asked to", .timeLimit(.minutes(1)))
  func pipeAsScenario() throws {
    let pipe = tool.folder["scenario.json"]
    try #require(mkfifo(pipe, 0o600) == 0)
    let process = try tool.process(["validate", "scenario.json"])
    try process.run()
    // A signal before the program listens ends it too.
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect([143, SIGTERM].contains(process.terminationStatus))
  }

  @Test("a column's name with line breaks runs nothing when its map is drawn")
  func heatMapNames() throws {
    let rows = "0,0,1\n0,1,2\n1,0,2\n1,1,3\n"
    _ = try tool.folder.file(
      "evil.csv", "\"a\nsystem('id > pwned')\n#\",b,waste_vs_optimal\n" + rows)
    let outcome = try tool.run("heatmap", "evil.csv", "--output", ".")
    #expect([0, 1].contains(outcome.code), "\(outcome)")
    #expect(!tool.folder.exists("pwned"))
    if tool.folder.exists("heatmap.gp") {
      let script = try tool.folder.text(of: "heatmap.gp").split(separator: "\n")
      #expect(!script.contains { $0.hasPrefix("system") })
    }
  }
}
