import Syncer
import SyncerTesting
import TestSupport
import Testing

/// The whole `Syncer` on virtual time: what waits, waits exactly as long as it should.
struct VirtualSyncTests {
  private typealias Handler = ClosureSyncHandler<Int, Int, Int, Int>

  /// Syncs items 0 to 5; handling one is up to the closure.
  private func sync(
    on clock: VirtualClock, chunkTime: Duration? = nil,
    _ change: (inout Syncer<Handler, VirtualClock>) -> Void = { _ in },
    handle: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> SyncReport<Int> {
    var syncer = Syncer(
      differ: Differ(left: ArrayResource(Array(0..<6)), right: ArrayResource([])),
      handler: Handler(
        handle: { entry in
          try await handle(entry.key)
          return entry.key
        }, processChunk: { _ in try await clock.sleep(for: .milliseconds(500)) }),
      scheduler: FixedScheduler(size: 3), order: .listed, clock: clock)
    change(&syncer)
    return try await syncer.chunkedSync(chunkTime: chunkTime, chunkCap: 3)
  }

  @Test("a handler that takes too long fails exactly at its timeout")
  func itemTimeout() throws {
    let report = try VirtualTime.run(grace: .zero) { clock in
      try await sync(
        on: clock, chunkTime: .seconds(60),
        {
          $0.itemTimeout = .seconds(2)
          $0.onFailure = .isolate(maximumErrors: 1)
        },
        handle: { try await clock.sleep(for: .seconds($0 == 4 ? 3600 : 1)) })
    }
    #expect(report.chunks.map(\.handling) == [.seconds(3), .seconds(4)])
    #expect(report.failures.map(\.key) == [4])
    #expect(report.failures.first?.error is ItemTimedOut)
  }

  @Test("retries wait as the backoff says")
  func backoff() throws {
    let log = Log()
    let (report, attempts) = try VirtualTime.run(grace: .zero) { clock in
      let report = try await sync(
        on: clock,
        {
          $0.onFailure = .retry(
            attempts: 4, backoff: .exponential(from: .seconds(1), atMost: .seconds(3)))
        },
        handle: { key in
          guard key == 2 else { return }
          await log.add("\(clock.now.nanoseconds / 1_000_000_000)")
          if await log.lines.count < 4 { throw Broken(what: "again") }
        })
      return (report, await log.lines)
    }
    #expect(attempts == ["0", "1", "3", "6"])
    #expect(report.stopReason == .completed)
  }

  @Test("a stop from another task finishes the open chunk")
  func stop() throws {
    let report = try VirtualTime.run(grace: .zero) { clock in
      let stop = SyncStop()
      async let report = sync(
        on: clock, { $0.stop = stop }, handle: { _ in try await clock.sleep(for: .seconds(1)) })
      try await clock.sleep(for: .milliseconds(4200))
      stop.finishChunk()
      return try await report
    }
    #expect(report.stopReason == .cancelled)
    #expect(report.chunks.map(\.size) == [3, 1])
    #expect(report.duration == .seconds(5))
  }

  @Test("several syncs at once share the time")
  func together() throws {
    let (reports, time) = try VirtualTime.run(grace: .zero) { clock in
      let reports = try await withThrowingTaskGroup(of: SyncReport<Int>.self) { group in
        for pace in 1...3 {
          group.addTask {
            try await sync(on: clock) { _ in try await clock.sleep(for: .seconds(pace)) }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      return (reports, clock.now.nanoseconds)
    }
    #expect(reports.map(\.duration) == [.seconds(7), .seconds(13), .seconds(19)])
    #expect(time == 19_000_000_000)
  }
}
