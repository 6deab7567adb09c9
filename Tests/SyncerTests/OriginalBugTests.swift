import Syncer
import Testing

/// What co3 0.6.3 does wrong, and what is right here.
///
/// The recordings named `co3-limit-...` are in
/// Tests/SyncerSimulationTests/Golden; ParityTests replays those of them that are right.
struct OriginalBugTests {
  @Test("a cap without chunk time stays the size of every chunk (not as co3-limit-timenone-cap100)")
  func capWithoutChunkTime() async throws {
    let report = try await Bench(0..<1000).syncer().chunkedSync(chunkCap: 100)
    #expect(report.chunks.map(\.size) == [Int](repeating: 100, count: 10))
  }

  @Test("a first chunk of zero seconds is no observation (not as co3-limit-zerodur)")
  func zeroSeconds() async throws {
    var bench = Bench(0..<100)
    bench.cost = { _ in .zero }
    let report = try await bench.syncer().chunkedSync(chunkTime: .seconds(5))
    #expect(report.chunks.map(\.size) == [Int](repeating: 5, count: 20))
    #expect(report.duration == .zero)
  }

  @Test("a later chunk of zero seconds keeps the size (not as co3-limit-zerodur-later)")
  func zeroSecondsLater() async throws {
    var bench = Bench(0..<5000)
    bench.cost = { $0 < 100 ? .milliseconds(10) : .zero }
    let report = try await bench.syncer().chunkedSync(chunkTime: .seconds(5))
    #expect(report.chunks.map(\.size) == [5, 252, 789, 789, 789, 789, 789, 789, 9])
    #expect(report.handledCount == 5000)
  }

  @Test("one chunk of everything may take no time at all (not as co3-limit-zerodur-timenone)")
  func zeroSecondsUntimed() async throws {
    var bench = Bench(0..<100)
    bench.cost = { _ in .zero }
    let report = try await bench.syncer().sync()
    #expect(report.chunks.map(\.size) == [100])
  }

  @Test("a limit above the count makes no phantom items (not as co3-limit-limit-gt-items)")
  func phantomItems() async throws {
    let bench = Bench(0..<100)
    let report = try await bench.syncer().chunkedSync(chunkTime: .seconds(5), itemLimit: 1000)
    #expect(report.chunks.map(\.size) == [5, 95])
    #expect(report.itemCount == 100)
    #expect(report.handledCount == 100)
    #expect(bench.journal.processed.allSatisfy { !$0.isEmpty })
  }

  @Test("the last chunk has the items that are left (not as co3-limit-limit-gt-items-1ms)")
  func noEmptyChunk() async throws {
    var bench = Bench(0..<100)
    bench.processCost = { _ in .milliseconds(1) }
    let report = try await bench.syncer().chunkedSync(chunkTime: .seconds(5), itemLimit: 1000)
    #expect(report.chunks.map(\.size) == [5, 95])
    #expect(report.chunks.map(\.duration) == [.milliseconds(51), .milliseconds(951)])
  }

  @Test("a fractional chunk time starts with its whole seconds (not as co3-limit-timefloat2.5)")
  func fractionalChunkTime() async throws {
    let report = try await Bench(0..<100).syncer().chunkedSync(chunkTime: .milliseconds(2500))
    // trunc((2.5 / (0.02 / 2) + 2) / 2) = 126, of which 98 are left.
    #expect(report.chunks.map(\.size) == [2, 98])
    #expect(report.chunks.map(\.plannedSize) == [2, 126])
  }

  @Test("stopping is not for ever: the next sync runs (not as co3-limit-shutdown3 run again)")
  func stopIsNotForEver() async throws {
    var bench = Bench(0..<1000)
    let journal = bench.journal
    bench.onProcess = { if $0.number == 3 && journal.processed.count == 2 { cancelCurrentTask() } }
    let syncer = bench.syncer()
    let first = try await inOwnTask { try await syncer.chunkedSync(chunkTime: .seconds(5)) }
    #expect(first.chunks.map(\.size) == [5, 252, 376], "as the original's own three chunks")
    #expect(first.handledCount == 633)
    #expect(first.stopReason == .cancelled)
    let second = try await syncer.chunkedSync(chunkTime: .seconds(5))
    #expect(second.handledCount == 1000)
    #expect(second.stopReason == .completed)
  }

  @Test("what was finished before an error is kept (not as co3-limit-raise3)")
  func finishedWorkIsKept() async throws {
    var bench = Bench(0..<1000)
    bench.onProcess = { if $0.number == 3 { throw Fault(place: "chunk 3") } }
    do throws(SyncFailure<Int>) {
      _ = try await bench.syncer().chunkedSync(chunkTime: .seconds(5))
      Issue.record("the error was swallowed")
    } catch {
      #expect(error.report.chunks.map(\.size) == [5, 252])
      #expect(error.report.handledCount == 257)
      #expect(error.openKeys == Array(257..<633))
    }
  }

  @Test("a chunk time that is not positive is an error (not as co3-limit-time0, -timeneg)")
  func uselessChunkTime() async {
    for seconds in [0, -5] {
      await #expect(throws: SyncFailure<Int>.self) {
        try await Bench(0..<20).syncer().chunkedSync(chunkTime: .seconds(seconds))
      }
    }
  }

  @Test("a cap below one or a negative limit is an error (not as co3-limit-cap0, -limitneg)")
  func uselessBounds() async {
    for (limit, cap) in [(nil, 0), (nil, -5), (-3, nil)] as [(Int?, Int?)] {
      await #expect(throws: SyncFailure<Int>.self) {
        try await Bench(0..<20).syncer().chunkedSync(
          chunkTime: .seconds(5), itemLimit: limit, chunkCap: cap)
      }
    }
  }

  @Test("a duration below zero is no observation (not as co3-limit-clockback)")
  func clockSteppingBack() {
    var scheduler = MovingAverageScheduler()
    scheduler.learn(
      ChunkSample(count: 376, handleSeconds: 3.76, targetSeconds: 5), from: ())
    let before = scheduler
    scheduler.learn(
      ChunkSample(count: 438, handleSeconds: -2, targetSeconds: 5), from: ())
    #expect(scheduler == before)
    #expect(scheduler.size == 438)
  }

  @Test("a sync of nothing ends without a chunk", arguments: [nil, Duration.seconds(5)])
  func emptyDifference(chunkTime: Duration?) async throws {
    let report = try await Bench([]).syncer().chunkedSync(chunkTime: chunkTime)
    #expect(report.chunks.isEmpty)
    #expect(report.stopReason == .completed)
    #expect(report.itemCount == 0)
  }
}
