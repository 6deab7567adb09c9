import Syncer
import SyncerRouting
import SyncerTesting
import Synchronization
import TestSupport
import Testing

/// Syncs whose chunks are events of a router, on virtual time.
struct RouterSyncTests {
  /// What ran how often, and what the base handler was told is done.
  private final class Journal: Sendable {
    let calls = Mutex<[Int: Int]>([:])
    let processed = Mutex<[[[Int]]]>([])

    /// Counts a call; returns how many there were.
    func call(_ event: Int) -> Int {
      calls.withLock { calls in
        calls[event, default: 0] += 1
        return calls[event, default: 0]
      }
    }
  }

  private typealias Base = ClosureSyncHandler<Int, Int, Int, [Int]>

  /// A sync of items 0 to 7 in chunks of four; an item's event is itself.
  private struct Bench: Sendable {
    let journal = Journal()
    var policy = FailurePolicy.stop
    var events: @Sendable (Int) -> [Int] = { [$0] }
    var callback: @Sendable (Int, Int) throws -> Void = { _, _ in }
    var process: @Sendable (Int) throws -> Void = { _ in }
    var hint: @Sendable (Int) -> Double? = { _ in nil }
    var during: @Sendable (Router<Int, VirtualClock>, VirtualClock) async throws -> Void = { _, _ in
    }

    func run() throws -> (result: Result<SyncReport<Int>, SyncFailure<Int>>, seconds: Double) {
      try VirtualTime.run(limit: .seconds(10_000), grace: .zero) { [self] clock in
        let router = Router(
          workers: 4, clock: clock,
          routes: [
            Route(where: { $0 != 99 }) { event in
              let attempt = journal.call(event)
              try await clock.sleep(for: .seconds(1 + event % 100))
              try callback(event, attempt)
            }
          ])
        let base = Base(
          costHint: { hint($0.key) },
          handle: { events($0.key) },
          processChunk: { chunk in
            let count = journal.processed.withLock { processed in
              processed.append(chunk.outputs)
              return processed.count
            }
            try process(count)
          })
        var syncer = Syncer(
          differ: Differ(left: ArrayResource(Array(0..<8)), right: ArrayResource([])),
          handler: RouterSyncHandler(base, router: router), scheduler: FixedScheduler(size: 4),
          order: .listed, clock: clock)
        syncer.onFailure = policy
        let result = await router.running {
          async let other: Void = during(router, clock)
          let result = await Result { () async throws(SyncFailure<Int>) in
            try await syncer.chunkedSync(chunkTime: .seconds(60))
          }
          do { try await other } catch { Issue.record(error) }
          return result
        }
        return (result, Double(clock.now.nanoseconds) / 1e9)
      }
    }

    var calls: [Int: Int] { journal.calls.withLock { $0 } }
    var processed: [[[Int]]] { journal.processed.withLock { $0 } }
  }

  @Test("each chunk is one submission, and every item's own time reaches the scheduler")
  func completions() throws {
    let bench = Bench()
    let (result, seconds) = try bench.run()
    let report = try result.get()
    #expect(report.chunks.map(\.size) == [4, 4])
    #expect(report.chunks.map(\.processing) == [.seconds(4), .seconds(8)])
    #expect(report.chunks.flatMap(\.classes).map(\.completions.seconds) == [10, 26])
    #expect(report.chunks.flatMap(\.classes).map(\.completions.longestSeconds) == [4, 8])
    #expect(seconds == 12)
    #expect(bench.processed == [[[0], [1], [2], [3]], [[4], [5], [6], [7]]])
  }

  @Test("where hints are there, the longest events of a chunk begin first")
  func longestFirst() throws {
    var bench = Bench()
    bench.events = { [$0, $0 + 100] }
    #expect(try bench.run().seconds == 6 + 14)
    var hinted = Bench()
    hinted.events = bench.events
    hinted.hint = { Double($0 + 1) }
    let (result, seconds) = try hinted.run()
    #expect(seconds == 5 + 13)
    #expect(try result.get().chunks.map(\.size) == [4, 4])
    #expect(hinted.processed.first?.map { $0[0] } == [0, 1, 2, 3])
  }

  @Test("an item is done with all of its events, and one without events at once")
  func severalEvents() throws {
    var bench = Bench()
    bench.events = { $0 == 0 ? [] : $0 == 1 ? [100, 200, 300] : [$0] }
    let report = try bench.run().result.get()
    let first = try #require(report.chunks.first?.classes.first)
    #expect(first.completions.count == 4)
    #expect(first.completions.seconds == 0 + 3 + 3 + 4)
  }

  @Test("a retry runs the events again that failed, and no others")
  func retry() throws {
    var bench = Bench()
    bench.policy = .retry(attempts: 3, backoff: .constant(.seconds(100)))
    bench.callback = { event, attempt in
      if event == 2 && attempt < 3 { throw Broken(what: "attempt \(attempt)") }
    }
    let (result, seconds) = try bench.run()
    let report = try result.get()
    #expect(report.stopReason == .completed && report.failures.isEmpty)
    #expect(bench.calls == [0: 1, 1: 1, 2: 3, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1])
    #expect(bench.processed == [[[0], [1], [3]], [[2]], [[4], [5], [6], [7]]])
    #expect(seconds == 4 + 100 + 3 + 100 + 3 + 8)
    #expect(report.chunks.map(\.failedCount) == [0, 0])
  }

  @Test("failing events are listed without a search; all others are processed once")
  func isolate() throws {
    var bench = Bench()
    bench.policy = .isolate(maximumErrors: 3)
    bench.events = { $0 == 6 ? [99] : [$0] }
    bench.callback = { event, _ in if event == 1 || event == 2 { throw Broken(what: "\(event)") } }
    let report = try bench.run().result.get()
    #expect(report.failures.map(\.key) == [1, 2, 6])
    #expect(report.failures.map(\.phase) == [.processing, .processing, .processing])
    #expect(report.failures.last?.error as? UnmatchedEvent != nil)
    #expect(report.chunks.map(\.size) == [4, 4])
    #expect(report.chunks.map(\.failedCount) == [2, 1])
    #expect(bench.calls == [0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 7: 1])
    #expect(bench.processed == [[[0], [3]], [[4], [5], [7]]])
  }

  @Test("where a failure ends the sync, what succeeded is a chunk and the failed items are open")
  func stop() throws {
    var bench = Bench()
    bench.callback = { event, _ in if event == 5 || event == 6 { throw Broken(what: "\(event)") } }
    for (policy, listed, open) in [
      (FailurePolicy.stop, [], [5, 6]), (.isolate(maximumErrors: 1), [5], [6]),
    ] as [(FailurePolicy, [Int], [Int])] {
      bench.policy = policy
      guard case .failure(let failure) = try bench.run().result else {
        Issue.record("the sync did not fail")
        continue
      }
      #expect(failure.openKeys == open)
      #expect(failure.report.failures.map(\.key) == listed)
      #expect(failure.report.chunks.map(\.size) == [4, 4 - open.count])
      #expect(failure.report.handledCount == 8 - open.count)
      let error = try #require(failure.underlyingError as? ItemsFailed)
      #expect(error.items.count == open.count)
      #expect("\(error)".contains("Broken(what: \"6\")"))
    }
  }

  @Test("a base handler that fails is tried again without running any event again")
  func baseFails() throws {
    var bench = Bench()
    bench.policy = .isolate(maximumErrors: 0)
    bench.process = { count in if count == 1 { throw Broken(what: "bulk") } }
    let report = try bench.run().result.get()
    #expect(report.stopReason == .completed)
    #expect(bench.calls.values.allSatisfy { $0 == 1 })
    #expect(
      bench.processed == [
        [[0], [1], [2], [3]], [[0], [1]], [[2], [3]], [[4], [5], [6], [7]],
      ])
  }

  @Test("a router shut down under a sync leaves its items open")
  func shutDown() throws {
    var bench = Bench()
    bench.during = { router, clock in
      try await clock.sleep(for: .seconds(6))
      router.shutdown(.immediate)
    }
    guard case .failure(let failure) = try bench.run().result else {
      Issue.record("the sync did not fail")
      return
    }
    #expect(failure.openKeys == [4, 5, 6, 7])
    #expect(failure.report.chunks.map(\.size) == [4])
  }

  @Test("cancelling a sync finishes the open chunk where the router is not cancelled with it")
  func cancelledSync() throws {
    let report = try VirtualTime.run(grace: .zero) { clock in
      let router = Router(
        workers: 2, clock: clock,
        routes: [
          Route(where: { (_: Int) in true }) { _ in try await clock.sleep(for: .seconds(2)) }
        ])
      let syncer = Syncer(
        differ: Differ(left: ArrayResource(Array(0..<8)), right: ArrayResource([])),
        handler: RouterSyncHandler(
          Base(handle: { [$0.key] }, processChunk: { _ in }), router: router),
        order: .listed, clock: clock)
      return try await router.running {
        try await withThrowingTaskGroup(of: SyncReport<Int>.self) { group in
          group.addTask { try await syncer.chunkedSync(chunkCap: 4) }
          try await clock.sleep(for: .seconds(3))
          group.cancelAll()
          return try await group.next()
        }
      }
    }
    #expect(report?.stopReason == .cancelled)
    #expect(report?.handledCount == 4)
    #expect(report?.duration == .seconds(4))
  }

  @Test("items that the base handler refuses are named beside those whose events failed")
  func baseRefuses() throws {
    var bench = Bench()
    bench.policy = .isolate(maximumErrors: 8)
    bench.callback = { event, _ in if event == 0 { throw Broken(what: "event of 0") } }
    // The first chunk comes to the base without item 0: its second is item 2.
    bench.process = { count in
      if count == 1 { throw ItemsFailed([.init(position: 1, error: Broken(what: "base of 2"))]) }
    }
    let report = try bench.run().result.get()
    #expect(report.failures.map(\.key) == [0, 2])
    #expect(
      report.failures.map { "\($0.error)" }.map { $0.contains("base of 2") } == [false, true])
    #expect(report.handledCount == 8 && report.stopReason == .completed)
    #expect(bench.processed == [[[1], [2], [3]], [[4], [5], [6], [7]]])
  }

  @Test("an item that the base handler refuses once is processed again, alone, without its events")
  func baseRefusesOnce() throws {
    var bench = Bench()
    bench.policy = .retry(attempts: 2, backoff: .constant(.zero))
    bench.process = { count in
      if count == 1 { throw ItemsFailed([.init(position: 3, error: Broken(what: "base of 3"))]) }
    }
    let report = try bench.run().result.get()
    #expect(report.stopReason == .completed && report.failures.isEmpty)
    #expect(bench.processed == [[[0], [1], [2], [3]], [[3]], [[4], [5], [6], [7]]])
    #expect(bench.calls.values.allSatisfy { $0 == 1 })
  }
}

extension Result {
  /// What some work returns or throws.
  fileprivate init(_ work: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await work())
    } catch {
      self = .failure(error)
    }
  }
}
