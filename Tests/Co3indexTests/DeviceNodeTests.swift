import Foundation
import TestSupport
import Testing

/// What co3index does where a node of a device stands in the place of a file.
@Suite(.enabled(if: DeviceNode.canBeMade, Comment(rawValue: DeviceNode.requirement)))
struct DeviceNodeTests {
  @Test("a recording takes the place of no device", arguments: DeviceNode.allCases)
  func recording(node: DeviceNode) throws {
    let fixture = try Fixture(files: 3)
    let folder = fixture.folder.path
    // In the place of the rows, and of the file beside them.
    for (place, named) in [("node", "node"), ("costs.csv.json", "costs.csv")] {
      try #require(node.make("\(folder)/\(place)"))
      let ended = try fixture.sync("--record", "\(folder)/\(named)")
      #expect(ended.code == 1)
      #expect(
        ended.err.hasSuffix(
          "\(place) is there and is no recording; choose another file with --record, or remove it.\n"
        ), "\(ended.err)")
      #expect(node.stands(at: "\(folder)/\(place)"))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["costs.csv.json", "node", "tree"])
  }

  @Test("a device is no index, nor one of the files beside it", arguments: DeviceNode.allCases)
  func database(node: DeviceNode) throws {
    let fixture = try Fixture(files: 3)
    for suffix in ["", "-wal", "-shm", "-journal"] {
      let place = fixture.database + suffix
      try #require(node.make(place))
      for command in ["sync", "status"] {
        let ended = try Program.run([command, fixture.tree, fixture.database])
        #expect(ended.code == 1, "\(suffix)")
        #expect(
          ended.err == "co3index: \(place) is no regular file; name one that is, or a new one.\n")
      }
      #expect(node.stands(at: place))
      try fixture.folder.remove("index.sqlite\(suffix)")
    }
    #expect(try fixture.sync().code == 0)
  }

  @Test("devices and pipes in a tree are left out, and not opened")
  func tree() throws {
    let fixture = try Fixture(files: 3)
    for node in DeviceNode.allCases {
      try #require(node.make("\(fixture.tree)/\(node.rawValue).txt"))
      try fixture.folder.link("tree/\(node.rawValue).link", to: "\(node.rawValue).txt")
    }
    // To open it would wait for somebody to write.
    try #require(mkfifo("\(fixture.tree)/pipe.txt", 0o644) == 0)
    for options in [[], ["--follow-links"], ["--verify"]] {
      let ended = try Program.run(["sync", fixture.tree, fixture.database] + options)
      #expect(ended.code == 0, "\(ended.err)")
      #expect(try fixture.rows().count == 3)
    }
    let root = try Program.run(["sync", "\(fixture.tree)/null.txt", fixture.database])
    #expect(root.code == 1 && root.err.contains("cannot be read as a folder"), "\(root.err)")
  }
}
