import Foundation
import TestSupport
import Testing

/// What co3sim does where a node of a device stands in the place of a file.
@Suite(
  .serialized,
  .enabled(if: DeviceNode.canBeMade, Comment(rawValue: DeviceNode.requirement)))
struct DeviceNodeTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
    _ = try tool.scenario()
    #expect(try tool.run(Self.sweep + ["--output", "part.csv"]).code == 0)
    for node in DeviceNode.allCases { try #require(node.make(tool.folder[node.rawValue])) }
  }

  private static let sweep = [
    "sweep", "small.json", "--vary", "sync.chunkTime=1s,2s", "--vary",
    "workload.phases[0].count=5,6", "--quiet",
  ]

  /// The commands that write one file, given the place.
  private static let writers: [@Sendable (String) -> [String]] = [
    { ["trace", "export", "small.json", "-o", $0] },
    { ["merge", "part.csv", "--output", $0] },
    { sweep + ["--output", $0] },
  ]

  private func expectNodesAlone(_ folder: String = ".", besides names: [String]) throws {
    for node in DeviceNode.allCases where folder == "." {
      #expect(node.stands(at: tool.folder[node.rawValue]), "\(node)")
    }
    let visible = try tool.folder.names(in: folder).filter {
      ![".out", ".error", ".in"].contains($0)
    }
    #expect(visible.sorted() == names.sorted())
  }

  private let names = ["small.json", "part.csv", "null", "full", "disk"]

  @Test("a device is written into, and stays one, by whatever link it is named", arguments: 0..<3)
  func written(writer: Int) throws {
    try FileManager.default.createSymbolicLink(
      atPath: tool.folder["link"], withDestinationPath: "null")
    for place in ["null", "link"] {
      let outcome = try tool.run(Self.writers[writer](place))
      #expect(outcome.code == 0, "\(outcome.error)")
    }
    let full = try tool.run(Self.writers[writer]("full"))
    #expect(full.code == 1)
    #expect(
      full.error.contains("full cannot be written (No space left on device)"), "\(full.error)")
    #expect(full.error.split(separator: "\n").count == 1)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: tool.folder["link"]) == "null")
    try expectNodesAlone(besides: names + ["link"])
  }

  @Test("a disk is not written over", arguments: 0..<3)
  func disk(writer: Int) throws {
    let outcome = try tool.run(Self.writers[writer]("disk"))
    #expect(outcome.code == 1)
    #expect(outcome.error.contains("disk is a disk; name a file"), "\(outcome.error)")
    try expectNodesAlone(besides: names)
  }

  @Test("a folder of reports is not put in a device's place, nor are its files")
  func folders() throws {
    let map = ["heatmap", "part.csv", "--scheduler", "deadline"]
    for node in DeviceNode.allCases {
      for command in [["run", "small.json"], map] {
        let outcome = try tool.run(command + ["--output", node.rawValue])
        #expect(outcome.code == 1, "\(command) \(node)")
        #expect(outcome.error.contains("is no folder and cannot be written to"), "\(outcome.error)")
      }
    }
    for (command, name) in [
      (["run", "small.json"], "summary.csv"), (map, "heatmap.csv"),
    ] {
      let place = tool.folder["reports-\(name)"]
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
      try #require(DeviceNode.null.make("\(place)/\(name)"))
      let outcome = try tool.run(command + ["--output", "reports-\(name)"])
      #expect(outcome.code == 1)
      #expect(outcome.error.contains("is not what co3sim would write there"), "\(outcome.error)")
      #expect(DeviceNode.null.stands(at: "\(place)/\(name)"))
      try expectNodesAlone("reports-\(name)", besides: [name])
      try FileManager.default.removeItem(atPath: place)
    }
    try expectNodesAlone(besides: names)
  }

  @Test("a device in a baseline's place is not replaced by one")
  func baseline() throws {
    try FileManager.default.createDirectory(
      atPath: tool.folder["bl"], withIntermediateDirectories: false)
    for node in DeviceNode.allCases {
      let place = tool.folder["bl/small.json"]
      try #require(node.make(place))
      let accepted = try tool.run("gate", "small.json", "--accept", "--baselines", "bl")
      #expect(accepted.code == 1, "\(node): \(accepted.error)")
      #expect(node.stands(at: place))
      let judged = try tool.run("gate", "small.json", "--baselines", "bl")
      #expect(judged.code == 1 && judged.error.split(separator: "\n").count == 1, "\(judged)")
      #expect(node.stands(at: place))
      try FileManager.default.removeItem(atPath: place)
    }
  }

  @Test("a device that is read has nothing to read, or cannot be")
  func inputs() throws {
    _ = try tool.folder.file(
      "traced.json",
      #"{"name":"t","sync":{"chunkTime":"5s"},"workload":{"trace":{"path":"PLACE"}}}"#)
    for node in [DeviceNode.null, .disk] {
      let text = try tool.folder.text(of: "traced.json")
      _ = try tool.folder.file(
        "traced.json", text.replacingOccurrences(of: "PLACE", with: node.rawValue))
      for command in [
        ["validate", node.rawValue], ["run", node.rawValue], ["merge", node.rawValue],
        ["heatmap", node.rawValue, "--output", "map"], ["run", "traced.json"],
      ] {
        let outcome = try tool.run(command)
        #expect(outcome.code == 1, "\(command): \(outcome)")
        #expect(outcome.error.contains(node.rawValue), "\(command): \(outcome.error)")
        #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
      }
      _ = try tool.folder.file("traced.json", text)
    }
    try expectNodesAlone(besides: names + ["traced.json"])
  }
}
