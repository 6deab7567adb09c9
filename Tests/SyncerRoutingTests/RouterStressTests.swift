import Syncer
import SyncerRouting
import Synchronization
import TestSupport
import Testing

/// Random syncs through a router on the real clock and runtime: what was handled is processed, or
/// named, and no event runs again that succeeded.
///
/// `StressFindings` says how many.
struct RouterStressTests {
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

  private func base(_ trial: Trial, _ journal: StressJournal) -> Base {
    Base(
      costClass: { $0.key % 3 == 0 ? "third" : "other" },
      handle: { trial.events[$0.key] },
      processChunk: { chunk in
        let items = chunk.outputs.map { $0[0] / 10 }
        let failed = journal.process(
          items, failing: trial.failingItems, namesItems: trial.namesItems)
        if failed.isEmpty { return }
        let errors = failed.map { ItemsFailed.Item(position: $0, error: Fault(event: items[$0])) }
        throw trial.namesItems ? ItemsFailed(errors) : errors[0].error
      })
  }

  /// Runs an event once, and interrupts when it is time.
  private func call(
    _ event: Int, _ trial: Trial, _ journal: StressJournal, interrupt: () -> Void
  ) throws {
    let attempt = journal.call("event \(event)")
    if journal.step() == trial.interruptAfter { interrupt() }
    if attempt <= trial.failingEvents[event] ?? 0 { throw Fault(event: event) }
    journal.succeed(event)
  }

  /// Runs a sync; returns its report and the keys left open.
  private func run(
    _ trial: Trial, _ journal: StressJournal, clock: some Clock<Duration>
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

  /// What does not hold of a sync.
  private func findings(of trial: Trial) async -> StressFindings {
    let journal = StressJournal()
    let (report, open) = await run(trial, journal, clock: .continuous)
    let account = journal.account
    var findings = journal.findings(report, open: open, itemCount: trial.itemCount)
    let again = account.successes.filter { $0.value > 1 }.keys.sorted()
    findings.expect(again.isEmpty, "the events \(again) ran again after they had succeeded")
    let unready = account.processed.filter { item in
      trial.events[item].contains { account.successes[$0] == nil }
    }
    findings.expect(unready.isEmpty, "the items \(unready) were processed before all their events")
    let named = Set(account.processed + report.failures.map(\.key) + open)
    let unnamed = Set(account.successes.keys.map { $0 / 10 }).subtracting(named).sorted()
    findings.expect(unnamed.isEmpty, "events of \(unnamed) ran, unnamed")
    return findings
  }

  @Test("random policies, cancellations, stops, shutdowns and partial failures")
  func randomSyncs() async {
    #expect(await StressFindings.ofSyncs { await findings(of: Trial(seed: $0)) } == [])
  }
}
