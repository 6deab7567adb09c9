import Syncer
import SyncerTesting
import SyncerSimulation
import Testing

/// What a sync says about a target that cannot be met.
@Suite struct WarningTests {
  private func report(overhead: Duration) async throws -> SyncReport<Int> {
    let clock = VirtualClock()
    let handler = ClosureSyncHandler<Int, Int, Int, Int>(
      handle: { entry in
        clock.advance(by: .milliseconds(1))
        return entry.key
      }, processChunk: { _ in clock.advance(by: overhead) })
    let items = ArrayResource(Array(0..<3000))
    let syncer = Syncer(
      differ: Differ(left: items, right: ArrayResource([])), handler: handler, order: .listed,
      clock: clock)
    return try await syncer.chunkedSync(chunkTime: .seconds(5))
  }

  @Test func overheadAboveTheTargetIsToldOnce() async throws {
    let report = try await report(overhead: .seconds(6))
    #expect(report.warnings.count == 1, "\(report.warnings)")
    let text = report.warnings.first.map { "\($0)" } ?? ""
    #expect(text.contains("raise chunkTime"), "\(text)")
  }

  @Test func overheadBelowTheTargetIsNot() async throws {
    #expect(try await report(overhead: .seconds(1)).warnings.isEmpty)
  }
}
