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
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let ended = try fixture.sync("--record", path, "--chunk-time", "5ms", "--json")
    #expect(ended.code == 0, "\(ended.err)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines.first == ["class", "handle_s", "process_s", "hint"])
    #expect(lines.count == fixture.names.count + 1)
    let kinds = Set(lines.dropFirst().map { String($0[0]) })
    #expect(kinds == ["txt", "wav", "json", "gz", "none", "swift"])
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

  @Test("events name paths that are not UTF-8 by their bytes too")
  func events() {
    let event = Event("skipped", TreePath(bytes: [0x61, 0xFF]), reason: "why")
    #expect(
      event.line
        == #"{"event":"skipped","path":"a\\xFF","path_base64":"Yf8=","reason":"why"}"# + "\n")
  }
}
