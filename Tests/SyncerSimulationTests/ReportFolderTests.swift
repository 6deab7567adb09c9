import Foundation
import Syncer
import Testing

@testable import SyncerReports
@testable import SyncerSimulation

/// A folder of reports is replaced as a whole, and holds nobody else's files to ransom.
struct ReportFolderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static func scenario(_ seed: UInt64) -> Scenario {
    var scenario = Scenario.constant(
      [(20, 0.5)], sync: SyncSettings(chunkTimeSeconds: 2),
      schedulers: [SchedulerSettings("fixed", ["size": 4]), SchedulerSettings("deadline")])
    scenario.seed = seed
    return scenario
  }

  /// Writes a report with all there can be in it, but for its images.
  private func write(_ seed: UInt64, to name: String = "report") async throws {
    let scenario = Self.scenario(seed)
    let report = try ReportWriter(folder: folder[name])
    let results = try await Experiment(scenario).run(report: report)
    try report.write(MetricStatistics.all(results))
    let charts = try ChartFolder(report, scenario: scenario, results: results)
    let section = ReportPage.Section(scenario: scenario, results: results, charts: charts)
    try ReportPage(version: "1", command: "c", sections: [section]).write(to: report)
    try report.commit()
  }

  private static let all = [
    "chunks.csv", "collapse.csv", "duration.gp", "nearness.csv", "nearness.gp", "report.html",
    "size.gp", "statistics.csv",
    "summary.csv", "tracking.csv", "tracking.gp", "tradeoff.csv", "tradeoff.gp",
  ]

  @Test("every file of a report may be replaced by one that is co3sim's, and by no other")
  func everyName() async throws {
    try await write(1)
    try await write(2)
    #expect(try folder.names(in: "report") == Self.all)
    for name in Self.all {
      let whole = try folder.text(of: "report/\(name)")
      for text in [
        "mine\n", String(whole.dropFirst(7)), name.hasSuffix(".gp") ? whole + "\n" : "x",
      ] {
        _ = try folder.file("report/\(name)", text)
        await #expect(throws: ScenarioError.self, "\(name)") { try await write(3) }
        #expect(try folder.text(of: "report/\(name)") == text)
      }
      try FileManager.default.removeItem(atPath: folder["report/\(name)"])
      try FileManager.default.createSymbolicLink(
        atPath: folder["report/\(name)"], withDestinationPath: "../victim")
      await #expect(throws: ScenarioError.self, "\(name)") { try await write(3) }
      #expect(!folder.exists("victim"))
      try FileManager.default.removeItem(atPath: folder["report/\(name)"])
      _ = try folder.file("report/\(name)", whole)
    }
    try await write(3)
    #expect(try folder.names() == ["report"])
  }

  @Test("what is stale goes with the report it belonged to; what is somebody's stays")
  func staleAndForeign() async throws {
    try await write(1)
    let report = try ReportWriter(folder: folder["report"])
    _ = try await Experiment(Self.scenario(2)).run(report: report)
    try report.commit()
    #expect(
      try folder.names(in: "report") == [
        "chunks.csv", "collapse.csv", "summary.csv", "tracking.csv",
      ])
    _ = try folder.file("report/notes.txt", "mine")
    try FileManager.default.createDirectory(
      atPath: folder["report/more"], withIntermediateDirectories: false)
    try await write(3)
    #expect(try folder.names(in: "report") == (Self.all + ["more", "notes.txt"]).sorted())
    #expect(try folder.text(of: "report/summary.csv").contains(",deadline,3,1,"))
  }

  @Test("modes of the folder and of its files are kept, and a link to the folder stays one")
  func modes() async throws {
    try await write(1, to: "real")
    try #require(chmod(folder["real"], 0o705) == 0 && chmod(folder["real/summary.csv"], 0o640) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: folder["link"], withDestinationPath: "real")
    try await write(2, to: "link")
    func mode(_ name: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: folder[name])[.posixPermissions] as? Int
    }
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"]) == "real")
    #expect(try mode("real") == 0o705 && mode("real/summary.csv") == 0o640)
    #expect(try folder.text(of: "real/summary.csv").contains(",deadline,2,1,"))
  }

  @Test("of two reports that are written into one folder at once, each is whole")
  func twoAtOnce() async throws {
    for round in UInt64(0)..<20 {
      let first = try ReportWriter(folder: folder["report"])
      let second = try ReportWriter(folder: folder["report"])
      #expect(first.staging != second.staging)
      _ = try await Experiment(Self.scenario(1 + 2 * round)).run(report: first)
      _ = try await Experiment(Self.scenario(2 + 2 * round)).run(report: second)
      try (round % 2 == 0 ? [first, second] : [second, first]).forEach { try $0.commit() }
      let seed = round % 2 == 0 ? 2 + 2 * round : 1 + 2 * round
      for name in ["chunks.csv", "summary.csv", "tracking.csv"] {
        let seeds = Set(CSVRows(try folder.text(of: "report/\(name)")).records.map { $0["seed"] })
        #expect(seeds == ["\(seed)"], "\(name) in round \(round)")
      }
    }
    #expect(try folder.names() == ["report"])
  }

  @Test("a folder that a run reads from is not replaced")
  func inputInFolder() async throws {
    try await write(1)
    let error = #expect(throws: ScenarioError.self) {
      let report = try ReportWriter(
        folder: folder["report"], inputs: [folder["report/tracking.csv"]])
      try report.commit()
    }
    #expect(error?.rule == "is an input of this command")
  }
}
