import Foundation
import Testing

@testable import SyncerReports
@testable import SyncerSimulation

@Suite("Sweeps")
struct SweepTests {
  private static let json = """
    { "name": "grid", "replications": 2, "sync": { "chunkTime": "1s" },
      "workload": { "phases": [ { "class": "a", "count": 60,
        "handle": { "exponential": { "mean": "100ms" } } } ] },
      "schedulers": ["deadline", { "moving-average": {}, "label": "old" }] }
    """

  private static func sweep(_ axes: [String]) throws -> Sweep {
    try Sweep(
      json: Array(json.utf8), file: "grid.json", folder: "",
      axes: try axes.map { try SweepAxis($0) })
  }

  private static let axes = [
    "sync.chunkTime=500ms,1s,2s", "schedulers.deadline.overrun=0.1,0.3",
    "workload.phases[0].count=40,60",
  ]

  @Test("the grid has every combination once, in order, and every value where it belongs")
  func gridIsComplete() throws {
    let sweep = try Self.sweep(Self.axes)
    #expect(sweep.cellCount == 3 * 2 * 2 * 2 * 2)
    #expect(sweep.values.count == 12 && Set(sweep.values).count == 12)
    #expect(sweep.values[0] == ["500ms", "0.1", "40"])
    #expect(sweep.values[1] == ["500ms", "0.1", "60"])
    let last = sweep.scenarios[11]
    #expect(last.sync.chunkTimeSeconds == 2)
    #expect(last.schedulers[0].parameters == ["overrun": 0.3])
    #expect(last.schedulers.map(\.label) == ["deadline", "old"])
    #expect(try Workload(last).count == 60)
  }

  @Test("a scheduler can be varied where the scenario lists none")
  func unlistedSchedulers() throws {
    let json = try #require(Self.json.firstRange(of: ",\n  \"schedulers\"")).lowerBound
    for (name, count) in [("deadline", 3), ("percona", 4)] {
      let sweep = try Sweep(
        json: Array((Self.json[..<json] + " }").utf8), file: "grid.json", folder: "",
        axes: [
          try SweepAxis(
            name == "deadline"
              ? "schedulers.deadline.overrun=0.1,0.3"
              : "schedulers.percona.decay=0.5,0.9")
        ])
      let labels = sweep.scenarios[0].schedulers.map(\.label)
      #expect(labels.count == count && labels.contains(name), "\(labels)")
    }
  }

  @Test("shards cover all cells once", arguments: 1...50)
  func shardsCoverAllCells(count: Int) throws {
    let sweep = try Self.sweep(["sync.chunkTime=1s,2s,3s"])
    let joined = (1...count).flatMap { Array(sweep.cells(ofShard: $0, of: count)) }
    #expect(joined == Array(0..<sweep.cellCount))
  }

  @Test("merged shards are the whole table, byte for byte, on any number of cores")
  func mergedShardsAreTheTable() async throws {
    let folder = try TemporaryFolder()
    let sweep = try Self.sweep(Self.axes)
    let all = 0..<sweep.cellCount
    let whole = try await SweepFile.text(of: sweep, cells: all, cores: 1)
    #expect(try await SweepFile.text(of: sweep, cells: all, cores: 3) == whole)
    var files: [String] = []
    for shard in 1...5 {
      let path = folder.path + "/shard-\(shard).csv"
      let file = SweepFile(path: path, of: sweep, cells: sweep.cells(ofShard: shard, of: 5))
      #expect(try await file.complete() == 0)
      files.append(path)
    }
    #expect(String(decoding: try SweepMerge.merged(files.reversed()), as: UTF8.self) == whole)
    #expect(throws: ScenarioError.self) { try SweepMerge.merged(Array(files.dropFirst())) }
    #expect(throws: ScenarioError.self) { try SweepMerge.merged(Array(files.dropLast())) }
    #expect(throws: ScenarioError.self) { try SweepMerge.merged(files + [files[2]]) }
  }

  @Test("a sweep that was interrupted goes on after the last whole row", arguments: [0, 1, 7, 300])
  func interruptedSweepGoesOn(cut: Int) async throws {
    let folder = try TemporaryFolder()
    let sweep = try Self.sweep(["sync.chunkTime=1s,2s"])
    let all = 0..<sweep.cellCount
    let whole = try await SweepFile.text(of: sweep, cells: all)
    let path = folder.path + "/table.csv"
    let file = SweepFile(path: path, of: sweep, cells: all)
    let bytes = Array(whole.utf8)
    let length = try #require(bytes.firstIndex(of: 0x0A)) + 1 + cut
    try Data(bytes.prefix(length)).write(to: URL(filePath: path + ".partial"))
    let done = try await file.complete()
    let rows = bytes.prefix(length).count { $0 == 0x0A } - 1
    #expect(done == rows)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == whole)
    #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
    #expect(try await file.complete() == sweep.cellCount)
  }

  @Test("a file of another sweep is refused and stays as it is")
  func foreignFileIsRefused() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/table.csv"
    let first = try Self.sweep(["sync.chunkTime=1s,2s"])
    _ = try await SweepFile(path: path, of: first, cells: 0..<8).complete()
    let before = try String(contentsOfFile: path, encoding: .utf8)
    for axes in [["sync.chunkTime=1s,3s"], ["sync.chunkCap=1,2"], ["sync.chunkTime=1s"]] {
      let other = try Self.sweep(axes)
      await #expect(throws: ScenarioError.self) {
        try await SweepFile(path: path, of: other, cells: 0..<other.cellCount).complete()
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
  }

  @Test(
    "what cannot be varied is refused with a sentence",
    arguments: [
      ["sync.chunkTime"], ["=1s"], ["sync.chunkTime="], ["sync.chunkTime=1s,1s"],
      ["sync..chunkTime=1s"], ["workload.phases[9].count=1"], ["workload.phases[x].count=1"],
      ["sync.chunkTimes=1s"], ["sync.chunkTime=5"], ["name.first=a"],
      ["schedulers.joblib.smoothing=0.1"], ["schedulers.deadline=0.1"],
      ["sync.chunkTime=1s", "sync.chunkTime=2s"], ["replications=1,2"],
    ])
  func wrongAxesAreRefused(axes: [String]) throws {
    let error = #expect(throws: ScenarioError.self) { try Self.sweep(axes) }
    #expect(error?.description.hasSuffix(".") == true)
  }
}
