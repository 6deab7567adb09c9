import Console
import Foundation
import Syncer
import SyncerFiles
import TestSupport
import Testing

@testable import co3index

struct RecordingTests {
  @Test("a recording has a row per item, and its times add up to the sync's")
  func record() throws {
    let fixture = try Fixture(files: 120, seed: 3)
    let path = "\(fixture.folder.path)/costs.csv"
    // An older recording, of any sync, is overwritten.
    try fixture.folder.write("costs.csv", "class,handle_s,process_s,hint\nold,1,1,\n")
    try fixture.folder.write("costs.csv.json", #"{"program": "co3index 0.0.1"}"#)
    let ended = try fixture.sync("--record", path, "--chunk-time", "5ms", "--json")
    #expect(ended.code == 0, "\(ended.err)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines.first == ["class", "handle_s", "process_s", "hint"])
    #expect(lines.count == fixture.names.count + 1)
    #expect(lines.dropFirst().allSatisfy { $0[0] == "(file)" }, "one class, whatever the kind")
    let sidecar = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: path + ".json")))
    let object = try #require(sidecar as? [String: Any])
    let overhead = try #require(object["chunk_overhead_s"] as? Double)
    let chunks = try #require(object["chunks"] as? Int)
    #expect(overhead >= 0)
    for (column, key, rest) in [
      (1, "handle_s", 0), (2, "process_s", Double(chunks) * overhead),
    ] {
      let sum = try lines.dropFirst().reduce(0) { sum, line in
        sum + (try #require(Double(line[column])))
      }
      let expected = ended.events.reduce(0) { $0 + ($1[key] as? Double ?? 0) }
      #expect(abs(sum + rest - expected) < 1e-6)
    }
    #expect(object["version"] as? Int == 1)
    #expect(object["chunk_time_s"] as? Double == 0.005)
    #expect(object["items"] as? Int == fixture.names.count)
    #expect(object["stop_reason"] as? String == "completed")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).sorted()
        == ["costs.csv", "costs.csv.json", "index.sqlite", "tree"])
  }

  @Test("rows that somebody else wrote are no older recording", arguments: [nil, "{}", "[1]"])
  func foreignRows(sidecar: String?) throws {
    let fixture = try Fixture(files: 1)
    let rows = "class,handle_s,process_s\nmine,1,1\n"
    try fixture.folder.write("costs.csv", rows)
    if let sidecar { try fixture.folder.write("costs.csv.json", sidecar) }
    let ended = try fixture.sync("--record", "\(fixture.folder.path)/costs.csv")
    #expect(ended.code == 1)
    #expect(ended.err.contains("is there and is no recording"), "\(ended.err)")
    #expect(
      try String(contentsOfFile: "\(fixture.folder.path)/costs.csv", encoding: .utf8) == rows)
    #expect(!FileManager.default.fileExists(atPath: fixture.database))
  }

  @Test("a recording that cannot be written is refused before the sync")
  func refused() throws {
    let fixture = try Fixture(files: 1)
    for path in ["\(fixture.folder.path)/no/costs.csv", fixture.tree] {
      let ended = try fixture.sync("--record", path)
      #expect(ended.code == 1)
      #expect(
        ended.err == "co3index: \(path) cannot be written as a recording; "
          + "choose a file in a folder that exists and can be written.\n")
    }
    #expect(!FileManager.default.fileExists(atPath: fixture.database))
    #expect(try fixture.sync("--record", "x", "--dry-run").code == 64)
  }

  @Test("a recording never takes the place of the index, by any name")
  func index() throws {
    let fixture = try Fixture(files: 3)
    let folder = fixture.folder.path
    // Before there is an index, too.
    for round in 1...2 {
      for suffix in ["", "-wal", "-shm", "-journal"] {
        let ended = try fixture.sync("--record", fixture.database + suffix)
        #expect(ended.code == 1, "\(suffix) in round \(round)")
        #expect(ended.err.contains("is the index, or what is kept beside it"), "\(ended.err)")
      }
      if round == 1 { try fixture.sync() }
    }
    let sidecar = try Program.run(
      ["sync", fixture.tree, "\(folder)/new.json", "--record", "\(folder)/new"])
    #expect(sidecar.err.contains("\(folder)/new.json is the index"), "\(sidecar.err)")
    try fixture.folder.link("soft", to: fixture.database)
    try FileManager.default.linkItem(atPath: fixture.database, toPath: "\(folder)/hard")
    let before = try Data(contentsOf: URL(fileURLWithPath: fixture.database))
    for name in ["soft", "hard"] {
      let ended = try fixture.sync("--record", "\(folder)/\(name)")
      #expect(ended.code == 1)
      #expect(ended.err.contains("is the index"), "\(ended.err)")
    }
    let throughLink = try Program.run(
      ["sync", fixture.tree, "\(folder)/soft", "--record", fixture.database + "-wal"])
    #expect(throughLink.err.contains("is the index"), "\(throughLink.err)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: fixture.database)) == before)
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/new.json"))
  }

  @Test("what is no recording is not overwritten")
  func foreign() throws {
    let fixture = try Fixture(files: 3)
    let folder = fixture.folder.path
    try fixture.folder.write("keep.csv", "mine,too\n1,2\n")
    try fixture.folder.write("package.json", #"{"name": "mine"}"#)
    for name in ["keep.csv", "package"] {
      let ended = try fixture.sync("--record", "\(folder)/\(name)")
      #expect(ended.code == 1)
      #expect(
        ended.err.hasSuffix(
          " is there and is no recording; choose another file with --record, or remove it.\n"),
        "\(ended.err)")
    }
    #expect(try String(contentsOfFile: "\(folder)/keep.csv", encoding: .utf8) == "mine,too\n1,2\n")
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/package"))
    #expect(!FileManager.default.fileExists(atPath: fixture.database))
  }

  @Test("what is no regular file, by whatever link, is neither waited for nor replaced")
  func special() throws {
    let fixture = try Fixture(files: 3)
    let folder = fixture.folder.path
    #expect(mkfifo("\(folder)/pipe", 0o644) == 0)
    try fixture.folder.link("piped", to: "pipe")
    try fixture.folder.link("null", to: "/dev/null")
    for name in ["pipe", "piped", "null"] {
      let ended = try fixture.sync("--record", "\(folder)/\(name)")
      #expect(ended.code == 1)
      #expect(ended.err.contains("is there and is no recording"), "\(ended.err)")
    }
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test("a recording is written where a link leads, with the permissions of the one before")
  func linked() throws {
    let fixture = try Fixture(files: 3)
    let folder = fixture.folder.path
    try fixture.folder.write("real/costs.csv")
    #expect(chmod("\(folder)/real/costs.csv", 0o600) == 0)
    try fixture.folder.link("costs.csv", to: "real/costs.csv")
    #expect(try fixture.sync("--record", "\(folder)/costs.csv").code == 0)
    var status = stat()
    #expect(lstat("\(folder)/costs.csv", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(lstat("\(folder)/real/costs.csv", &status) == 0)
    #expect(status.st_mode == S_IFREG | 0o600 && status.st_size > 0)
  }

  @Test("events name paths that are not UTF-8 by their bytes too")
  func events() {
    let event = Event("skipped", TreePath(bytes: [0x61, 0xFF]), reason: "why")
    #expect(
      event.line
        == #"{"event":"skipped","path":"a\\xFF","path_base64":"Yf8=","reason":"why"}"# + "\n")
  }
}
