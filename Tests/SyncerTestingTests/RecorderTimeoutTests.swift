import Syncer
import SyncerTesting
import Synchronization
import Testing

/// Recording a sync whose handlers come too late.
struct RecorderTimeoutTests {
  @Test("an item that was timed out has no row, and one that was retried has one")
  func late() async throws {
    for handlers in [1, 3] {
      for lateCalls in [1, 2] {
        let (failed, classes) = try await VirtualTime.run { clock in
          let (recorder, calls) = (SyncRecorder(), Calls())
          let handler = ClosureSyncHandler<Int, Int, Int, Int>(
            costClass: { CostClass("\($0.key)") },
            handle: { entry in
              let isLate = entry.key == 3 && calls.next() <= lateCalls
              // Cancelled, it has an output all the same.
              do { try await clock.sleep(for: .seconds(isLate ? 9 : 1)) } catch {}
              return entry.key
            }, processChunk: { _ in })
          var syncer = Syncer(
            differ: Differ(left: ArrayResource(Array(0..<8)), right: ArrayResource([])),
            handler: RecordingHandler(handler, recorder, clock: clock), order: .listed,
            clock: clock, observer: recorder)
          syncer.handlersAtOnce = handlers
          syncer.itemTimeout = .seconds(2)
          syncer.onFailure = .retry(
            attempts: 2, backoff: .constant(.zero), then: .isolate(maximumErrors: 1))
          let report = try await syncer.chunkedSync(chunkCap: 4)
          let rows = recorder.trace.split(separator: "\n").dropFirst()
          return (report.failures.map(\.key), rows.compactMap { Int($0.prefix { $0 != "," }) })
        }
        #expect(failed == (lateCalls == 2 ? [3] : []))
        #expect(classes.sorted() == (0..<8).filter { !failed.contains($0) }, "\(classes)")
      }
    }
  }

  private final class Calls: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
  }
}
