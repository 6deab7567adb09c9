import Foundation
import Synchronization
import Testing

@testable import Syncer

/// Random syncs on the real clock and runtime: what was handled is processed, or named.
///
/// `SYNCER_STRESS_SYNCS` sets how many; the seed of each is its number.
struct StressTests {
  private static let count =
    ProcessInfo.processInfo.environment["SYNCER_STRESS_SYNCS"].flatMap(Int.init) ?? 2000

  /// What one sync is like.
  private struct Trial {
    let seed: UInt64
    var itemCount = 0
    var failingHandlers: [Int: Int] = [:]
    var failingProcessing: [Int: Int] = [:]
    var slowItems: Set<Int> = []
    var namesItems = false
    /// After how many items something is done, and what.
    var interruptAfter: Int?
    var interruption = 0
    var policy = FailurePolicy.stop
    var itemTimeout: Duration?
    var cap: Int?
    var chunkTime: Duration?
    var order = SyncOrder.listed

    init(seed: UInt64) {
      self.seed = seed
      var generator = SplitMix64(seed: seed)
      func chance(_ share: Int) -> Bool { generator.next(below: 100) < share }
      itemCount = generator.next(below: 25)
      let failing = generator.next(below: 30)
      for item in 0..<itemCount {
        if chance(failing) { failingHandlers[item] = 1 + generator.next(below: 4) }
        if chance(failing) { failingProcessing[item] = 1 + generator.next(below: 4) }
        if chance(10) { slowItems.insert(item) }
      }
      namesItems = chance(60)
      if chance(50) {
        interruptAfter = generator.next(below: 30)
        interruption = generator.next(below: 3)
      }
      let isolation = FailurePolicy.isolate(maximumErrors: generator.next(below: 12))
      let backoff = Backoff.constant(.microseconds(generator.next(below: 3) * 40))
      let attempts = 1 + generator.next(below: 3)
      policy =
        [
          .stop, isolation, .retry(attempts: attempts, backoff: backoff),
          .retry(attempts: attempts, backoff: backoff, then: isolation),
          .retry(
            attempts: attempts, backoff: backoff,
            then: .retry(attempts: 2, backoff: backoff, then: isolation)),
        ][generator.next(below: 5)]
      if chance(25) { itemTimeout = .microseconds(200 + generator.next(below: 2000)) }
      if chance(70) { cap = 1 + generator.next(below: 8) }
      if chance(50) { chunkTime = .microseconds(20 + generator.next(below: 400)) }
      order = [.listed, .roughlyListed, .shuffled(seed: seed)][generator.next(below: 3)]
    }
  }

  /// What became of the items.
  private struct Record {
    var attempts: [String: Int] = [:]
    var handledCount = 0
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

  private func handler(_ trial: Trial, _ journal: Journal, _ stop: SyncStop) -> IntHandler {
    IntHandler(
      costClass: { $0.key % 3 == 0 ? "third" : "other" },
      handle: { entry in
        let item = entry.key
        let attempt = journal.record.withLock { $0.call("handle \(item)") }
        if trial.slowItems.contains(item) && trial.itemTimeout != nil {
          while !Task.isCancelled { await Task.yield() }
          try Task.checkCancellation()
        }
        if attempt <= trial.failingHandlers[item] ?? 0 { throw Fault(place: "handler \(item)") }
        let count = journal.record.withLock { record in
          record.handledCount += 1
          return record.handledCount
        }
        if count == trial.interruptAfter {
          switch trial.interruption {
          case 0: cancelCurrentTask()
          case 1: stop.finishChunk()
          default: stop.endAtOnce()
          }
        }
        return item
      },
      processChunk: { chunk in
        let failed = journal.record.withLock { record in
          let failed = chunk.outputs.indices.filter { position in
            let item = chunk.outputs[position]
            return record.call("process \(item)") <= trial.failingProcessing[item] ?? 0
          }
          if failed.isEmpty || trial.namesItems {
            let refused = Set(failed)
            record.processed += chunk.outputs.indices.filter { !refused.contains($0) }
              .map { chunk.outputs[$0] }
          }
          return failed
        }
        await withTaskGroup { group in
          for position in chunk.outputs.indices {
            group.addTask { await chunk.completed(position, in: .microseconds(position)) }
          }
        }
        if failed.isEmpty { return }
        let errors = failed.map {
          ItemsFailed.Item(position: $0, error: Fault(place: "process \(chunk.outputs[$0])"))
        }
        throw trial.namesItems ? ItemsFailed(errors) : errors[0].error
      })
  }

  /// What does not hold of a sync, each a sentence.
  private func violations(of trial: Trial) async -> [String] {
    let (journal, stop) = (Journal(), SyncStop())
    var syncer = Syncer(
      differ: Differ(left: ArrayResource(Array(0..<trial.itemCount)), right: ArrayResource([])),
      handler: handler(trial, journal, stop), order: trial.order)
    syncer.onFailure = trial.policy
    syncer.itemTimeout = trial.itemTimeout
    syncer.stop = stop
    let run = syncer
    let result = await Task { () -> (SyncReport<Int>, [Int]) in
      do throws(SyncFailure<Int>) {
        return (try await run.chunkedSync(chunkTime: trial.chunkTime, chunkCap: trial.cap), [])
      } catch {
        return (error.report, error.openKeys)
      }
    }.value
    let (report, open) = result
    let processed = journal.record.withLock { $0.processed }
    let named = processed + report.failures.map(\.key) + open
    var violations: [String] = []
    func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
      if !holds { violations.append(sentence()) }
    }
    expect(
      Set(named).count == named.count,
      "processed \(processed), failed \(report.failures.map(\.key)), open \(open)")
    let sizes = report.chunks.map(\.size).reduce(0, +)
    expect(sizes == report.handledCount, "\(sizes) items in chunks, not \(report.handledCount)")
    let failedInChunks = report.chunks.map(\.failedCount).reduce(0, +)
    expect(
      sizes - failedInChunks == processed.count || report.stopReason == .failed,
      "\(processed.count) processed, \(sizes) in chunks, \(failedInChunks) of them failed")
    expect(
      report.stopReason != .completed || named.count == trial.itemCount,
      "completed with \(named.count) of \(trial.itemCount) items named")
    // An item that was timed out, and one whose retry a stop prevented, is left to the next sync.
    let handled = journal.record.withLock { $0.handledCount }
    expect(
      trial.itemTimeout != nil || named.count >= handled,
      "\(handled) handled, \(named.count) named")
    return violations
  }

  @Test("random policies, timeouts, cancellations, stops and partial failures")
  func randomSyncs() async {
    for seed in 0..<UInt64(Self.count) {
      let violations = await violations(of: Trial(seed: seed))
      for violation in violations { Issue.record("seed \(seed): \(violation)") }
      if !violations.isEmpty { return }
    }
  }
}
