import Foundation
import Syncer
import SyncerReports
import SyncerSimulation
import Testing

/// What is written as a trace and read back is the same sync.
struct TraceExportTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The scenario with its items in a file instead of drawn.
  private func exported(_ scenario: Scenario, replication: Int = 1) throws -> Scenario {
    let path = folder["trace.csv"]
    try TraceExport(scenario, replication: replication).write(file: path)
    var recorded = scenario
    recorded.workload.source = .trace(TraceSettings(path: path))
    return recorded
  }

  private func records(
    of scenario: Scenario, replication: Int = 1
  ) async throws -> [[ChunkRecord]] {
    let simulation = try Simulation(scenario, replication: replication)
    var runs: [[ChunkRecord]] = []
    for scheduler in scenario.schedulers {
      runs.append(try await simulation.chunks(scheduler).map(\.record))
    }
    return runs
  }

  @Test("random scenarios make the same chunks from their trace", arguments: 1...150)
  func roundTrip(seed: UInt64) async throws {
    let scenario = Scenario.drawn(seed: seed)
    for replication in 1...2 {
      let drawn = try await records(of: scenario, replication: replication)
      let replayed = try await records(
        of: try exported(scenario, replication: replication), replication: replication)
      let isSame = drawn == replayed
      #expect(isSame, "seed \(seed), replication \(replication)")
    }
  }

  @Test(
    "shipped scenarios make the same chunks from their trace, and a trace the same text",
    arguments: ["fast-to-slow", "rare-heavy-mix", "overhead-bound", "load-spike", "real-files"])
  func shipped(name: String) async throws {
    let scenario = try Scenario(file: PackageRoot.file("Scenarios/\(name).json"))
    let replay = try exported(scenario)
    let isSame = try await records(of: scenario) == records(of: replay)
    #expect(isSame)
    let first = try folder.text(of: "trace.csv")
    _ = try exported(replay)
    #expect(try folder.text(of: "trace.csv") == first)
  }

  @Test(
    "slow items are slow once: they are of the scenario's faults, not of the trace",
    arguments: 1...20)
  func slowItems(seed: UInt64) async throws {
    var scenario = Scenario.drawn(seed: seed)
    let undisturbed = try TraceExport(scenario).text
    scenario.faults = FaultSettings(slow: [SlowItems(probability: 0.3, slowdown: 5)])
    #expect(try TraceExport(scenario).text == undisturbed, "seed \(seed)")
    let drawn = try Workload(scenario)
    let replayed = try Workload(exported(scenario))
    let other = (0..<drawn.count).first { drawn.handle($0) != replayed.handle($0) }
    #expect(other == nil, "seed \(seed): replayed with the same faults, other items are slow")
  }

  @Test("rows have the header, whole nanoseconds, and names and hints of any kind")
  func rows() throws {
    let path = try folder.file(
      "given.csv",
      #"""
      class,handle_s,process_s,hint
      "a,b",0.000000001,123456789.123456789,
      "say ""x""",3155760000,1e-3,0.1
      "two
      lines",.5,2,1e+300
      wört,0,0,7

      """#)
    let scenario = Scenario(
      name: "given",
      workload: WorkloadSettings(source: .trace(TraceSettings(path: path))))
    let workload = try Workload(scenario)
    #expect(workload.classes.map(\.name) == ["a,b", "say \"x\"", "two\nlines", "wört"])
    #expect(workload.handleNanoseconds == [1, 3_155_760_000_000_000_000, 500_000_000, 0])
    #expect(workload.processNanoseconds == [123_456_789_123_456_789, 1_000_000, 2_000_000_000, 0])
    try TraceExport(scenario).write(file: folder["written.csv"])
    #expect(
      try folder.text(of: "written.csv") == #"""
        class,handle_s,process_s,hint
        "a,b",0.000000001,123456789.123456789,
        "say ""x""",3155760000.000000000,0.001000000,0.1
        "two
        lines",0.500000000,2.000000000,1e+300
        wört,0.000000000,0.000000000,7

        """#)
    #expect(try folder.names() == ["given.csv", "written.csv", "written.csv.json"])
  }

  @Test("a trace that cannot be written is a sentence, and leaves what was there")
  func unwritable() throws {
    let scenario = Scenario.drawn(seed: 1)
    let missing = folder["no/trace.csv"]
    #expect {
      try TraceExport(scenario).write(file: missing)
    } throws: { error in
      "\(error)".hasPrefix("\(missing) cannot be written (")
    }
    #expect(try folder.names().isEmpty)
  }

  @Test("the command writes to standard output, or a file with its sidecar")
  func command() throws {
    let tool = try Co3simProcess()
    let path = try tool.scenario()
    let printed = try tool.run("trace", "export", path)
    #expect(printed.code == 0, "\(printed.error)")
    #expect(printed.out.hasPrefix("class,handle_s,process_s\nx,"))
    #expect(printed.out.split(separator: "\n").count == 13)
    let written = try tool.run("trace", "export", path, "--output", "out.csv")
    #expect(written.code == 0 && written.out.isEmpty, "\(written.error)")
    #expect(try tool.folder.text(of: "out.csv") == printed.out)
    let sidecar = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: tool.folder["out.csv.json"])))
    let object = try #require(sidecar as? [String: Any])
    #expect(object["version"] as? Int == 1)
    #expect(object["scenario"] as? String == "small")
    #expect(object["seed"] as? Int == 3)
    #expect(object["items"] as? Int == 12)
    #expect(object["chunk_time_s"] as? Double == 2)
    let other = try tool.run("trace", "export", "-", "--seed", "4", input: Co3simProcess.json())
    #expect(other.code == 0 && other.out != printed.out)
    let second = try tool.run("trace", "export", path, "--replication", "2")
    #expect(second.code == 0 && second.out != printed.out)
    #expect(try tool.run("trace", "export", path, "--replication", "0").code == 64)
    #expect(try tool.run("trace", "export", "missing.json").code == 1)
  }
}

extension TraceExport {
  /// All of the rows.
  fileprivate var text: String {
    get throws {
      var bytes: [UInt8] = []
      try write { bytes += $0 }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
