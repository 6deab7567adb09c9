import Synchronization
import Testing

@testable import Syncer

/// A clock whose alarms ring when a test says so; time stands still.
private final class AlarmClock: Clock, Sendable {
  typealias Instant = ManualClock.Instant

  private struct State {
    /// Rings that no alarm has heard yet.
    var unheard = 0
    var waiting: AsyncStream<Void>.Continuation?
  }

  private let state = Mutex(State())

  var now: Instant { Instant(sinceStart: .zero) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func ring() {
    state.withLock { state in
      if let waiting = state.waiting, case .enqueued = waiting.yield() {
        state.waiting = nil
      } else {
        state.unheard += 1
      }
    }
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let (rings, alarm) = AsyncStream.makeStream(of: Void.self)
    state.withLock { state in
      if state.unheard > 0 {
        state.unheard -= 1
        alarm.yield()
      } else {
        state.waiting = alarm
      }
    }
    for await _ in rings { return }
    throw CancellationError()
  }
}

/// Suspends until the task is cancelled.
private func hang() async throws {
  for await _ in AsyncStream<Void>(bufferingPolicy: .unbounded, { _ in }) {}
  try Task.checkCancellation()
}

struct TimeLimitTests {
  private func syncer(
    _ clock: AlarmClock, _ journal: Journal, hanging: Set<Int>,
    costClass: @escaping @Sendable (IntEntry) -> CostClass = { _ in "item" }
  ) -> Syncer<IntHandler, AlarmClock> {
    let handler = IntHandler(
      costClass: costClass,
      handle: { entry in
        journal.handle(entry.key)
        if hanging.contains(entry.key) {
          clock.ring()
          try await hang()
        }
        return entry.key
      }, processChunk: { journal.process($0.outputs) })
    var syncer = Syncer(
      differ: Differ(left: ArrayResource(Array(0..<5)), right: ArrayResource([])), handler: handler,
      scheduler: FixedScheduler(size: 3), order: .listed, clock: clock)
    syncer.itemTimeout = .seconds(30)
    return syncer
  }

  @Test("a handler that takes too long is cancelled, and its item listed")
  func timeout() async throws {
    let journal = Journal()
    var syncer = syncer(AlarmClock(), journal, hanging: [1, 3])
    syncer.onFailure = .isolate(maximumErrors: 2)
    let report = try await syncer.chunkedSync(chunkCap: 3)
    #expect(report.failures.map(\.key) == [1, 3])
    #expect(report.failures.allSatisfy { $0.error is ItemTimedOut })
    #expect("\(report.failures[0].error)".contains("30"))
    #expect(journal.processed == [[0, 2], [4]])
  }

  @Test("a handler that takes too long ends a sync that does not isolate")
  func timeoutStops() async {
    let journal = Journal()
    let syncer = syncer(AlarmClock(), journal, hanging: [1])
    do throws(SyncFailure<Int>) {
      _ = try await syncer.sync()
      Issue.record("the timeout did nothing")
    } catch {
      #expect((error.underlyingError as? ItemTimedOut)?.limit == .seconds(30))
      #expect(error.openKeys == [0, 1])
    }
  }

  @Test("each attempt has the whole timeout")
  func timeoutAndRetry() async throws {
    let journal = Journal()
    var syncer = syncer(AlarmClock(), journal, hanging: [1])
    syncer.onFailure = .retry(
      attempts: 3, backoff: .constant(.zero), then: .isolate(maximumErrors: 1))
    let report = try await syncer.sync()
    #expect(journal.handled == [0, 1, 1, 1, 2, 3, 4])
    #expect(report.failures.map(\.key) == [1])
  }

  @Test("what a handler still makes when the sync is cancelled is processed")
  func cancelledWithTimeout() async throws {
    let journal = Journal()
    let syncer = syncer(AlarmClock(), journal, hanging: []) { entry in
      // Asked on the sync's own task, just before the handler of item 1 starts.
      if entry.key == 1 { cancelCurrentTask() }
      return "item"
    }
    let report = try await inOwnTask { try await syncer.chunkedSync(chunkTime: .seconds(1)) }
    #expect(journal.processed == [[0, 1]])
    #expect(report.stopReason == .cancelled)
  }

  @Test("a timeout of zero is refused")
  func zeroTimeout() async {
    var syncer = syncer(AlarmClock(), Journal(), hanging: [])
    syncer.itemTimeout = .zero
    do throws(SyncFailure<Int>) {
      _ = try await syncer.sync()
      Issue.record("the timeout was taken")
    } catch {
      #expect((error.underlyingError as? SyncArgumentError) == .itemTimeoutNotPositive(.zero))
    }
  }

  @Test("no item is begun after maximumDuration, and the open chunk is processed")
  func maximumDuration() async throws {
    // With items of 1 s, the last one to begin before 3.5 s is the fourth.
    for (milliseconds, count) in [(1, 1), (999, 1), (1000, 1), (1001, 2), (3500, 4), (9000, 7)] {
      for cap in [1, 3, 7] {
        for chunkTime in [Duration.seconds(100), nil] {
          var bench = Bench(0..<7)
          bench.cost = { _ in .seconds(1) }
          let report = try await bench.syncer(FixedScheduler(size: 7)).chunkedSync(
            chunkTime: chunkTime, chunkCap: cap, maximumDuration: .milliseconds(milliseconds))
          let note: Comment = "\(milliseconds) ms, cap \(cap), chunk time \(chunkTime != nil)"
          #expect(bench.journal.processed.flatMap { $0 } == Array(0..<count), note)
          #expect(report.stopReason == (count == 7 ? .completed : .maximumDuration), note)
          #expect(report.handledCount == count, note)
        }
      }
    }
  }

  @Test("less than a nanosecond left is nothing left")
  func lessThanANanosecond() async throws {
    var bench = Bench(0..<7)
    bench.cost = { _ in .milliseconds(500) }
    let limit = Duration.seconds(1) + Duration(secondsComponent: 0, attosecondsComponent: 1)
    let report = try await bench.syncer(FixedScheduler(size: 2)).chunkedSync(
      chunkTime: .seconds(1), maximumDuration: limit)
    #expect(bench.journal.handled == [0, 1])
    #expect(report.stopReason == .maximumDuration)
  }

  @Test("the last chunks are meant to end in time")
  func targetNearTheEnd() async throws {
    let log = SampleLog()
    var bench = Bench(0..<9)
    bench.cost = { _ in .seconds(1) }
    _ = try await bench.syncer(LoggingScheduler(log: log)).chunkedSync(
      chunkTime: .seconds(4), maximumDuration: .seconds(8))
    #expect(log.samples.map(\.targetSeconds) == [4, 4, 2])
    #expect(log.samples.map(\.count) == [3, 3, 2])
  }
}
