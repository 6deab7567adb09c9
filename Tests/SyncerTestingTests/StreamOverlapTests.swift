import Syncer
import SyncerTesting
import Synchronization
import Testing

/// The numbers from 0 on, each after a while.
struct SlowNumbers: AsyncSequence, Sendable {
  let count: Int
  let pause: Duration
  let clock: VirtualClock

  func makeAsyncIterator() -> Iterator { Iterator(numbers: self) }

  struct Iterator: AsyncIteratorProtocol {
    let numbers: SlowNumbers
    var following = 0

    mutating func next() async throws -> Int? {
      if following == numbers.count { return nil }
      try await numbers.clock.sleep(for: numbers.pause)
      defer { following += 1 }
      return following
    }
  }
}

/// A slow stream beside other work, on virtual time.
struct StreamOverlapTests {
  private final class Ends: SyncObserver {
    let seconds = Mutex<[Double]>([])
    func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
      seconds.withLock { $0.append(progress.elapsed / .seconds(1)) }
    }
  }

  /// Of 100 numbers, read in 1 s each, every 30th is handled in a chunk of its own that takes 3 s to process.
  private func ends(openChunks: Int, chunkCap: Int) throws -> [Double] {
    let ends = Ends()
    let report = try VirtualTime.run(limit: .seconds(1000)) { clock in
      var syncer = Syncer(
        differ: SortedDiffer(
          left: SlowNumbers(count: 100, pause: .seconds(1), clock: clock),
          right: SlowNumbers(count: 0, pause: .zero, clock: clock)),
        handler: ClosureSyncHandler<Int, Int, Int, Int>(
          filter: { $0.key % 30 == 0 }, handle: { $0.key },
          processChunk: { _ in try await clock.sleep(for: .seconds(3)) }),
        clock: clock, observer: ends)
      syncer.openChunks = openChunks
      return try await syncer.chunkedSync(chunkTime: .seconds(10), chunkCap: chunkCap)
    }
    #expect(report.handledCount == 4 && report.stopReason == .completed)
    return ends.seconds.withLock { $0 }
  }

  @Test("a chunk is told of when it is processed, not when a slow stream has the next item")
  func toldInTime() throws {
    // The numbers 0, 30, 60 and 90 are there after 2, 32, 62 and 92 s, and 100 after 100 s.
    #expect(try ends(openChunks: 1, chunkCap: 1) == [5, 38, 71, 104])
    for ends in [try ends(openChunks: 2, chunkCap: 1), try ends(openChunks: 2, chunkCap: 5)] {
      #expect(ends.count == 4 && zip(ends, [5, 35, 65, 95]).allSatisfy { $0 - $1 < 14 }, "\(ends)")
    }
  }
}
