import Syncer
import SyncerTesting
import TestSupport
import Testing

/// Items that take no time share tasks.
struct SharedTaskTests {
  private func bench(_ count: Int, handlers: Int = 2) -> OverlapBench {
    var bench = OverlapBench(count: count, cap: count, handlersAtOnce: handlers, openChunks: 2)
    bench.handleSeconds = { _ in 0 }
    bench.processSeconds = { _ in 0 }
    return bench
  }

  @Test("a long item holds no other up, though short ones came before", arguments: 2...4)
  func longAfterShort(handlers: Int) throws {
    var bench = bench(240, handlers: handlers)
    bench.handleSeconds = { $0 < 192 ? 0 : 1 }
    let outcome = try bench.run()
    #expect(outcome.seconds == Double(48 / handlers))
    #expect(outcome.state.mostAtWork == handlers)
    #expect(outcome.state.processed == [Array(0..<240)])
  }

  @Test(
    "long items after short ones are asked about, and fill no chunk unasked", arguments: 1...4,
    [20, 200])
  func collapse(handlers: Int, seconds: Int) throws {
    var bench = bench(1_200, handlers: handlers)
    bench.handleSeconds = { $0 < 1_000 ? 0 : seconds }
    bench.chunkTime = .seconds(10)
    // With a heartbeat, one at a time has tasks as well.
    let outcome = try bench.run { $0.heartbeat = .seconds(1_000) }
    #expect(outcome.error == nil)
    #expect(outcome.state.processed.flatMap { $0 } == Array(0..<1_200))
    for chunk in outcome.report.chunks {
      #expect(chunk.handling <= .seconds(seconds), "chunk \(chunk.number) of \(chunk.size) items")
    }
  }

  @Test(
    "where the time is up, none of the items that wait is begun", arguments: 1...4, [false, true])
  func timeIsUp(handlers: Int, isBudget: Bool) throws {
    var bench = bench(1_200, handlers: handlers)
    bench.handleSeconds = { $0 < 1_000 ? 0 : 20 }
    bench.chunkTime = isBudget ? .seconds(100_000) : nil
    bench.maximumDuration = isBudget ? nil : .seconds(60)
    let outcome = try bench.run {
      $0.heartbeat = .seconds(1_000)
      let clock = $0.clock
      let end = clock.now.advanced(by: .seconds(60))
      // Of a size that is planned: nothing but the budget ends the chunk.
      $0.scheduler = FixedScheduler(size: 5_000)
      if isBudget { $0.timeLeft = { clock.now.duration(to: end) } }
    }
    #expect(outcome.error == nil)
    #expect(outcome.report.stopReason == (isBudget ? .timeLeft : .maximumDuration))
    #expect(outcome.seconds <= 80)
    #expect(outcome.state.handled.count > 1_000)
  }

  @Test("once an item has failed, none is begun", arguments: [0, 1, 2, 5, 150, 199])
  func failure(bad: Int) throws {
    var bench = bench(200)
    bench.onHandle = { if $0 == bad { throw Broken(what: "\(bad)") } }
    let outcome = try bench.run()
    #expect(outcome.error is Broken)
    #expect(outcome.state.handled.allSatisfy { $0 <= bad + 1 })
    #expect(outcome.openKeys == outcome.state.handled.sorted())
    #expect(outcome.state.processed.isEmpty)
  }

  @Test("items that fail one by one are left out, and all others handled once")
  func isolated() throws {
    var bench = bench(200)
    bench.onHandle = { if $0 % 7 == 3 { throw Broken(what: "\($0)") } }
    bench.onFailure = .isolate(maximumErrors: 100)
    let outcome = try bench.run()
    #expect(outcome.error == nil)
    #expect(outcome.state.handled.sorted() == Array(0..<200))
    #expect(outcome.state.processed == [(0..<200).filter { $0 % 7 != 3 }])
  }

  @Test("asked to stop, a sync begins no item that waits for a task", arguments: [0, 1, 7, 150])
  func stop(last: Int) throws {
    var bench = bench(200)
    let stop = SyncStop()
    bench.stop = stop
    bench.onHandle = { if $0 == last { stop.finishChunk() } }
    let outcome = try bench.run()
    #expect(outcome.error == nil)
    #expect(outcome.report.stopReason == .cancelled)
    #expect(outcome.state.handled.allSatisfy { $0 <= last + 1 })
    #expect(outcome.state.processed == [outcome.state.handled.sorted()])
    #expect(outcome.report.handledCount == outcome.state.handled.count)
  }

  @Test("items of a stream share tasks as well, whatever comes at once")
  func stream() throws {
    for handlers in 1...3 {
      let processed = try VirtualTime.run(grace: .zero) { clock in
        let differ = SortedDiffer<Int, Int, Int>(
          left: PacedNumbers(count: 500, clock: clock), right: PacedNumbers(count: 0, clock: clock))
        let log = OutputLog()
        var syncer = Syncer(
          differ: differ,
          handler: differ.handler(
            handle: { entry in
              if entry.key % 50 == 0 { try await clock.sleep(for: .seconds(1)) }
              return entry.key
            }, processChunk: { await log.add($0.outputs) }),
          order: .listed, clock: clock)
        syncer.handlersAtOnce = handlers
        _ = try await syncer.chunkedSync(chunkCap: 90)
        return await log.outputs
      }
      #expect(processed == Array(0..<500), "\(handlers) at once")
    }
  }
}

/// Numbers that come in bursts.
private struct PacedNumbers: AsyncSequence, Sendable {
  var count: Int
  var clock: VirtualClock

  func makeAsyncIterator() -> Iterator { Iterator(count: count, clock: clock) }

  struct Iterator: AsyncIteratorProtocol {
    var count: Int
    var clock: VirtualClock
    var next = 0

    mutating func next() async throws -> Int? {
      guard next < count else { return nil }
      if next % 40 == 39 { try await clock.sleep(for: .seconds(2)) }
      next += 1
      return next - 1
    }
  }
}

private actor OutputLog {
  var outputs: [Int] = []

  func add(_ more: [Int]) { outputs += more }
}
