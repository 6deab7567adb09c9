import Syncer
import Testing

@testable import SyncerSimulation

/// What goes wrong in a scenario, worked out by hand.
struct FaultTests {
  /// Ten items of a second in chunks of three.
  private func scenario(
    _ faults: FaultSettings, count: Int = 10, cap: Int? = 3, process: Double = 0,
    chunkTime: Double? = nil, schedulers: [SchedulerSettings] = [.standard]
  ) -> Scenario {
    var scenario = Scenario(
      name: "faults", sync: SyncSettings(chunkTimeSeconds: chunkTime, chunkCap: cap),
      workload: WorkloadSettings(
        source: .phases([
          WorkloadPhase(
            count: count,
            classes: [
              ItemClass(name: "item", handle: .constant(1), process: .constant(process))
            ])
        ])), schedulers: schedulers)
    scenario.faults = faults
    return scenario
  }

  @Test("after a crash the open chunk is redone, and the finished ones are not")
  func crash() async throws {
    let crashes = CrashSettings(atSeconds: [4.5])
    let outcome = try await record(
      scenario(FaultSettings(crashes: crashes, restartSeconds: 2)))
    #expect(outcome.recorder.ledger.chunks == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]])
    #expect(outcome.chunks.map(\.record.number) == [1, 2, 3, 4])
    #expect(outcome.chunks.map(\.record.start) == [0, 6.5, 9.5, 12.5].map { .seconds($0) })
    #expect(outcome.metrics[.restarts] == 1)
    #expect(outcome.metrics[.lost] == 1.5)
    #expect(outcome.metrics[.makespan] == 13.5)
    #expect(outcome.metrics[.failedItems] == 0)
    #expect(outcome.metrics[.unfinishedItems] == 0)
    #expect(outcome.metrics[.items] == 10)
  }

  @Test("a crash at the very end of a chunk finds it finished, one in its processing does not")
  func crashAtTheEdge() async throws {
    let atEnd = try await record(
      scenario(FaultSettings(crashes: CrashSettings(atSeconds: [3])), process: 0))
    #expect(atEnd.metrics[.lost] == 0)
    #expect(atEnd.metrics[.makespan] == 10)
    // Chunks of 3 s handling and 6 s processing: at 8 s the first has 1 s to go.
    let inside = try await record(
      scenario(FaultSettings(crashes: CrashSettings(atSeconds: [8])), process: 2))
    #expect(inside.metrics[.lost] == 8)
    #expect(inside.metrics[.makespan] == 38)
    #expect(inside.recorder.ledger.chunks.joined().sorted() == Array(0..<10))
  }

  @Test("the process may die again while it starts")
  func crashWhileStarting() async throws {
    let crashes = CrashSettings(atSeconds: [4, 5, 6.5])
    let outcome = try await record(
      scenario(FaultSettings(crashes: crashes, restartSeconds: 2)))
    #expect(outcome.metrics[.restarts] == 3)
    #expect(outcome.metrics[.lost] == 1)
    #expect(outcome.metrics[.makespan] == 8.5 + 7)
  }

  @Test("crashes that let no chunk finish end the run with a reason instead of never")
  func fruitlessCrashes() async throws {
    let faults = FaultSettings(crashes: CrashSettings(meanGapSeconds: 0.001))
    await #expect {
      _ = try await record(scenario(faults))
    } throws: { error in
      "\(error)".contains("faults.crashes") && "\(error)".contains("in a row")
    }
  }

  @Test("chunks in which every item fails are no progress: crashes between them end the run too")
  func crashesBetweenFailures() async throws {
    let faults = FaultSettings(
      onFailure: FailureSettings(maximumErrors: .max), items: [ItemFaults(probability: 1)],
      crashes: CrashSettings(meanGapSeconds: 2))
    await #expect {
      _ = try await record(scenario(faults, count: 500, cap: 1))
    } throws: { error in
      "\(error)".contains("faults.crashes") && "\(error)".contains("in a row")
    }
  }

  @Test("a run that crashes more often than the limit says so")
  func tooManyCrashes() async throws {
    let crashes = CrashSettings(meanGapSeconds: 0.5)
    await #expect {
      _ = try await record(
        scenario(FaultSettings(crashes: crashes), count: 3000, cap: 1))
    } throws: { error in
      "\(error)".contains("faults.crashes") && "\(error)".contains("more than 10000 times")
    }
  }

  @Test("permanent failures are listed under isolate, and end the run under stop")
  func permanentFailures() async throws {
    for phase in TraceSettings.Cost.allCases {
      let faults = [ItemFaults(probability: 0.3, phase: phase)]
      let isolating = try await record(
        scenario(
          FaultSettings(onFailure: FailureSettings(maximumErrors: 60), items: faults), count: 60,
          cap: 8, process: 0.5))
      let failed = isolating.recorder.witness.account.failed
      #expect(failed.count > 5 && failed.count < 40)
      #expect(isolating.metrics[.failedItems] == Double(failed.count))
      let processed = isolating.recorder.ledger.chunks.joined()
      #expect((processed + failed).sorted() == Array(0..<60))
      #expect(isolating.chunks.map(\.record.failedCount).reduce(0, +) == failed.count)

      let stopping = try await record(
        scenario(FaultSettings(items: faults), count: 60, cap: 8, process: 0.5))
      let first = try #require(failed.min())
      #expect(stopping.metrics[.unfinishedItems] == Double(60 - first / 8 * 8))
      #expect(stopping.recorder.ledger.chunks.joined().elementsEqual(0..<(first / 8 * 8)))
    }
  }

  @Test("what fails only once is done at the second attempt, and costs the attempt")
  func transientFailures() async throws {
    let faults = FaultSettings(
      onFailure: FailureSettings(attempts: 2, backoffSeconds: 4),
      items: [ItemFaults(probability: 1, isTransient: true)])
    let outcome = try await record(scenario(faults))
    #expect(outcome.metrics[.failedItems] == 0)
    #expect(outcome.metrics[.makespan] == 60)
  }

  @Test("a failing call of processChunk takes its time and is made again")
  func failingChunks() async throws {
    let faults = FaultSettings(
      onFailure: FailureSettings(attempts: 1000, backoffSeconds: 0), chunkProbability: 0.5)
    let outcome = try await record(scenario(faults, count: 300, cap: 3, process: 1))
    #expect(outcome.recorder.ledger.chunks.joined().elementsEqual(0..<300))
    // 300 s of handling, and twice 300 s of processing on average: 4 deviations of sqrt(2 * 100) * 3.
    let makespan = try #require(outcome.metrics[.makespan])
    #expect(abs(makespan - 900) < 170)
  }

  @Test("a sync is asked to stop when its time has come, and finishes its chunk")
  func cancellation() async throws {
    let outcome = try await record(scenario(FaultSettings(cancelAtSeconds: 4.5)))
    #expect(outcome.recorder.ledger.chunks == [[0, 1, 2], [3, 4]])
    #expect(outcome.metrics[.unfinishedItems] == 5)
    #expect(outcome.chunks.last?.record.closeReason == .cancelled)
  }

  @Test("some items take longer, and nobody else's cost moves")
  func slowItems() throws {
    var plain = scenario(FaultSettings(), count: 1000)
    plain.faults = nil
    let slow = [SlowItems(costClass: "item", probability: 0.1, slowdown: 7)]
    let usual = try Workload(plain)
    let slowed = try Workload(scenario(FaultSettings(slow: slow), count: 1000))
    let hit = (0..<1000).filter { usual.handle($0) != slowed.handle($0) }
    #expect(hit.count > 60 && hit.count < 140)
    #expect(hit.allSatisfy { slowed.handle($0) == 7 * usual.handle($0) })
  }

  @Test("faults are drawn from streams of their own: they move no cost and no other fault")
  func ownStreams() throws {
    var plain = Scenario.drawn(seed: 11)
    plain.faults = nil
    var faulty = plain
    faulty.faults = FaultSettings(
      items: [ItemFaults(probability: 0.5)], crashes: CrashSettings(meanGapSeconds: 1))
    #expect(try Workload(plain) == Workload(faulty))
    let seeds = StreamSeeds(seed: 3, replication: 1)
    let workload = try Workload(scenario(FaultSettings(), count: 200))
    let one = FaultPlan(FaultSettings(items: [ItemFaults(probability: 0.2)]), workload, seeds)
    let two = FaultPlan(
      FaultSettings(items: [
        ItemFaults(probability: 0.2), ItemFaults(probability: 0.2, phase: .process),
      ]),
      workload, seeds)
    for item in 0..<200 {
      #expect(one[item].contains(.handling) == two[item].contains(.handling))
    }
  }

  @Test("every scheduler meets the same failing items and the same crashes")
  func commonFaults() async throws {
    let faults = FaultSettings(
      onFailure: FailureSettings(maximumErrors: 500), items: [ItemFaults(probability: 0.1)],
      crashes: CrashSettings(atSeconds: [40, 90]))
    var failed: [Set<Int>] = []
    for kind in ["deadline", "fixed", "moving-average", "oracle"] {
      let outcome = try await record(
        scenario(
          faults, count: 200, cap: nil, chunkTime: 10, schedulers: [SchedulerSettings(kind)]))
      failed.append(Set(outcome.recorder.witness.account.lost))
      #expect(outcome.metrics[.restarts] == 2, "\(kind)")
    }
    #expect(Set(failed).count == 1)
  }

  @Test("no fault without a key: faults that do nothing change nothing")
  func emptyFaults() async throws {
    let plain = try await record(scenario(FaultSettings()))
    var without = scenario(FaultSettings())
    without.faults = nil
    let same = try await record(without)
    #expect(plain.chunks == same.chunks)
  }
}
