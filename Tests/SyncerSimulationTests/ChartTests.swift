import Foundation
import Syncer
import SyncerReports
import SyncerSimulation
import Testing

/// What charts are drawn from, and what they say in words.
struct ChartTests {
  /// Chunks of four at a target of 2 s: 2, 8 and 2 s, with load from 2 s to 4 s.
  private static let scenario: Scenario = {
    var scenario = Scenario.constant(
      [(4, 0.5), (4, 1), (4, 0.5)], sync: SyncSettings(chunkTimeSeconds: 2),
      schedulers: [SchedulerSettings("fixed", ["size": 4], label: "it's four")])
    scenario.load.windows = [LoadWindow(fromSeconds: 2, toSeconds: 10, slowdown: 2)]
    return scenario
  }()

  private func report(_ scenario: Scenario, to folder: TemporaryFolder) async throws -> [RunResult]
  {
    let report = try ReportWriter(folder: folder["report"])
    let results = try await Experiment(scenario).run(report: report)
    try report.commit()
    return results
  }

  /// The charts of a scenario that is run, or of other results on it, in a folder `report`.
  private func charts(
    of scenario: Scenario, _ other: [RunResult]? = nil, drawnBy gnuplot: Gnuplot? = nil,
    in folder: TemporaryFolder
  ) async throws -> ChartFolder {
    let report = try ReportWriter(folder: folder["report"])
    let results = try await Experiment(scenario).run(report: report)
    var charts = try ChartFolder(report, scenario: scenario, results: other ?? results)
    if let gnuplot { try charts.draw(by: gnuplot) }
    try report.commit()
    return charts
  }

  @Test("chunks are read back as they were written")
  func timeline() async throws {
    let folder = try TemporaryFolder()
    _ = try await report(Self.scenario, to: folder)
    let runs = try RunTimeline.read(folder: folder["report"])
    let run = try #require(runs.first)
    #expect(runs.count == 1)
    #expect(run.scheduler == "it's four")
    #expect(run.chunks.map(\.startSeconds) == [0, 2, 10])
    #expect(run.chunks.map(\.durationSeconds) == [2, 8, 2])
    #expect(run.chunks.map(\.isCollapsed) == [false, true, false])
    #expect(run.endSeconds == 12)
    #expect(run.longest?.size == 4)
    #expect(try RunTimeline.read(folder: folder["report"], replication: 2).isEmpty)
  }

  @Test("a chart says in words what it shows, and its script reads the CSV beside it")
  func scripts() async throws {
    let folder = try TemporaryFolder()
    let charts = try await charts(of: Self.scenario, in: folder)
    let duration = try #require(charts.charts.first { $0.scriptName == "duration.gp" })
    let image = try #require(duration.images.first)
    #expect(image.alternative.contains("3 chunks, the longest 8.00 s (4.00 × target); 1 collapsed"))
    let script = try folder.text(of: "report/duration.gp")
    #expect(script == duration.script)
    #expect(script.contains("'chunks.csv' using ((stringcolumn('scheduler') eq \"it\\047s four\""))
    // The load window, the phases that begin at 2 and 10 s, the worst chunk's figure.
    #expect(script.contains("rectangle from 2.0, graph 0 to 10.0, graph 1"))
    #expect(script.contains("set arrow from 2.0, graph 0"))
    #expect(script.contains("set arrow from 10.0, graph 0"))
    #expect(script.contains("'4.00 × target'"))
    #expect(duration.explanation.contains("Shaded"))
  }

  @Test("a text chart puts chunks where they were, and marks the collapsed in red only in colour")
  func terminal() async throws {
    let folder = try TemporaryFolder()
    _ = try await report(Self.scenario, to: folder)
    let runs = try RunTimeline.read(folder: folder["report"])
    let lines = TerminalChart(runs, width: 60).text.split(separator: "\n").map(String.init)
    let collapsed = try #require(lines.first { $0.contains("█") && !$0.contains("collapsed") })
    // 2 of 12 s before it, 8 s of it, in 49 columns.
    #expect(collapsed.count { $0 == "█" } == 33, "\(collapsed)")
    #expect(lines.contains { $0.contains("2.00 s ┤━━━━━━━━") && $0.contains("┄") })
    let coloured = TerminalChart(runs, width: 60, isColoured: true).text
    #expect(coloured.contains("\u{1B}[31m█"))
    #expect(coloured.contains("█\u{1B}[0m"))
    #expect(TerminalChart([]).text.isEmpty)
  }

  @Test("the trade-off marks who is beaten by no other in both figures")
  func frontier() async throws {
    func run(_ label: String, _ makespan: Double, _ waste: Double) -> RunResult {
      RunResult(
        scenario: "s", scheduler: label, seed: 1, replication: 1,
        metrics: RunMetrics([
          .makespanVsOracle: makespan, .overshootAboveFloor: 1, .wasteVsOptimal: waste,
          .chunks: 100 * makespan,
        ]),
        isBound: label == "bound")
    }
    let folder = try TemporaryFolder()
    let results = [
      run("slow and safe", 1.2, 1), run("beaten", 1.3, 2), run("fast", 1, 100),
      run("as fast, worse", 1, 101), run("middle", 1.1, 3),
      run("bound", 0.9, 1),
    ]
    let charts = try await charts(of: Self.scenario, results, in: folder)
    let rows = CSVRows(try folder.text(of: "report/tradeoff.csv")).records
    let frontier = rows.filter { $0["on_frontier"] == "1" }.compactMap { $0["scheduler"] }
    #expect(frontier == ["fast", "middle", "slow and safe"])
    #expect(
      charts.charts.last?.images.first?.caption == "On the frontier: fast, middle, slow and safe")
    #expect(charts.charts.last?.script.contains("time for all") == true)
    // Where all take the same time, the price is the number of chunks.
    let alike = [("few", 50.0, 3.0), ("many", 500, 1.1)].map { label, chunks, waste in
      RunResult(
        scenario: "s", scheduler: label, seed: 1, replication: 1,
        metrics: RunMetrics([
          .makespanVsOracle: 1, .overshootAboveFloor: 1, .wasteVsOptimal: waste, .chunks: chunks,
        ]))
    }
    let plain = try await self.charts(of: Self.scenario, alike, in: try TemporaryFolder())
    #expect(plain.charts.last?.script.contains("'chunks made'") == true)
  }

  @Test(
    "every script of a report with many chunks and classes is one that gnuplot draws",
    .enabled(if: Gnuplot() != nil))
  func gnuplotDrawsAll() async throws {
    let classes = (0..<7).map {
      ItemClass(name: "class `\($0)`", handle: .exponential(mean: 0.01 * Double($0 + 1)))
    }
    var scenario = Scenario(
      name: "many", replications: 2, sync: SyncSettings(chunkTimeSeconds: 0.01, isShuffled: true),
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: 4000, classes: classes)])),
      load: LoadSettings(
        arrivals: LoadArrivals(meanGapSeconds: 5, durationSeconds: 2, slowdown: 3)))
    scenario.schedulers = [
      SchedulerSettings("moving-average"),
      SchedulerSettings("moving-average", ["smoothing": 0.3], label: "a \"quoted\", label"),
      SchedulerSettings("fixed", ["size": 3]),
    ]
    let folder = try TemporaryFolder()
    let charts = try await charts(
      of: scenario, drawnBy: Gnuplot(), in: folder)
    #expect(
      charts.charts.map(\.scriptName) == [
        "nearness.gp", "duration.gp", "size.gp", "tracking.gp", "tradeoff.gp",
      ])
    for image in charts.charts.flatMap(\.images) {
      let drawing = try #require(charts.drawings[image.file], "\(image.file)")
      #expect(drawing.utf8.count < 1_000_000, "\(image.file)")
      #expect(drawing.contains("</svg>"), "\(image.file)")
    }
  }

  @Test("what gnuplot cannot draw is an error with what it said", .enabled(if: Gnuplot() != nil))
  func gnuplotFails() throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("bad.gp", "plot 'missing.csv'\n")
    let gnuplot = try #require(Gnuplot())
    let error = #expect(throws: ScenarioError.self) {
      try gnuplot.draw("bad.gp", in: folder.path)
    }
    #expect(error?.description.contains("missing.csv") == true, "\(String(describing: error))")
  }
}
