import Foundation
import SyncerSimulation
import Testing

/// The other commands, and how signals end a run.
@Suite(.serialized) struct CommandTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  @Test("validate checks every scenario, names each mistake in a line, and writes nothing")
  func validate() throws {
    let broken = try tool.folder.file("broken.json", "{}")
    let other = try tool.folder.file("other.json", "[]")
    let fine = try tool.scenario()
    let good = try tool.run("validate", fine)
    #expect(good.code == 0)
    #expect(good.out.contains("12 items"))
    let outcome = try tool.run("validate", broken, fine, other)
    #expect(outcome.code == 1)
    #expect(outcome.out.contains("fine"))
    // Nothing but an object lacks three keys.
    let lines = outcome.error.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { $0.hasPrefix("co3sim: ") })
    #expect(!tool.folder.exists("Reports"))
  }

  @Test("schedulers lists every kind with its parameters")
  func schedulers() throws {
    let outcome = try tool.run("schedulers")
    #expect(outcome.code == 0)
    for kind in SchedulerKind.all {
      #expect(outcome.out.contains("\(kind.name): \(kind.summary)"))
      for parameter in kind.parameters {
        #expect(outcome.out.contains(parameter.description), "\(kind.name)")
      }
    }
  }

  @Test("help names the commands and the exit codes", arguments: ["--help", "help"])
  func help(argument: String) throws {
    let outcome = try tool.run(argument)
    #expect(outcome.code == 0)
    for part in ["run", "validate", "schedulers", "64", "130"] {
      #expect(outcome.out.contains(part))
    }
  }

  @Test(
    "a signal ends the run with 128 and its number and leaves no half-written report",
    .timeLimit(.minutes(1)),
    arguments: [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func signals(signal: Int32, code: Int32) throws {
    Co3simProcess.ignoreBrokenPipes()
    let pipe = tool.folder["trace.csv"]
    try #require(mkfifo(pipe, 0o600) == 0)
    let path = try tool.folder.file(
      "piped.json",
      #"{"name": "p", "sync": {"chunkTime": "1s"}, "workload": {"trace": {"path": "trace.csv"}}}"#)
    let process = try tool.process([path])
    // Should the tool end before it reads the trace, the test must not wait for it to.
    process.terminationHandler = { _ in
      let reader = open(pipe, O_RDONLY | O_NONBLOCK)
      if reader >= 0 { close(reader) }
    }
    try process.run()
    // Opening waits for the tool to open the other end: its report is begun by then.
    let writer = open(pipe, O_WRONLY)
    try #require(writer >= 0)
    try #require(try tool.folder.names(in: "Reports").contains { $0.hasPrefix(".co3.") })
    kill(process.processIdentifier, signal)
    // Many items, so that the run is still going on when the signal has been noticed.
    let rows = "class,seconds\n" + String(repeating: "x,0.001\n", count: 100_000)
    do {
      try FileHandle(fileDescriptor: writer, closeOnDealloc: true)
        .write(contentsOf: Data(rows.utf8))
    } catch {
      // It ended within its time of grace, without reading all of them.
    }
    let outcome = try tool.outcome(of: process)
    #expect(outcome.code == code, "\(outcome.error)")
    #expect(outcome.out.isEmpty)
    // A run that ends within its time of grace removes the folder too, as it made it.
    if try tool.folder.names(in: "").contains("Reports") {
      #expect(try tool.folder.names(in: "Reports").isEmpty)
    }
  }

  @Test(
    "a stop that cannot wait leaves no folder that was made, however deep", .timeLimit(.minutes(1)),
    arguments: ["new", "new/deep/er", "there/new"])
  func hurriedStop(output: String) throws {
    Co3simProcess.ignoreBrokenPipes()
    let pipe = tool.folder["trace.csv"]
    try #require(mkfifo(pipe, 0o600) == 0)
    try #require(mkdir(tool.folder["there"], 0o700) == 0)
    let path = try tool.folder.file(
      "piped.json",
      #"{"name": "p", "sync": {"chunkTime": "1s"}, "workload": {"trace": {"path": "trace.csv"}}}"#)
    let process = try tool.process([path, "--output", output])
    process.terminationHandler = { _ in
      let reader = open(pipe, O_RDONLY | O_NONBLOCK)
      if reader >= 0 { close(reader) }
    }
    let before = try tool.folder.names()
    try process.run()
    // Opening waits for the tool to open the other end: its report is begun by then.
    let writer = open(pipe, O_WRONLY)
    try #require(writer >= 0)
    defer { close(writer) }
    kill(process.processIdentifier, SIGINT)
    kill(process.processIdentifier, SIGINT)
    let outcome = try tool.outcome(of: process)
    #expect(outcome.code == 130, "\(outcome.error)")
    #expect(outcome.error.isEmpty)
    #expect(try tool.folder.names() == before)
    #expect(try tool.folder.names(in: "there").isEmpty)
  }
}
