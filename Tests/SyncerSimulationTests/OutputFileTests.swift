import Foundation
import SafeOutput
import Testing

@testable import SyncerSimulation

/// What every command may and may not do to what stands where it writes.
@Suite(.serialized) struct OutputFileTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  private var folder: TemporaryFolder { tool.folder }

  /// The commands that write one file, given the place.
  private static let writers: [(name: String, arguments: @Sendable (String) -> [String])] = [
    ("trace export", { ["trace", "export", "small.json", "-o", $0] }),
    ("merge", { ["merge", "part.csv", "--output", $0] }),
    ("sweep", { sweep + ["--output", $0] }),
  ]
  private static let sweep = [
    "sweep", "small.json", "--vary", "sync.chunkTime=1s,2s", "--quiet",
  ]

  private func prepare() throws {
    _ = try tool.scenario()
    #expect(try tool.run(Self.sweep + ["--output", "part.csv"]).code == 0)
  }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: folder[name])[.posixPermissions] as? Int
  }

  @Test("a disk that is full is told of with the option that names the file")
  func fullDisk() throws {
    let file = try OutputFile("/dev/full", remedy: "choose another file with --picture") { _ in true
    }
    let error = #expect(throws: WriteError.self) { try file.write([1]) }
    #expect(error?.remedy == "choose another file with --picture, or make room")
  }

  @Test("a pipe is written into, and stays one", arguments: 0..<3)
  func pipe(writer: Int) throws {
    try prepare()
    let pipe = folder["pipe"]
    try #require(mkfifo(pipe, 0o600) == 0)
    // Open for both, nobody waits for the other side.
    let reader = open(pipe, O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    let outcome = try tool.run(Self.writers[writer].arguments("pipe"))
    #expect(outcome.code == 0, "\(outcome.error)")
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(reader, &bytes, bytes.count)
    #expect(count > 100, "\(Self.writers[writer].name)")
    var info = stat()
    #expect(lstat(pipe, &info) == 0 && info.st_mode & S_IFMT == S_IFIFO)
    #expect(try folder.names().filter { $0.hasPrefix("pipe") } == ["pipe"])
  }

  @Test("a link stays one, and what it leads to is written, with its mode", arguments: 0..<3)
  func link(writer: Int) throws {
    try prepare()
    let arguments = Self.writers[writer].arguments
    try FileManager.default.createDirectory(
      atPath: folder["far"], withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder["link"], withDestinationPath: "far/file")
    for isThere in [false, true] {
      if isThere {
        try #require(chmod(folder["far/file"], 0o604) == 0)
        if writer == 2 { try FileManager.default.removeItem(atPath: folder["far/file"]) }
      }
      let outcome = try tool.run(arguments("link"))
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"]) == "far/file")
      #expect(try folder.text(of: "far/file").count > 100)
      if isThere && writer < 2 { #expect(try mode("far/file") == 0o604) }
    }
    #expect(try folder.names(in: "far").allSatisfy { !$0.hasPrefix(".") })
  }

  @Test("an empty file is nobody's loss, and keeps its mode")
  func emptyFile() throws {
    try prepare()
    _ = try folder.file("private.csv", "")
    try #require(chmod(folder["private.csv"], 0o600) == 0)
    #expect(try tool.run(Self.writers[0].arguments("private.csv")).code == 0)
    #expect(try mode("private.csv") == 0o600)
    #expect(try folder.text(of: "private.csv").hasPrefix("class,"))
  }

  @Test(
    "a file of another kind, a folder, and an input of the command are refused", arguments: 0..<3)
  func refused(writer: Int) throws {
    try prepare()
    _ = try folder.file("thesis.txt", "mine")
    try FileManager.default.linkItem(atPath: folder["small.json"], toPath: folder["hard"])
    try FileManager.default.linkItem(atPath: folder["part.csv"], toPath: folder["again.csv"])
    let inputs = writer == 1 ? ["part.csv", "again.csv"] : ["small.json", "hard"]
    for place in ["thesis.txt", "/"] + inputs {
      let before = place == "/" ? "" : try folder.text(of: place)
      let outcome = try tool.run(Self.writers[writer].arguments(place))
      #expect(outcome.code == 1, "\(place)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
      if place != "/" { #expect(try folder.text(of: place) == before) }
    }
  }

  @Test("the trace that a scenario is read from is not replaced by its own export")
  func exportOntoItself() throws {
    _ = try tool.scenario()
    #expect(try tool.run("trace", "export", "small.json", "-o", "trace.csv").code == 0)
    let json =
      #"{"name":"t","sync":{"chunkTime":"5s"},"workload":{"trace":{"path":"trace.csv"}}}"#
    _ = try folder.file("traced.json", json)
    let before = try folder.text(of: "trace.csv")
    let outcome = try tool.run("trace", "export", "traced.json", "--output", "trace.csv")
    #expect(outcome.code == 1 && outcome.error.contains("is an input"), "\(outcome.error)")
    #expect(try folder.text(of: "trace.csv") == before)
  }

  @Test("a map is not drawn over the table it is made from")
  func heatMapOntoItself() throws {
    _ = try tool.scenario()
    let table = [
      "sweep", "small.json", "--vary", "sync.chunkTime=1s,2s", "--vary",
      "workload.phases[0].count=5,6", "--output", "heatmap.csv", "--quiet",
    ]
    #expect(try tool.run(table).code == 0)
    let before = try folder.text(of: "heatmap.csv")
    let map = ["heatmap", "heatmap.csv", "--scheduler", "deadline"]
    for arguments in [map, map + ["--output", "."]] {
      let outcome = try tool.run(arguments)
      #expect(outcome.code == 1 && !outcome.error.contains("--scheduler"), "\(outcome.error)")
      #expect(try folder.text(of: "heatmap.csv") == before)
    }
    let elsewhere = try tool.run(map + ["--output", "map"])
    #expect(elsewhere.code == 0, "\(elsewhere.error)")
    #expect(try tool.run(map + ["--output", "map"]).code == 0)
  }

  @Test("two scenarios of one name are refused before anything runs")
  func oneName() throws {
    _ = try tool.scenario(name: "same")
    _ = try folder.file("other.json", Co3simProcess.json(name: "same"))
    for command in ["run", "report", "compare", "gate"] {
      let outcome = try tool.run(command, "same.json", "other.json")
      #expect(outcome.code == 1, "\(command)")
      #expect(outcome.error.contains("other.json: name is \"same\""), "\(outcome.error)")
      #expect(outcome.out.isEmpty && !folder.exists("Reports"))
    }
  }

  @Test("standard output alone touches no name that others can foretell")
  func standardOutput() throws {
    let path = try tool.scenario()
    let process = try tool.process([path, "--output", "-"])
    try FileManager.default.createDirectory(
      atPath: folder["tmp"], withIntermediateDirectories: false)
    process.environment = ["TMPDIR": folder["tmp"]]
    try process.run()
    let outcome = try tool.outcome(of: process)
    #expect(outcome.code == 0 && outcome.out.hasPrefix("scenario,scheduler,"), "\(outcome.error)")
    #expect(try folder.names(in: "tmp").isEmpty)
    #expect(!folder.exists("Reports"))
  }
}
