import Syncer
import SyncerReports
import SyncerSimulation
import Testing

/// Every metric, computed by hand.
struct MetricsTests {
  private static func run(
    _ scenario: Scenario, _ scheduler: SchedulerSettings
  ) async throws -> RunMetrics {
    try await Simulation(scenario).run(scheduler)
  }

  private static let four = SchedulerSettings("fixed", ["size": 4])

  /// Chunks of four at a target of 2 s: 4 x 0.5, 4 x 2, 4 + 1 + 1 + 2, 6 seconds.
  private static func uneven(overhead: Double = 0) -> Scenario {
    .constant(
      [(4, 0.5), (4, 2), (1, 4), (2, 1), (1, 2), (1, 6)],
      sync: SyncSettings(chunkTimeSeconds: 2), overhead: overhead)
  }

  @Test("the metrics of four chunks")
  func byHand() async throws {
    let metrics = try await Self.run(Self.uneven(), Self.four)
    // Durations 2, 8, 8, 6; longest items 0.5, 2, 4, 6; floors 2, 2, 4, 6; ratios 1, 4, 2, 1.
    let wanted: [Metric: Double] = [
      .overshoot: 4, .overshootAboveFloor: 4, .p99AboveFloor: 4, .timeMatch: 3,
      .over2xShare: 0.25, .workAtRisk: 168 / 48.0, .makespan: 24, .chunks: 4, .items: 13,
      .overheadShare: 0, .settlingChunks: 0,
      // Four chunks at c = 4, and 168 square seconds; single items have 75; over 2 T U = 96.
      .waste: (16 + 168) / 96.0, .wasteFloor: 75 / 96.0, .nearTargetShare: 8 / 24.0,
    ]
    for metric in Metric.allCases {
      #expect(metrics[metric] == wanted[metric], "\(metric)")
    }
  }

  @Test("the overhead's share is its time over all time")
  func overheadShare() async throws {
    let metrics = try await Self.run(Self.uneven(overhead: 1), Self.four)
    #expect(metrics[.overheadShare] == 4 / 28.0)
    #expect(metrics[.makespan] == 28)
  }

  @Test("makespan_vs_oracle compares with the oracle on the same items")
  func makespanVsOracle() async throws {
    var scenario = Scenario.constant(
      [(4, 1)], sync: SyncSettings(chunkTimeSeconds: 3), overhead: 1)
    scenario.schedulers = [
      SchedulerSettings("fixed", ["size": 1], label: "one"), SchedulerSettings("oracle"),
    ]
    // Chunks of one: four overheads. The oracle fits two items and the overhead into a target.
    let results = try await Experiment(scenario).run()
    #expect(results.map { $0.metrics[.makespan] } == [8, 6])
    #expect(results.map { $0.metrics[.makespanVsOracle] } == [8 / 6.0, 1])
    #expect(results.map(\.scheduler) == ["one", "oracle"])
  }

  @Test("the 99th percentile is by nearest rank", arguments: [(99, 2), (100, 1), (101, 1)])
  func percentile(count: Int, wanted: Double) async throws {
    // One chunk of 2 s at a target of 1 s, of two items of 1 s; all others of one item of 1 s.
    let pair = SchedulerSettings("fixed", ["size": 2])
    let scenario = Scenario.constant(
      [(2, 1), (2 * (count - 1), 0.5)], sync: SyncSettings(chunkTimeSeconds: 1))
    let metrics = try await Self.run(scenario, pair)
    #expect(metrics[.chunks] == Double(count))
    #expect(metrics[.overshootAboveFloor] == 2)
    #expect(metrics[.p99AboveFloor] == wanted)
  }

  @Test("settling counts the chunks from a tenfold shift to one near its floor")
  func settling() async throws {
    let sync = SyncSettings(chunkTimeSeconds: 2)
    let one = SchedulerSettings("fixed", ["size": 1])
    let atOnce = try await Self.run(.constant([(3, 0.1), (3, 2)], sync: sync), one)
    #expect(atOnce[.settlingChunks] == 1)
    let never = try await Self.run(.constant([(4, 0.1), (12, 2)], sync: sync), Self.four)
    #expect(never[.settlingChunks] == 3)
    let ninefold = try await Self.run(.constant([(4, 0.1), (12, 0.9)], sync: sync), Self.four)
    #expect(ninefold[.settlingChunks] == 0)
    #expect(MetricDefinition.text.contains("0 without such a shift, as in a sync of one chunk"))
  }

  @Test("tracking compares the estimate before a chunk with the truth of it")
  func tracking() async throws {
    // Sizes 2, 2, 3: estimates none, 1 and 2/3 seconds; true means 1, 0.5 and 0.5.
    let scenario = Scenario.constant(
      [(2, 1), (5, 0.5)], sync: SyncSettings(chunkTimeSeconds: 2))
    let metrics = try await Self.run(scenario, SchedulerSettings("moving-average"))
    let error = try #require(metrics[.trackingError])
    #expect(abs(error - 2 / 3.0) < 1e-12)
  }

  @Test("without chunk time only totals have a meaning")
  func untimed() async throws {
    let metrics = try await Self.run(.constant([(4, 1)], sync: SyncSettings()), .standard)
    #expect(
      metrics.values == [.makespan: 4, .chunks: 1, .items: 4, .overheadShare: 0])
  }

  @Test("items that cost nothing are no collapse and no division by zero")
  func freeItems() async throws {
    let scenario = Scenario.constant([(9, 0)], sync: SyncSettings(chunkTimeSeconds: 2))
    let metrics = try await Self.run(scenario, SchedulerSettings("moving-average"))
    let areFinite = metrics.values.values.allSatisfy(\.isFinite)
    #expect(areFinite)
    #expect(metrics[.workAtRisk] == 0)
    #expect(metrics[.makespan] == 0)
  }

  @Test("a collapsed chunk tells what it lost and how long recovery took")
  func collapses() async throws {
    let folder = try TemporaryFolder()
    // Durations 2, 8, 8, 2, 2 at floors 2, 2, 4, 2, 2.
    let scenario = Scenario.constant(
      [(4, 0.5), (4, 2), (1, 4), (2, 1), (1, 2), (8, 0.5)],
      sync: SyncSettings(chunkTimeSeconds: 2), schedulers: [Self.four])
    let report = try ReportWriter(folder: folder["report"])
    _ = try await Experiment(scenario).run(report: report)
    try report.commit()
    let rows = try folder.text(of: "report/collapse.csv").split(separator: "\r\n").dropFirst()
    // Chunk 2 of four items: 8 s at a target and floor of 2 s; chunk 4 is the first near its floor.
    #expect(rows.map { $0 } == ["constant,fixed size=4,1,1,2,4,8,2,2,4,3,2"])
  }
}
