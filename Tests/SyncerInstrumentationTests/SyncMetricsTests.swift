import CoreMetrics
import Logging
import MetricsTestKit
import Syncer
import SyncerInstrumentation
import Testing

struct SyncMetricsTests {
  /// What the process is bootstrapped with, which is possible once.
  private static let system: TestMetrics = {
    let metrics = TestMetrics()
    MetricsSystem.bootstrap(metrics)
    return metrics
  }()

  @Test("a sync is counted, timed and gauged", arguments: [true, false])
  func metrics(isBootstrapped: Bool) async throws {
    let metrics = isBootstrapped ? Self.system : TestMetrics()
    let observer = SyncMetrics(name: "photos", factory: isBootstrapped ? nil : metrics)
    await Rehearsal(milliseconds: [100, 200, 300, 400, 2_990], faulty: [1]).run(observer)
    let here = [("sync", "photos")]
    #expect(try metrics.expectCounter("syncer_items_total", here).totalValue == 5)
    #expect(try metrics.expectCounter("syncer_chunks_total", here).totalValue == 3)
    #expect(try metrics.expectCounter("syncer_failures_total", here).totalValue == 1)
    let end = here + [("reason", "completed")]
    #expect(try metrics.expectCounter("syncer_syncs_total", end).totalValue == 1)
    let handling = try metrics.expectTimer("syncer_chunk_handling_seconds", here)
    #expect(handling.values == [100_000_000, 700_000_000, 2_990_000_000])
    #expect(handling.displayUnit == .seconds)
    let processing = try metrics.expectTimer("syncer_chunk_processing_seconds", here)
    #expect(processing.values == [10_000_000, 10_000_000, 10_000_000])
    #expect(try metrics.expectGauge("syncer_chunk_overshoot", here).lastValue == 3)
    #expect(try metrics.expectGauge("syncer_items_remaining", here).values == [5, 3, 1, 0])
  }

  @Test("a failed sync is counted as one, and syncs are told apart by their names")
  func reasons() async throws {
    let metrics = TestMetrics()
    await Rehearsal(milliseconds: [1, 1], faulty: [0], onFailure: .stop).run(
      SyncMetrics(name: "a", factory: metrics))
    await Rehearsal(milliseconds: [1, 1]).run(SyncMetrics(name: "b", factory: metrics))
    let counted = { (sync: String, reason: String) in
      try metrics.expectCounter("syncer_syncs_total", [("sync", sync), ("reason", reason)])
        .totalValue
    }
    #expect(try counted("a", "failed") == 1)
    #expect(try counted("b", "completed") == 1)
    #expect(throws: (any Error).self) { try counted("b", "failed") }
  }

  @Test("a log and metrics watch the same sync in a group")
  func group() async throws {
    let metrics = TestMetrics()
    let group = ObserverGroup([
      SyncLog(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }),
      SyncMetrics(name: "group", factory: metrics),
    ])
    await Rehearsal(milliseconds: [1, 2, 3]).run(group)
    #expect(
      try metrics.expectCounter("syncer_items_total", [("sync", "group")]).totalValue == 3)
  }
}
