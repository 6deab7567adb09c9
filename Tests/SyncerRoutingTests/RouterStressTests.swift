import Foundation
import Syncer
import SyncerRouting
import Synchronization
import TestSupport
import Testing

/// Random syncs through a router on the real clock and runtime: what was handled is processed, or
/// named, and no event runs again that succeeded.
///
/// `SYNCER_STRESS_SYNCS` sets how many; the seed of each is its number.
struct RouterStressTests {
  private static let count =
    ProcessInfo.processInfo.environment["SYNCER_STRESS_SYNCS"].flatMap(Int.init) ?? 2000

  private struct Fault: Error {
    var event: Int
  }

  /// What one sync is like.
  private struct Trial {
    let seed: UInt64
    var itemCount = 0
    /// The events of every item, which are numbers of their own.
    var events: [[Int]] = []
    var failingEvents: [Int: Int] = [:]
    var failingItems: [Int: Int] = [:]
    var namesItems = false
    /// After how many events something is done, and what.
    var interruptAfter: Int?
    var interruption = 0
    var policy = FailurePolicy.stop
    var workers = 1
    var cap: Int?
    var chunkTime: Duration?

    init(seed: UInt64) {
      self.seed = seed
      var generator = SplitMix64(seed: seed)
      func chance(_ share: Int) -> Bool { generator.next(below: 100) < share }
      itemCount = generator.next(below: 25)
      let failing = generator.next(below: 30)
      for item in 0..<itemCount {
        events.append((0...generator.next(below: 3)).map { item * 10 + $0 })
        for event in events[item] where chance(failing) {
          failingEvents[event] = 1 + generator.next(below: 4)
        }
        if chance(failing / 2) { failingItems[item] = 1 + generator.next(below: 4) }
      }
      namesItems = chance(60)
      if chance(50) {
        interruptAfter = 1 + generator.next(below: 40)
        interruption = generator.next(below: 5)
      }
      let isolation = FailurePolicy.isolate(maximumErrors: generator.next(below: 12))
      let backoff = Backoff.constant(.microseconds(generator.next(below: 3) * 40))
      let attempts = 1 + generator.next(below: 3)
      policy =
        [
          .stop, isolation, .retry(attempts: attempts, backoff: backoff),
          .retry(attempts: attempts, backoff: backoff, then: isolation),
        ][generator.next(below: 4)]
      workers = 1 + generator.next(below: 6)
      if chance(70) { cap = 1 + generator.next(below: 8) }
      if chance(50) { chunkTime = .microseconds(20 + generator.next(below: 400)) }
    }
  }

  /// What became of the items and their events.
  private struct Record {
    var attempts: [String: Int] = [:]
    var succeeded: [Int: Int] = [:]
    var runCount = 0
    var processed: [Int] = []

    /// Counts a call; returns how many there were.
    mutating func call(_ name: String) -> Int {
      attempts[name, default: 0] += 1
      return attempts[name, default: 0]
    }
  }

  private final class Journal: Sendable {
    let record = Mutex(Record())
  }

  /// Somebody who interrupts the sync, once there is a router.
  private struct Interruption: Sendable {
    var number: Int
    var stop: SyncStop

    func happen(_ shutdown: (RouterShutdown) -> Void) {
      switch number {
      case 0: withUnsafeCurrentTask { $0?.cancel() }
      case 1: stop.finishChunk()
      case 2: stop.endAtOnce()
      case 3: shutdown(.graceful)
      default: shutdown(.immediate)
      }
    }
  }

  private typealias Base = ClosureSyncHandler<Int, Int, Int, [Int]>

  private func base(_ trial: Trial, _ journal: Journal) -> Base {
    Base(
      costClass: { $0.key % 3 == 0 ? "third" : "other" },
      handle: { trial.events[$0.key] },
      processChunk: { chunk in
        let items = chunk.outputs.map { $0[0] / 10 }
        let failed = journal.record.withLock { record in
          let failed = items.indices.filter {
            record.call("process \(items[$0])") <= trial.failingItems[items[$0]] ?? 0
          }
          if failed.isEmpty || trial.namesItems {
            record.processed += items.indices.filter { !failed.contains($0) }.map { items[$0] }
          }
          return failed
        }
        if failed.isEmpty { return }
        let errors = failed.map { ItemsFailed.Item(position: $0, error: Fault(event: items[$0])) }
        throw trial.namesItems ? ItemsFailed(errors) : errors[0].error
      })
  }

  /// Runs an event once, and interrupts when it is time.
  private func call(
    _ event: Int, _ trial: Trial, _ journal: Journal, interrupt: () -> Void
  ) throws {
    let (attempt, count) = journal.record.withLock { record in
      record.runCount += 1
      return (record.call("event \(event)"), record.runCount)
    }
    if count == trial.interruptAfter { interrupt() }
    if attempt <= trial.failingEvents[event] ?? 0 { throw Fault(event: event) }
    journal.record.withLock { $0.succeeded[event, default: 0] += 1 }
  }

  /// Runs a sync; returns its report and the keys left open.
  private func run(
    _ trial: Trial, _ journal: Journal, clock: some Clock<Duration>
  ) async -> (SyncReport<Int>, [Int]) {
    let stop = SyncStop()
    let interruption = Interruption(number: trial.interruption, stop: stop)
    let nothing: @Sendable (RouterShutdown) -> Void = { _ in }
    let shutdown = Mutex(nothing)
    let router = Router(
      workers: trial.workers, clock: clock,
      routes: [
        Route(where: { (_: Int) in true }) { (event: Int) in
          if event % 4 == 0 { await Task.yield() }
          try call(event, trial, journal) {
            interruption.happen(shutdown.withLock { $0 })
          }
        }
      ])
    shutdown.withLock { $0 = { router.shutdown($0) } }
    var syncer = Syncer(
      differ: Differ(left: ArrayResource(Array(0..<trial.itemCount)), right: ArrayResource([])),
      handler: RouterSyncHandler(base(trial, journal), router: router),
      order: .shuffled(seed: trial.seed))
    syncer.onFailure = trial.policy
    syncer.stop = stop
    let run = syncer
    return await Task {
      await router.running { () async -> (SyncReport<Int>, [Int]) in
        do throws(SyncFailure<Int>) {
          return (try await run.chunkedSync(chunkTime: trial.chunkTime, chunkCap: trial.cap), [])
        } catch {
          return (error.report, error.openKeys)
        }
      }
    }.value
  }

  /// What does not hold of a sync, each a sentence.
  private func violations(of trial: Trial) async -> [String] {
    let journal = Journal()
    let (report, open) = await run(trial, journal, clock: .continuous)
    let record = journal.record.withLock { $0 }
    let failed = report.failures.map(\.key)
    let named = record.processed + failed + open
    var violations: [String] = []
    func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
      if !holds { violations.append(sentence()) }
    }
    expect(
      Set(named).count == named.count,
      "processed \(record.processed), failed \(failed), open \(open)")
    let again = record.succeeded.filter { $0.value > 1 }.keys.sorted()
    expect(again.isEmpty, "the events \(again) ran again after they had succeeded")
    let unready = record.processed.filter { item in
      trial.events[item].contains { record.succeeded[$0] == nil }
    }
    expect(unready.isEmpty, "the items \(unready) were processed before all their events")
    let sizes = report.chunks.map(\.size).reduce(0, +)
    expect(sizes == report.handledCount, "\(sizes) items in chunks, not \(report.handledCount)")
    expect(
      report.stopReason != .completed || named.count == trial.itemCount,
      "completed with \(named.count) of \(trial.itemCount) items named")
    let begun = Set(record.succeeded.keys.map { $0 / 10 })
    expect(
      begun.isSubset(of: named), "events of \(begun.subtracting(named).sorted()) ran, unnamed")
    return violations
  }

  @Test("random policies, cancellations, stops, shutdowns and partial failures")
  func randomSyncs() async {
    for seed in 0..<UInt64(Self.count) {
      let violations = await violations(of: Trial(seed: seed))
      for violation in violations { Issue.record("seed \(seed): \(violation)") }
      if !violations.isEmpty { return }
    }
  }
}
