import Foundation
import Testing

/// Where a new scenario says its recording is.
struct InitCommandTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
    for folder in ["sub", "sub/deep", "data", "real/inner"] {
      try FileManager.default.createDirectory(
        atPath: tool.folder[folder], withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: tool.folder["link"], withDestinationPath: "real/inner")
    for file in ["t.csv", "sub/t.csv", "data/t.csv", "real/t.csv"] {
      _ = try tool.folder.file(file, "class,seconds\na,1\nb,2\n")
    }
  }

  @Test(
    "a recording is named from the folder of the scenario, so that both can be moved",
    arguments: [
      ("x.json", "t.csv", "t.csv"), ("x.json", "data/t.csv", "data/t.csv"),
      ("x.json", "./data/../t.csv", "t.csv"),
      ("sub/x.json", "sub/t.csv", "t.csv"), ("sub/x.json", "t.csv", "../t.csv"),
      ("sub/deep/x.json", "data/t.csv", "../../data/t.csv"),
      // Through a link, `..` is the folder above what it leads to.
      ("link/x.json", "real/t.csv", "../t.csv"), ("link/x.json", "t.csv", "../../t.csv"),
    ])
  func relative(file: String, trace: String, path: String) throws {
    let made = try tool.run("init", file, "--trace", trace)
    #expect(made.code == 0, "\(made.error)")
    let text = try tool.folder.text(of: file)
    #expect(text.contains(#""trace": { "path": "\#(path)" }"#), "\(text)")
    #expect(try tool.run("validate", file).code == 0)
  }

  @Test("an absolute path stays, unless it leads into the folder of the scenario")
  func absolute() throws {
    let inside = try tool.run("init", "sub/x.json", "--trace", tool.folder["sub/t.csv"])
    #expect(inside.code == 0, "\(inside.error)")
    #expect(try tool.folder.text(of: "sub/x.json").contains(#""path": "t.csv""#))
    let outside = try tool.run("init", "sub/y.json", "--trace", tool.folder["data/t.csv"])
    #expect(outside.code == 0, "\(outside.error)")
    let text = try tool.folder.text(of: "sub/y.json")
    #expect(text.contains(#""path": "\#(tool.folder["data/t.csv"])""#), "\(text)")
    #expect(try tool.run("validate", "sub/x.json", "sub/y.json").code == 0)
  }

  @Test("what stands beside the recording is read, wherever the scenario is")
  func beside() throws {
    _ = try tool.folder.file("t.csv.json", #"{"chunk_time_s": 0.25, "chunk_overhead_s": 0.5}"#)
    #expect(try tool.run("init", "sub/x.json", "--trace", "t.csv").code == 0)
    #expect(try tool.folder.text(of: "sub/x.json").contains(#""chunkTime": "0.25s""#))
  }
}
