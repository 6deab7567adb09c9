import Foundation
import Testing

/// A sweep as a cluster runs it: every shard a process of its own.
@Suite(.serialized) struct SweepCommandTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  private func sweep(_ arguments: String...) throws -> Co3simProcess.Outcome {
    try tool.run(
      ["sweep", try tool.scenario(), "--vary", "sync.chunkTime=1s,2s,5s", "--replications", "3"]
        + arguments)
  }

  @Test("shards joined by merge, in any order, are what one run prints")
  func shards() throws {
    let whole = try sweep()
    #expect(whole.code == 0, "\(whole.error)")
    #expect(whole.out.split(whereSeparator: \.isNewline).count == 1 + 3 * 3 * 2, "\(whole.out)")
    for shard in 1...4 {
      let part = try sweep("--shard", "\(shard)/4", "--output", "part-\(shard).csv")
      #expect(part.code == 0, "\(part.error)")
    }
    let merged = try tool.run("merge", "part-3.csv", "part-1.csv", "part-4.csv", "part-2.csv")
    #expect(merged.code == 0, "\(merged.error)")
    #expect(merged.out == whole.out)
    let written = try tool.run(
      "merge", "part-1.csv", "part-2.csv", "part-3.csv", "part-4.csv", "--output", "all.csv")
    #expect(written.code == 0, "\(written.error)")
    #expect(try tool.folder.text(of: "all.csv") == whole.out)
  }

  @Test("a shard that is missing is named, and nothing is written")
  func missingShard() throws {
    for shard in [1, 3] {
      #expect(try sweep("--shard", "\(shard)/3", "--output", "part-\(shard).csv").code == 0)
    }
    let merged = try tool.run("merge", "part-1.csv", "part-3.csv", "--output", "all.csv")
    #expect(merged.code == 1)
    #expect(merged.error.contains("part-3.csv follows after cell 7"), "\(merged.error)")
    #expect(!tool.folder.exists("all.csv"))
  }

  @Test(
    "what is not understood is one sentence, and no file",
    arguments: [
      ["--vary", "sync.chunkTme=1s"], ["--vary", "sync.chunkTime"], ["--shard", "5/4"],
      ["--shard", "x"], ["--scheduler", "deadlin"],
    ])
  func wrongArguments(arguments: [String]) throws {
    let outcome = try tool.run(
      ["sweep", try tool.scenario(), "--vary", "seed=1,2", "--output", "out.csv"] + arguments)
    #expect(outcome.code == 1 || outcome.code == 64, "\(outcome.code)")
    #expect(outcome.out.isEmpty)
    #expect(!outcome.error.isEmpty && !outcome.error.contains("Fatal"), "\(outcome.error)")
    #expect(!tool.folder.exists("out.csv"))
  }
}
