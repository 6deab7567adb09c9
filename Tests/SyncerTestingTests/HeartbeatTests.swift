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

  @Test("every few seconds where more than one thing happens at a time")
  func concurrent() throws {
    #expect(try beats(.seconds(2), atOnce: 2) == [2, 4, 6, 8, 10])
    #expect(try beats(.seconds(5), openChunks: 2) == [5, 10, 15])
  }
}
