import Foundation
import Syncer
import SyncerReports
import SyncerSimulation
import Testing

struct ReportTests {
  /// The contract with other people's scripts: column names, in order.
  static let headers = [
    "chunks.csv": "scenario,scheduler,seed,replication,chunk,start_s,planned_size,size,handle_s,"
      + "process_s,duration_s,target_s,longest_item_s,load_factor,close_reason,worker",
    "tracking.csv": "scenario,scheduler,seed,replication,chunk,class,items,estimate_s_per_item,"
      + "observed_s_per_item,true_s_per_item,relative_error",
    "collapse.csv": "scenario,scheduler,seed,replication,chunk,size,duration_s,target_s,floor_s,"
      + "overshoot,chunks_lost,recovery_chunks",
    "summary.csv": "scenario,scheduler,seed,replication,overshoot,overshoot_above_floor,"
      + "p99_above_floor,time_match,over_2x_share,work_at_risk,makespan_s,chunks,items,"
      + "overhead_share,makespan_vs_oracle,settling_chunks,tracking_error,"
      + "failed_items,unfinished_items,restarts,lost_s,expected_completion_s,"
      + "waste,waste_floor,waste_vs_optimal,near_target_share,utilisation,"
      + "parallel_efficiency,uncommitted_s,takeovers",
  ]

  /// Two classes, a load, an overhead, two replications of three schedulers.
  private static func scenario(seed: UInt64) -> Scenario {
    let classes = [
      ItemClass(name: "file", weight: 9, handle: .lognormal(mean: 0.01, cv: 0.5)),
      ItemClass(name: "audio", process: .gamma(mean: 2, cv: 0.4), hintNoise: 0.1),
    ]
    return Scenario(
      name: "report", seed: seed, replications: 2,
      sync: SyncSettings(chunkTimeSeconds: 1, isShuffled: true),
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: 400, classes: classes)]),
        chunkOverhead: .exponential(mean: 0.1), workers: 2),
      load: LoadSettings(
        arrivals: LoadArrivals(meanGapSeconds: 5, durationSeconds: 2, slowdown: 3)),
      schedulers: [
        SchedulerSettings("moving-average"), SchedulerSettings("deadline"),
        SchedulerSettings("fixed", ["size": 40], label: #"forty, "by hand""#),
      ])
  }

  private func write(_ scenario: Scenario, to folder: String) async throws -> [RunResult] {
    let report = try ReportWriter(folder: folder)
    let results = try await Experiment(scenario).run(report: report)
    try report.commit()
    return results
  }

  @Test("the same seed writes the same bytes, another seed others")
  func sameBytes() async throws {
    let folder = try TemporaryFolder()
    for (name, seed) in [("first", 0), ("second", 0), ("third", 1)] as [(String, UInt64)] {
      _ = try await write(Self.scenario(seed: seed), to: folder[name])
    }
    for name in Self.headers.keys.sorted() {
      let first = try folder.text(of: "first/\(name)")
      let second = try folder.text(of: "second/\(name)")
      let third = try folder.text(of: "third/\(name)")
      #expect(first == second, "\(name)")
      #expect(first != third, "\(name)")
    }
  }

  @Test("a report is the four files of the contract, with its columns")
  func contract() async throws {
    let folder = try TemporaryFolder()
    _ = try await write(Self.scenario(seed: 1), to: folder["report"])
    let names = try folder.names(in: "report")
    #expect(names == Self.headers.keys.sorted())
    for (name, header) in Self.headers {
      let text = try folder.text(of: "report/\(name)")
      #expect(text.hasPrefix(header + "\r\n"), "\(name)")
      #expect(text.hasSuffix("\r\n"), "\(name)")
      let columns = header.split(separator: ",").count
      for row in CSVRows(text).rows { #expect(row.count == columns, "\(name): \(row)") }
    }
  }

  @Test("rows add up: chunks to the items of the summary, runs to schedulers times replications")
  func rowsAddUp() async throws {
    let folder = try TemporaryFolder()
    let results = try await write(Self.scenario(seed: 1), to: folder["report"])
    #expect(results.count == 6)
    let chunks = CSVRows(try folder.text(of: "report/chunks.csv"))
    let summary = CSVRows(try folder.text(of: "report/summary.csv"))
    let tracking = CSVRows(try folder.text(of: "report/tracking.csv"))
    #expect(summary.rows.count == 7)
    for run in summary.records {
      let own = chunks.records.filter {
        $0["scheduler"] == run["scheduler"] && $0["replication"] == run["replication"]
      }
      let sizes = own.compactMap { $0["size"].flatMap(Int.init) }
      #expect(sizes.reduce(0, +) == 400)
      #expect(run["items"] == "400")
      #expect(run["chunks"] == "\(own.count)")
      #expect(own.last?["close_reason"] == "end")
      let tracked = tracking.records.filter {
        $0["scheduler"] == run["scheduler"] && $0["replication"] == run["replication"]
      }
      #expect(tracked.compactMap { $0["items"].flatMap(Int.init) }.reduce(0, +) == 400)
    }
  }

  @Test("a label with a comma and quotes is quoted as RFC 4180 says")
  func quoting() async throws {
    let folder = try TemporaryFolder()
    _ = try await write(Self.scenario(seed: 1), to: folder["report"])
    let text = try folder.text(of: "report/summary.csv")
    #expect(text.contains(#"report,"forty, ""by hand""",1,1,"#))
    let labels = Set(CSVRows(text).records.compactMap { $0["scheduler"] })
    #expect(labels == ["moving-average", "deadline", #"forty, "by hand""#])
  }

  @Test("numbers are written with a point, exactly and without a needless fraction")
  func numbers() async throws {
    let folder = try TemporaryFolder()
    let scenario = Scenario.constant(
      [(3, 0.1)], sync: SyncSettings(chunkTimeSeconds: 5),
      schedulers: [SchedulerSettings("fixed", ["size": 2], label: "two")])
    _ = try await write(scenario, to: folder["report"])
    let rows = try folder.text(of: "report/chunks.csv").split(separator: "\r\n").dropFirst()
    #expect(
      rows.map { $0 } == [
        "constant,two,1,1,1,0,2,2,0.2,0,0.2,5,0.1,1,scheduler,1",
        "constant,two,1,1,2,0.2,2,1,0.1,0,0.1,5,0.1,1,end,1",
      ])
  }

  @Test("a report that is discarded leaves an earlier one as it was, and no partial folder")
  func discard() async throws {
    let folder = try TemporaryFolder()
    _ = try await write(Self.scenario(seed: 1), to: folder["report"])
    let before = try folder.text(of: "report/chunks.csv")
    let report = try ReportWriter(folder: folder["report"])
    _ = try await Experiment(Self.scenario(seed: 2)).run(report: report)
    report.discard()
    let after = try folder.text(of: "report/chunks.csv")
    let names = try folder.names(in: "report")
    #expect(after == before)
    #expect(names == Self.headers.keys.sorted())
    let fresh = try ReportWriter(folder: folder["fresh"])
    fresh.discard()
    #expect(!folder.exists("fresh"), "a folder made for nothing is removed")
  }

  @Test("what an interrupted run left behind is cleared away by the next")
  func leftovers() async throws {
    let folder = try TemporaryFolder()
    // As a process that was killed leaves it: nobody holds its lock any more.
    let left = folder[".co3.XYZ123"]
    try FileManager.default.createDirectory(
      atPath: left + "/files", withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: left)
    _ = try folder.file(".co3.XYZ123/files/chunks.csv", "left behind")
    _ = try await write(Self.scenario(seed: 1), to: folder["report"])
    #expect(try folder.names() == ["report"])
    #expect(try folder.names(in: "report") == Self.headers.keys.sorted())
  }

  @Test("a folder that cannot be written is an error with a remedy")
  func unwritable() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("file", "not a folder")
    let error = #expect(throws: ScenarioError.self) { try ReportWriter(folder: "\(file)/report") }
    let text = try #require(error).description
    #expect(text.contains("cannot be written"))
    #expect(text.contains("--output"))
    #expect(!text.contains { $0.isNewline })
  }
}
