import Foundation
package import Syncer
import Synchronization

/// What became of the items of a random sync on the real runtime, as its handlers tell it.
package final class StressJournal: Sendable {
  /// What was told.
  package struct Account: Sendable {
    /// How often something succeeded, by its number.
    package fileprivate(set) var successes: [Int: Int] = [:]
    /// The items whose processing succeeded, in order.
    package fileprivate(set) var processed: [Int] = []
    fileprivate var calls: [String: Int] = [:]
    fileprivate var stepCount = 0
  }

  private let told = Mutex(Account())

  /// Makes an empty journal.
  package init() {}

  /// What was told so far.
  package var account: Account { told.withLock { $0 } }

  /// Counts a call; returns how many of that name there were.
  package func call(_ name: String) -> Int {
    told.withLock { $0.count(name) }
  }

  /// Counts a step towards the moment at which something happens; returns how many there were.
  package func step() -> Int {
    told.withLock { told in
      told.stepCount += 1
      return told.stepCount
    }
  }

  /// Notes that something succeeded.
  package func succeed(_ number: Int) {
    told.withLock { $0.successes[number, default: 0] += 1 }
  }

  /// Processes the items of a call of `processChunk`.
  ///
  /// - Parameters:
  ///   - items: The items.
  ///   - failing: How many calls each of some items makes fail.
  ///   - namesItems: Whether a call that fails has processed the others.
  /// - Returns: the positions of the items that make the call fail.
  package func process(_ items: [Int], failing: [Int: Int], namesItems: Bool) -> [Int] {
    told.withLock { told in
      let failed = items.indices.filter {
        told.count("process \(items[$0])") <= failing[items[$0]] ?? 0
      }
      if failed.isEmpty || namesItems {
        told.processed += items.indices.filter { !failed.contains($0) }.map { items[$0] }
      }
      return failed
    }
  }

  /// What does not hold of a sync, each a sentence: every item is processed, or named, once.
  ///
  /// - Parameters:
  ///   - report: What the sync says.
  ///   - open: The items that it left open.
  ///   - itemCount: How many there are.
  /// - Returns: the findings, to which others may be added.
  package func findings(
    _ report: SyncReport<Int>, open: [Int], itemCount: Int
  ) -> StressFindings {
    let processed = account.processed
    let failed = report.failures.map(\.key)
    let named = processed + failed + open
    var findings = StressFindings()
    findings.expect(
      Set(named).count == named.count, "processed \(processed), failed \(failed), open \(open)")
    let sizes = report.chunks.map(\.size).reduce(0, +)
    findings.expect(
      sizes == report.handledCount, "\(sizes) items in chunks, not \(report.handledCount)")
    let failedInChunks = report.chunks.map(\.failedCount).reduce(0, +)
    findings.expect(
      sizes - failedInChunks == processed.count || report.stopReason == .failed,
      "\(processed.count) processed, \(sizes) in chunks, \(failedInChunks) of them failed")
    findings.expect(
      report.stopReason != .completed || named.count == itemCount,
      "completed with \(named.count) of \(itemCount) items named")
    return findings
  }
}

extension StressJournal.Account {
  fileprivate mutating func count(_ name: String) -> Int {
    calls[name, default: 0] += 1
    return calls[name, default: 0]
  }
}

/// What does not hold of random syncs.
package struct StressFindings: Sendable {
  /// Each a sentence.
  package private(set) var sentences: [String] = []

  /// Notes what does not hold.
  package mutating func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    if !holds { sentences.append(sentence()) }
  }

  /// Runs random syncs until something does not hold; returns what, with the seed.
  ///
  /// `SYNCER_STRESS_SYNCS` sets how many; the seed of each is its number.
  package static func ofSyncs(_ sync: (UInt64) async -> StressFindings) async -> [String] {
    let count = ProcessInfo.processInfo.environment["SYNCER_STRESS_SYNCS"].flatMap(UInt64.init)
    for seed in 0..<(count ?? 2000) {
      let sentences = await sync(seed).sentences
      if !sentences.isEmpty { return sentences.map { "seed \(seed): \($0)" } }
    }
    return []
  }
}
