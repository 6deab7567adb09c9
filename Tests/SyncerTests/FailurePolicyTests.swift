import Syncer
import Testing

/// Every small case of failing items under every kind of policy: nothing is lost, nothing twice.
struct FailurePolicyTests {
  /// Which items fail, and what is done about it.
  struct Trial: CustomStringConvertible {
    var count: Int
    var inHandling: Set<Int>
    var inProcessing: Set<Int>
    var cap: Int?
    /// Nil for the policy that stops.
    var maximum: Int?

    var failing: Set<Int> { inHandling.union(inProcessing) }
    var description: String {
      "\(count) items, cap \(cap.map(String.init) ?? "none"), maximumErrors "
        + "\(maximum.map(String.init) ?? "none"), handlers of \(inHandling.sorted()) and "
        + "processing of \(inProcessing.sorted()) fail"
    }
  }

  /// What a trial led to.
  struct Outcome {
    var report: SyncReport<Int>
    var openKeys: [Int] = []
    var error: (any Error)?
    var journal: Journal
    var begun: [Int]
    var processCalls: Int
  }

  private func run(_ trial: Trial) async -> Outcome {
    var bench = Bench(0..<trial.count)
    let begun = Journal()
    bench.onHandle = { item in
      begun.handle(item)
      if trial.inHandling.contains(item) { throw Fault(place: "item \(item)") }
    }
    bench.onProcess = { chunk in
      begun.process(chunk.outputs)
      if let item = chunk.outputs.first(where: { trial.inProcessing.contains($0) }) {
        throw Fault(place: "item \(item)")
      }
    }
    var syncer = bench.syncer()
    syncer.onFailure = trial.maximum.map { .isolate(maximumErrors: $0) } ?? .stop
    do throws(SyncFailure<Int>) {
      let report = try await syncer.chunkedSync(chunkCap: trial.cap)
      return Outcome(
        report: report, journal: bench.journal, begun: begun.handled,
        processCalls: begun.processed.count)
    } catch {
      return Outcome(
        report: error.report, openKeys: error.openKeys, error: error.underlyingError,
        journal: bench.journal, begun: begun.handled, processCalls: begun.processed.count)
    }
  }

  /// What is wrong with the outcome of a trial, each a sentence.
  private func violations(_ trial: Trial, _ outcome: Outcome) -> [String] {
    var violations: [String] = []
    func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
      if !holds { violations.append(sentence()) }
    }
    let processed = outcome.journal.processed.flatMap { $0 }
    let failed = outcome.report.failures.map(\.key)
    let accounted = processed + failed + outcome.openKeys
    expect(
      accounted.sorted() == outcome.begun,
      "begun \(outcome.begun), processed \(processed), failed \(failed), open \(outcome.openKeys)")
    expect(processed == processed.sorted(), "processed out of order: \(processed)")
    expect(outcome.openKeys == outcome.openKeys.sorted(), "open keys \(outcome.openKeys)")
    expect(trial.failing.isDisjoint(with: processed), "processed what fails: \(processed)")
    expect(trial.failing.isSuperset(of: failed), "listed what does not fail: \(failed)")
    let sizes = outcome.report.chunks.map(\.size)
    expect(sizes.reduce(0, +) == outcome.report.handledCount, "sizes \(sizes)")
    expect(sizes.allSatisfy { $0 >= 1 && $0 <= trial.cap ?? trial.count }, "sizes \(sizes)")
    for item in outcome.report.failures {
      let isHandling = trial.inHandling.contains(item.key)
      expect(item.phase == (isHandling ? .handling : .processing), "\(item)")
      expect("\(item.error)" == "\(Fault(place: "item \(item.key)"))", "\(item)")
    }
    if trial.failing.count <= trial.maximum ?? 0 {
      expect(outcome.error == nil, "ended with \(outcome.error.map { "\($0)" } ?? "")")
      expect(Set(failed) == trial.failing, "listed \(failed)")
      expect(outcome.report.handledCount == trial.count, "handled \(outcome.report.handledCount)")
      let listed = outcome.report.chunks.map(\.failedCount).reduce(0, +)
      expect(listed == failed.count, "chunks tell of \(listed) failures")
    } else {
      let culprit = outcome.error as? Fault
      expect(failed.count == trial.maximum ?? 0, "listed \(failed)")
      expect(
        trial.failing.contains { culprit == Fault(place: "item \($0)") },
        "ended with \(String(describing: outcome.error))")
      expect(outcome.report.stopReason == .failed, "stopped as \(outcome.report.stopReason)")
    }
    return violations
  }

  private static func subsets(of count: Int) -> [Set<Int>] {
    (0..<(1 << count)).map { mask in Set((0..<count).filter { mask >> $0 & 1 == 1 }) }
  }

  private func check(_ trial: Trial) async -> Bool {
    let violations = violations(trial, await run(trial))
    for violation in violations { Issue.record("\(trial): \(violation)") }
    return violations.isEmpty
  }

  @Test("every subset of up to four items failing in either phase, with every cap and maximum")
  func exhaustive() async {
    for count in 1...4 {
      for inHandling in Self.subsets(of: count) {
        for inProcessing in Self.subsets(of: count) {
          for cap in [nil, 1, 2, 3] {
            for maximum in [nil, 0, 1, 2, count] {
              let trial = Trial(
                count: count, inHandling: inHandling, inProcessing: inProcessing, cap: cap,
                maximum: maximum)
              guard await check(trial) else { return }
            }
          }
        }
      }
    }
  }

  @Test("every subset of six items failing in one phase, with every cap and maximum")
  func exhaustiveSix() async {
    for subset in Self.subsets(of: 6) {
      for cap in [nil, 2, 4, 5] {
        for maximum in [nil, 0, 1, 3, 6] {
          for isHandling in [true, false] {
            let trial = Trial(
              count: 6, inHandling: isHandling ? subset : [],
              inProcessing: isHandling ? [] : subset, cap: cap, maximum: maximum)
            guard await check(trial) else { return }
          }
        }
      }
    }
  }

  @Test("one failing item among n costs at most 2 log2(n) further calls")
  func costOfBisection() async {
    for exponent in 0...7 {
      let count = 1 << exponent
      for item in 0..<count {
        let trial = Trial(
          count: count, inHandling: [], inProcessing: [item], cap: nil, maximum: 1)
        let outcome = await run(trial)
        #expect(outcome.processCalls <= 1 + 2 * exponent, "\(trial)")
        #expect(outcome.report.failures.map(\.key) == [item], "\(trial)")
      }
    }
  }

  @Test(
    "a failed chunk of many failed items is told in time that grows with the items",
    .timeLimit(.minutes(1)))
  func manyFailures() async {
    // Looking every position up in a list of the failed would take 4e8 comparisons here.
    let count = 40_000
    let odd = Set((0..<count).filter { $0 % 2 == 1 })
    let trial = Trial(
      count: count, inHandling: odd, inProcessing: [count - 2], cap: nil, maximum: count / 2)
    let outcome = await run(trial)
    #expect(outcome.openKeys == [count - 2])
    #expect(outcome.report.failures.count == count / 2)
  }

  @Test("the observer is told of every item left out, as the report lists them")
  func observer() async throws {
    let witness = FailureWitness()
    var bench = Bench(0..<7)
    bench.onHandle = { if $0 == 2 { throw Fault(place: "item 2") } }
    bench.onProcess = { if $0.outputs.contains(5) { throw Fault(place: "item 5") } }
    var syncer = bench.syncer(observer: witness)
    syncer.onFailure = .isolate(maximumErrors: 2)
    let report = try await syncer.chunkedSync(chunkCap: 4)
    #expect(witness.failures == report.failures.map(\.description))
    #expect(report.chunks.map(\.failedCount) == [1, 1])
    #expect(bench.journal.processed == [[0, 1, 3], [4], [6]])
  }
}
