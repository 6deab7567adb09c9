import Syncer
import SyncerTesting
import Synchronization
import Testing

/// What an observer is told of how far a sync is, while more than the loop is at work.
struct ProgressOverlapTests {
  private final class Witness: SyncObserver {
    private let told = Mutex<(items: [SyncProgress], beats: [SyncProgress], end: SyncProgress?)>(
      ([], [], nil))
    var items: [SyncProgress] { told.withLock { $0.items } }
    var beats: [SyncProgress] { told.withLock { $0.beats } }
    var end: SyncProgress? { told.withLock { $0.end } }

    func syncDidHandleItem(_ progress: SyncProgress) {
      told.withLock { $0.items.append(progress) }
    }
    func syncIsAtWork(_ progress: SyncProgress) { told.withLock { $0.beats.append(progress) } }
    func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
      told.withLock { $0.end = progress }
    }
  }

  /// Numbers that come after a pause each.
  private struct Numbers: AsyncSequence, Sendable {
    var count: Int
    var clock: VirtualClock

    func makeAsyncIterator() -> Iterator { Iterator(numbers: self) }

    struct Iterator: AsyncIteratorProtocol {
      let numbers: Numbers
      var position = 0

      mutating func next() async throws -> Int? {
        if position == numbers.count { return nil }
        try await numbers.clock.sleep(for: .seconds(3))
        position += 1
        return position
      }
    }
  }

  @Test("while a stream is read, nothing is said of what nobody knows", arguments: [nil, 10])
  func reading(expectedCount: Int?) throws {
    let witness = Witness()
    _ = try VirtualTime.run(limit: .seconds(1000)) { clock in
      var syncer = Syncer(
        differ: SortedDiffer(
          left: Numbers(count: 6, clock: clock), right: Numbers(count: 0, clock: clock),
          expectedCount: expectedCount),
        handler: ClosureSyncHandler<Int, Int, Int, Int>(
          handle: { $0.key }, processChunk: { _ in }), clock: clock, observer: witness)
      syncer.heartbeat = .seconds(1)
      return try await syncer.chunkedSync(chunkTime: .seconds(8))
    }
    #expect(witness.beats.count >= 10)
    for beat in witness.beats {
      #expect(beat.itemCount == expectedCount)
      #expect(beat.fraction == expectedCount.map { Double(beat.handledCount) / Double($0) })
    }
  }

  @Test("what is given up is not told of as handled, and the count never goes back")
  func abandoned() throws {
    for openChunks in [1, 2] {
      let witness = Witness()
      let report = try VirtualTime.run(limit: .seconds(1000)) { clock in
        var syncer = Syncer(
          differ: Differ(left: ArrayResource(Array(0..<20)), right: ArrayResource([])),
          handler: ClosureSyncHandler<Int, Int, Int, Int>(
            handle: { entry in
              try await clock.sleep(for: .seconds(1 + entry.key % 4))
              return entry.key
            }, processChunk: { _ in }), order: .listed, clock: clock, observer: witness)
        (syncer.handlersAtOnce, syncer.openChunks) = (4, openChunks)
        let run = syncer
        return try await withThrowingTaskGroup(of: SyncReport<Int>.self) { group in
          group.addTask { try await run.chunkedSync(chunkCap: 100) }
          try await clock.sleep(for: .milliseconds(4500))
          group.cancelAll()
          return try #require(try await group.next())
        }
      }
      #expect(report.stopReason == .cancelled && report.handledCount > 0)
      #expect(witness.items.map(\.handledCount) == Array(1..<report.handledCount + 1))
      #expect(witness.end?.handledCount == report.handledCount)
    }
  }
}
