import Syncer
import SyncerTesting
import Synchronization
import Testing

/// An observer is told that a sync goes on while something takes long, on virtual time.
struct HeartbeatTests {
  private final class Beats: SyncObserver {
    let seconds = Mutex<[Double]>([])
    func syncIsAtWork(_ progress: SyncProgress) {
      seconds.withLock { $0.append(progress.elapsed / .seconds(1)) }
    }
  }

  /// What a handler waits for that does not hear of being cancelled.
  private final class Gate: Sendable {
    private let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)

    func wait() async {
      await withCheckedContinuation { continuation in waiting.withLock { $0 = continuation } }
    }

    func open() { waiting.withLock { $0.take() }?.resume() }
  }

  /// Two items of 5 s, and 7 s of processing.
  private func beats(_ heartbeat: Duration?, atOnce: Int = 1, openChunks: Int = 1) throws
    -> [Double]
  {
    let beats = Beats()
    let report = try VirtualTime.run(limit: .seconds(1000)) { clock in
      let handler = ClosureSyncHandler<Int, Int, Int, Int>(
        handle: { entry in
          try await clock.sleep(for: .seconds(5))
          return entry.key
        },
        processChunk: { _ in try await clock.sleep(for: .seconds(7)) })
      var syncer = Syncer(
        differ: Differ(left: ArrayResource([1, 2]), right: ArrayResource([])), handler: handler,
        order: .listed, clock: clock, observer: beats)
      syncer.heartbeat = heartbeat
      syncer.handlersAtOnce = atOnce
      syncer.openChunks = openChunks
      return try await syncer.sync()
    }
    #expect(report.handledCount == 2)
    return beats.seconds.withLock { $0 }
  }

  @Test("every few seconds of a handler or of processChunk")
  func sequential() throws {
    #expect(try beats(.seconds(2)) == [2, 4, 7, 9, 12, 14, 16])
    #expect(try beats(.seconds(6)) == [16])
    #expect(try beats(nil).isEmpty)
  }

  @Test("every few seconds that a stream is waited for")
  func reading() throws {
    let beats = Beats()
    let report = try VirtualTime.run(limit: .seconds(1000)) { clock in
      let slow = SlowNumbers(count: 2, pause: .seconds(5), clock: clock)
      var syncer = Syncer(
        differ: SortedDiffer(left: slow, right: slow),
        handler: ClosureSyncHandler<Int, Int, Int, Int>(
          handle: { $0.key }, processChunk: { _ in }), clock: clock, observer: beats)
      syncer.heartbeat = .seconds(4)
      return try await syncer.sync()
    }
    #expect(report.handledCount == 2 && report.duration == .seconds(20))
    // A key is whole when the next one of each side was read.
    #expect(beats.seconds.withLock { $0 } == [4, 8, 12, 16])
  }

  @Test("a cancelled sync does nothing while it waits for what is at work", arguments: [1, 2])
  func cancelled(openChunks: Int) throws {
    let (beats, gate) = (Beats(), Gate())
    let report = try VirtualTime.run(limit: .seconds(1000)) { clock in
      var syncer = Syncer(
        differ: Differ(left: ArrayResource([1]), right: ArrayResource([])),
        handler: ClosureSyncHandler<Int, Int, Int, Int>(
          handle: { entry in
            await gate.wait()
            return entry.key
          }, processChunk: { _ in }), order: .listed, clock: clock, observer: beats)
      syncer.heartbeat = .seconds(2)
      (syncer.handlersAtOnce, syncer.openChunks) = (2, openChunks)
      let run = syncer
      return try await withThrowingTaskGroup(of: SyncReport<Int>.self) { group in
        group.addTask { try await run.sync() }
        try await clock.sleep(for: .seconds(5))
        group.cancelAll()
        try await clock.sleep(for: .seconds(5))
        gate.open()
        return try #require(try await group.next())
      }
    }
    #expect(report.handledCount == 1 && report.stopReason == .completed)
    #expect(beats.seconds.withLock { $0 } == [2, 4])
  }

  @Test("every few seconds where more than one thing happens at a time")
  func concurrent() throws {
    #expect(try beats(.seconds(2), atOnce: 2) == [2, 4, 6, 8, 10])
    #expect(try beats(.seconds(5), openChunks: 2) == [5, 10, 15])
  }
}
