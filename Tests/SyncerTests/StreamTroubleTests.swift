import Synchronization
import Testing

@testable import Syncer

/// What goes wrong, or takes long, while a stream is read.
struct StreamTroubleTests {
  @Test("an error at any position: what precedes it is processed or named, and nothing else done")
  func errorsEverywhere() async throws {
    for (position, cap) in (0...12).flatMap({ position in [1, 3, 100].map { (position, $0) } }) {
      for (atOnce, open) in [(1, 1), (3, 1), (1, 2), (2, 3)] {
        let bench = Bench(0..<12)
        var syncer = bench.streamSyncer {
          if $0 == position { throw Fault(place: "item \(position)") }
        }
        (syncer.handlersAtOnce, syncer.openChunks) = (atOnce, open)
        let label = "position \(position), cap \(cap), \(atOnce) at once, \(open) open"
        do throws(SyncFailure<Int>) {
          _ = try await syncer.chunkedSync(chunkCap: cap)
          Issue.record("no error: \(label)")
        } catch {
          #expect(error.underlyingError as? Fault == Fault(place: "item \(position)"), "\(label)")
          // The last item read may be one of several of its key.
          let known = Array(0..<max(0, position - 1))
          let processed = bench.journal.processed.flatMap { $0 }
          #expect(processed + error.openKeys == known, "\(label)")
          #expect(error.report.handledCount == processed.count, "\(label)")
          #expect(error.openKeys.count < cap, "\(label)")
          #expect(error.report.stopReason == .failed, "\(label)")
        }
      }
    }
  }

  @Test("an error ends the sync under every failure policy, and is no failed item")
  func noPolicy() async throws {
    for policy in [FailurePolicy.isolate(maximumErrors: 9), .retry(attempts: 3)] {
      var syncer = Bench(0..<5).streamSyncer { if $0 == 3 { throw Fault(place: "read") } }
      syncer.onFailure = policy
      let failure = await #expect(throws: SyncFailure<Int>.self) {
        try await syncer.chunkedSync(chunkCap: 1)
      }
      #expect(failure?.report.failures.isEmpty == true && failure?.report.handledCount == 2)
    }
  }

  @Test("an error beyond the limit is none")
  func beyondLimit() async throws {
    for position in 3...5 {
      let report = try await Bench(0..<9).streamSyncer {
        if $0 == position { throw Fault(place: "read") }
      }.chunkedSync(itemLimit: 2)
      #expect(report.handledCount == 2 && report.stopReason == .itemLimit, "\(position)")
    }
  }

  @Test("cancelled at any read, a sync processes what it has handled and begins nothing more")
  func cancelledEverywhere() async throws {
    for (position, cap) in (0...12).flatMap({ position in [1, 3, 100].map { (position, $0) } }) {
      for ending in 0..<4 {
        let bench = Bench(0..<12)
        let report = try await inOwnTask {
          try await bench.streamSyncer { read in
            guard read == position else { return }
            cancelCurrentTask()
            if ending == 1 { throw CancellationError() }
            if ending == 2 { throw Fault(place: "connection closed") }
          }.chunkedSync(chunkCap: cap)
        }
        let processed = bench.journal.processed.flatMap { $0 }
        let label = "position \(position), cap \(cap), ending \(ending)"
        #expect(processed == bench.journal.handled, "\(label)")
        #expect(processed == Array(0..<processed.count), "\(label)")
        #expect(report.stopReason == .cancelled, "\(label)")
        #expect(processed.count <= max(0, position - 1), "\(label)")
      }
    }
  }

  @Test("a stream that ends for being cancelled is not at its end: nothing looks deleted")
  func cancelledEnd() async throws {
    for (right, read) in [([1, 2, 3], 1), ([], 1), ([], 0)] {
      let bench = Bench([])
      let report = try await inOwnTask {
        try await Self.cancelledSync(bench, right, at: read)
      }
      #expect(report.stopReason == .cancelled && bench.journal.handled.isEmpty)
    }
  }

  /// A sync whose left side is cancelled at a read, and ends.
  private static func cancelledSync(_ bench: Bench, _ right: [Int], at read: Int) async throws
    -> SyncReport<Int>
  {
    let left = ListedStream([1, 2]) { if $0 == read { cancelCurrentTask() } }
    // As an AsyncStream does.
    let ending = ListedStream(left.items) {
      try await left.willRead($0)
      if Task.isCancelled { throw CancellationError() }
    }
    return try await Syncer(
      differ: SortedDiffer(left: EndingStream(base: ending), right: ListedStream(right)),
      handler: bench.handler, clock: bench.clock
    ).sync()
  }

  @Test("no item is begun that comes after the maximum duration")
  func lateItem() async throws {
    let bench = Bench(0..<4)
    let clock = bench.clock
    let report = try await bench.streamSyncer {
      if $0 == 3 { clock.advance(by: .seconds(5)) }
    }.chunkedSync(maximumDuration: .seconds(1))
    // Two keys are read after the first one, and both come too late.
    #expect(bench.journal.processed == [[0]])
    #expect(report.stopReason == .maximumDuration)
    #expect(report.chunks.map(\.closeReason) == [.maximumDuration])
  }

  @Test("both stages of SyncStop hold while a stream is read")
  func stopped() async throws {
    for position in 0...6 {
      for isImmediate in [false, true] {
        let (bench, stop) = (Bench(0..<6), SyncStop())
        var syncer = bench.streamSyncer { read in
          if read == position { if isImmediate { stop.endAtOnce() } else { stop.finishChunk() } }
        }
        syncer.stop = stop
        do throws(SyncFailure<Int>) {
          let report = try await syncer.chunkedSync(chunkCap: 4)
          #expect(report.stopReason == .cancelled, "position \(position)")
          #expect(bench.journal.processed.flatMap { $0 } == bench.journal.handled)
        } catch {
          #expect(isImmediate && error.underlyingError is CancellationError)
          let named = bench.journal.processed.flatMap { $0 } + error.openKeys
          #expect(named == bench.journal.handled, "position \(position)")
        }
      }
    }
  }

  @Test("a chunk whose time is up while nothing comes is closed, and the next one goes on")
  func slowSource() async throws {
    var bench = Bench(0..<40)
    bench.filter = { $0 % 10 == 1 || $0 == 2 }
    let clock = bench.clock
    let report = try await bench.streamSyncer(FixedScheduler(size: 100)) { _ in
      clock.advance(by: .milliseconds(200))
    }.chunkedSync(chunkTime: .seconds(1))
    #expect(bench.journal.processed == [[1, 2], [11], [21], [31]])
    #expect(report.chunks.map(\.closeReason) == [.source, .source, .source, .source])
    #expect(report.chunks.allSatisfy { $0.duration <= .milliseconds(1220) })
    #expect(report.stopReason == .completed)
  }

  @Test("reading is no cost of an item, and is time of its chunk")
  func readingTime() async throws {
    let bench = Bench(0..<10)
    let clock = bench.clock
    let report = try await bench.streamSyncer(FixedScheduler(size: 5)) { _ in
      clock.advance(by: .milliseconds(30))
    }.chunkedSync(chunkTime: .seconds(1))
    for chunk in report.chunks {
      let isRight = chunk.classes.allSatisfy { abs($0.handling.seconds - 0.05) < 1e-9 }
      #expect(isRight, "\(chunk.number)")
      #expect(chunk.handling > .milliseconds(150), "\(chunk.number)")
    }
  }

  @Test("the maximum duration and the time left end a sync that only reads")
  func budgets() async throws {
    var bench = Bench(0..<100)
    bench.filter = { $0 == 3 }
    let clock = bench.clock
    let pause: @Sendable (Int) -> Void = { _ in clock.advance(by: .milliseconds(100)) }
    for isNothingFound in [false, true] {
      if isNothingFound { bench.filter = { _ in false } }
      let timed = try await bench.streamSyncer(willRead: pause).chunkedSync(
        chunkTime: .seconds(60), maximumDuration: .seconds(2))
      #expect(timed.stopReason == .maximumDuration && timed.duration < .seconds(3))
      #expect(timed.handledCount == (isNothingFound ? 0 : 1))
      let start = clock.now
      var syncer = bench.streamSyncer(willRead: pause)
      syncer.timeLeft = { .seconds(2) - start.duration(to: clock.now) }
      let granted = try await syncer.chunkedSync(chunkTime: .seconds(60))
      #expect(granted.stopReason == .timeLeft)
      #expect(granted.handledCount == (isNothingFound ? 0 : 1))
    }
  }

  @Test("a stream keeps the entries that its open chunks need, and no others")
  func memory() async throws {
    let alive = Counter()
    for order in [SyncOrder.listed, .roughlyListed, .shuffledInWindows(of: 500, seed: 1)] {
      let most = Counter()
      let keys = Array(0..<30_000)
      var syncer = Syncer(
        differ: SortedDiffer<Int, Weighty, Int>(
          left: MadeStream(keys: keys, alive: alive), right: ListedStream([Int]()),
          leftKey: \.key, rightKey: { $0 }),
        handler: ClosureSyncHandler<Int, Weighty, Int, Int>(
          costClass: { CostClass("\($0.key / 100)") }, handle: { $0.key },
          processChunk: { _ in most.raise(to: alive.value) }),
        order: order)
      syncer.openChunks = 2
      let report = try await syncer.chunkedSync(chunkTime: .seconds(1), chunkCap: 200)
      #expect(report.handledCount == 30_000)
      let waiting = order.isFree ? Backlog.window : 0
      #expect(most.value < waiting + 4_000, "\(order): \(most.value) at once")
      #expect(alive.value == 0)
    }
  }
}

/// A stream that ends where another fails.
private struct EndingStream<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable {
  let base: Base
  func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator()) }
  struct Iterator: AsyncIteratorProtocol {
    var base: Base.AsyncIterator
    mutating func next() async -> Base.Element? {
      do { return try await base.next() } catch { return nil }
    }
  }
}

/// A count that any task may change.
private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func add(_ more: Int) { count.add(more, ordering: .relaxed) }
  func raise(to value: Int) { count.max(value, ordering: .relaxed) }
}

/// An item that is counted as long as it lives.
private final class Weighty: Sendable {
  let key: Int
  private let alive: Counter
  init(_ key: Int, _ alive: Counter) {
    (self.key, self.alive) = (key, alive)
    alive.add(1)
  }
  deinit { alive.add(-1) }
}

/// Makes the items when they are read.
private struct MadeStream: AsyncSequence, Sendable {
  let keys: [Int]
  let alive: Counter
  func makeAsyncIterator() -> Iterator { Iterator(stream: self) }
  struct Iterator: AsyncIteratorProtocol {
    let stream: MadeStream
    var position = 0
    mutating func next() async -> Weighty? {
      guard position < stream.keys.count else { return nil }
      position += 1
      return Weighty(stream.keys[position - 1], stream.alive)
    }
  }
}
