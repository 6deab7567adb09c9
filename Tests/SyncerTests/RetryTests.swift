import Synchronization
import Testing

@testable import Syncer

/// Is told which items are left out.
final class FailureWitness: SyncObserver {
  private let told = Mutex<[String]>([])

  var failures: [String] { told.withLock { $0 } }

  func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    told.withLock { $0.append(item.description) }
  }
}

/// When calls were made, and which of them fail.
private final class Attempts: Sendable {
  private let made = Mutex<[String: [Duration]]>([:])

  func times(_ call: String) -> [Duration] { made.withLock { $0[call] ?? [] } }

  /// Notes a call; throws where it is among the first that fail.
  func call(_ name: String, at now: ManualClock.Instant, failing count: Int) throws {
    let number = made.withLock { made in
      made[name, default: []].append(now.sinceStart)
      return made[name]?.count ?? 0
    }
    if number <= count { throw Fault(place: "\(name), attempt \(number)") }
  }
}

struct RetryTests {
  private let backoff = Backoff.exponential(from: .seconds(1), atMost: .seconds(5))

  @Test("waits grow by the factor up to the longest, and begin anew with every item")
  func waits() async throws {
    let attempts = Attempts()
    var bench = Bench(0..<3)
    bench.cost = { _ in .zero }
    let clock = bench.clock
    bench.onHandle = { item in
      try attempts.call("item \(item)", at: clock.now, failing: item == 1 ? 0 : 5)
    }
    var syncer = bench.syncer()
    syncer.onFailure = .retry(attempts: 6, backoff: backoff)
    let report = try await syncer.sync()
    #expect(attempts.times("item 0") == [0, 1, 3, 7, 12, 17].map { .seconds($0) })
    #expect(attempts.times("item 1") == [.seconds(17)])
    #expect(attempts.times("item 2") == [17, 18, 20, 24, 29, 34].map { .seconds($0) })
    #expect(bench.journal.processed == [[0, 1, 2]])
    #expect(report.failures.isEmpty)
    #expect(report.chunks.map(\.handling) == [.seconds(34)], "waiting is the chunk's time")
  }

  @Test("a wait is constant, grows, is limited and stays finite whatever the attempt")
  func backoffTable() {
    let waits = (1...5).map { backoff.wait(afterAttempt: $0) }
    #expect(waits == [1, 2, 4, 5, 5].map { .seconds($0) })
    #expect(Backoff.constant(.milliseconds(30)).wait(afterAttempt: 9) == .milliseconds(30))
    #expect(Backoff.constant(.zero).wait(afterAttempt: .max) == .zero)
    #expect(backoff.wait(afterAttempt: .max) == .seconds(5))
    let above = Backoff.exponential(from: .seconds(9), atMost: .seconds(5))
    #expect(above.wait(afterAttempt: 1) == .seconds(5))
  }

  @Test("one attempt too few fails the item, whatever its number")
  func attemptsAreCounted() async {
    for failing in 0...4 {
      for allowed in 1...4 {
        let attempts = Attempts()
        var bench = Bench([7])
        let clock = bench.clock
        bench.onHandle = { _ in try attempts.call("item", at: clock.now, failing: failing) }
        var syncer = bench.syncer()
        syncer.onFailure = .retry(attempts: allowed, backoff: backoff)
        let wanted = min(failing + 1, allowed)
        do throws(SyncFailure<Int>) {
          _ = try await syncer.sync()
          #expect(failing < allowed)
        } catch {
          #expect(failing >= allowed)
          #expect(error.openKeys == [7])
          #expect((error.underlyingError as? Fault)?.place == "item, attempt \(allowed)")
        }
        #expect(attempts.times("item").count == wanted, "\(failing) fail of \(allowed)")
      }
    }
  }

  @Test("the time of failed attempts and of waiting is no cost that the scheduler learns")
  func notLearned() async throws {
    let log = SampleLog()
    let attempts = Attempts()
    var bench = Bench(0..<3)
    let clock = bench.clock
    bench.cost = { _ in .seconds(2) }
    bench.processCost = { _ in .seconds(4) }
    bench.onHandle = { item in
      clock.advance(by: .milliseconds(500))
      try attempts.call("item \(item)", at: clock.now, failing: item == 1 ? 2 : 0)
    }
    bench.onProcess = { _ in
      clock.advance(by: .milliseconds(250))
      try attempts.call("process", at: clock.now, failing: 1)
    }
    var syncer = bench.syncer(LoggingScheduler(log: log))
    syncer.onFailure = .retry(attempts: 3, backoff: backoff)
    let report = try await syncer.chunkedSync(chunkTime: .seconds(100))
    let sample = try #require(log.samples.first)
    #expect(sample.handleSeconds == 7.5, "three items of 0.5 + 2 s")
    #expect(sample.processSeconds == 4.25, "one call of 0.25 + 4 s")
    #expect(sample.durationSeconds == 11.75)
    #expect(sample.classes.map(\.handling.seconds) == [7.5])
    #expect(sample.classes.map(\.handling.longestSeconds) == [2.5])
    let record = try #require(report.chunks.first)
    #expect(record.handling == .milliseconds(7500 + 2 * 500 + 1000 + 2000))
    #expect(record.processing == .milliseconds(4250 + 250 + 1000))
  }

  @Test("a chunk is retried as a whole, then bisected without further retries")
  func isolateAfterRetry() async throws {
    let calls = Journal()
    var bench = Bench(0..<4)
    bench.onProcess = { chunk in
      calls.process(chunk.outputs)
      if chunk.outputs.contains(2) { throw Fault(place: "item 2") }
    }
    var syncer = bench.syncer()
    syncer.onFailure = .retry(
      attempts: 3, backoff: backoff, then: .isolate(maximumErrors: 1))
    let report = try await syncer.sync()
    let whole = [0, 1, 2, 3]
    #expect(calls.processed == [whole, whole, whole, [0, 1], [2, 3], [2], [3]])
    #expect(report.failures.map(\.key) == [2])
    #expect(bench.journal.processed == [[0, 1], [3]])
    #expect(report.chunks.map(\.processing) == [.seconds(3)], "two waits")
  }

  @Test("a handler is retried, then its item is listed with the last error")
  func listedAfterRetry() async throws {
    let attempts = Attempts()
    var bench = Bench(0..<3)
    let clock = bench.clock
    bench.onHandle = { item in
      try attempts.call("item \(item)", at: clock.now, failing: item == 1 ? 9 : 0)
    }
    var syncer = bench.syncer()
    syncer.onFailure = .retry(attempts: 4, backoff: backoff, then: .isolate(maximumErrors: 1))
    let report = try await syncer.sync()
    #expect(report.failures.map { "\($0.error)" } == ["\(Fault(place: "item 1, attempt 4"))"])
    #expect(attempts.times("item 1").count == 4)
    #expect(bench.journal.processed == [[0, 2]])
  }

  @Test("an error that is not transient is not retried")
  func permanentErrors() async throws {
    let attempts = Attempts()
    var bench = Bench(0..<3)
    let clock = bench.clock
    bench.onHandle = { item in
      try attempts.call("item \(item)", at: clock.now, failing: item == 1 ? 1 : 0)
    }
    var syncer = bench.syncer()
    syncer.onFailure = .retry(
      attempts: 4, backoff: backoff, if: { !("\($0)".contains("item 1")) },
      then: .isolate(maximumErrors: 1))
    let report = try await syncer.sync()
    #expect(attempts.times("item 1").count == 1)
    #expect(report.failures.map(\.key) == [1])
  }

  @Test("a policy that retries may follow another one: the last attempt is its first")
  func retryThenRetry() async throws {
    let attempts = Attempts()
    var bench = Bench(0..<1)
    let clock = bench.clock
    bench.cost = { _ in .zero }
    bench.onHandle = { _ in try attempts.call("item", at: clock.now, failing: 9) }
    var syncer = bench.syncer()
    syncer.onFailure = .retry(
      attempts: 2, backoff: .constant(.seconds(1)),
      then: .retry(
        attempts: 3, backoff: .constant(.seconds(10)),
        if: { "\($0)".contains("attempt") }, then: .isolate(maximumErrors: 1)))
    let report = try await syncer.sync()
    #expect(attempts.times("item") == [0, 1, 11, 21].map { .seconds($0) })
    #expect(report.failures.count == 1)
  }

  @Test("an error that is not transient to one policy may be to the next")
  func transientToTheNext() {
    let policy = FailurePolicy.retry(
      attempts: 5, backoff: .constant(.seconds(1)), if: { _ in false },
      then: .retry(attempts: 2, backoff: .constant(.seconds(7))))
    var retries = policy.retries
    #expect(retries.wait(after: Fault(place: "here")) == .seconds(7))
    #expect(retries.wait(after: Fault(place: "here")) == nil)
  }

  @Test("the longest durations there are time out, wait and are read without a trap")
  func longestDurations() async throws {
    let forever = Duration.seconds(Int64.max)
    #expect(Backoff.constant(forever).wait(afterAttempt: 3) == forever)
    #expect(
      Backoff.exponential(from: .seconds(1), atMost: forever).wait(afterAttempt: 99) <= forever)
    #expect(forever.wholeNanoseconds == .max && (.zero - forever).wholeNanoseconds == .min)
    #expect(Duration.nanoseconds(Int64.min + 1).wholeNanoseconds == .min + 1)
    let (failed, continuation) = AsyncStream.makeStream(of: Void.self)
    var syncer = Syncer(
      differ: Differ(left: ArrayResource([0, 1]), right: ArrayResource([])),
      handler: IntHandler(
        handle: { entry in
          if entry.key == 0 { return 0 }
          continuation.finish()
          throw Fault(place: "1")
        }, processChunk: { _ in }), order: .listed)
    syncer.itemTimeout = forever
    syncer.onFailure = .retry(attempts: 2, backoff: .constant(forever))
    let waiting = syncer
    let task = Task { try await waiting.chunkedSync(chunkTime: forever, maximumDuration: forever) }
    for await _ in failed {}
    task.cancel()
    let report = try await task.value
    #expect(report.stopReason == .cancelled && report.handledCount == 1)
  }
}
