import Syncer
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Processes that share a sync, worked out by hand.
struct FleetTests {
  /// Twenty items of a second in chunks of three, shared by processes.
  private func scenario(
    workers: Int, ranges: Int, faults: FaultSettings? = nil, count: Int = 20,
    chunkTime: Double? = nil
  ) -> Scenario {
    var sync = SyncSettings(chunkTimeSeconds: chunkTime, chunkCap: chunkTime == nil ? 3 : nil)
    (sync.workers, sync.ranges) = (workers, ranges)
    var scenario = Scenario.constant([(count, 1)], sync: sync)
    scenario.faults = faults
    return scenario
  }

  private func run(
    _ scenario: Scenario
  ) async throws -> (chunks: [SimulatedChunk], metrics: RunMetrics, processed: [[Int]]) {
    var chunks: [SimulatedChunk] = []
    let recorder = RunRecorder()
    let metrics = try await Simulation(scenario).run(
      scenario.schedulers[0], recorder: recorder, onChunk: { chunks.append($0) })
    return (chunks, metrics, recorder.ledger.chunks)
  }

  @Test("ranges are about equal, none is empty, and together they are all keys", arguments: 1...12)
  func split(count: Int) {
    for keyCount in 0...40 {
      let keys = Array(0..<keyCount)
      let ranges = KeyRange.split(keys, into: count)
      #expect(ranges.flatMap { $0 } == keys, "\(keyCount) into \(count)")
      let sizes = ranges.map(\.count)
      #expect(sizes.count == min(count, keyCount))
      #expect((sizes.max() ?? 1) - (sizes.min() ?? 1) <= 1 && sizes.min() != 0)
    }
  }

  @Test("whoever is free takes the next range")
  func sharing() async throws {
    let outcome = try await run(scenario(workers: 2, ranges: 4))
    #expect(outcome.chunks.map(\.record.number) == Array(1...8))
    #expect(outcome.chunks.map(\.worker) == [1, 2, 1, 2, 1, 2, 1, 2])
    #expect(
      outcome.chunks.map(\.record.start) == [0, 0, 3, 3, 5, 5, 8, 8].map { .seconds($0) })
    #expect(outcome.metrics[.makespan] == 10)
    #expect(outcome.metrics[.parallelEfficiency] == 1)
    // Four chunks of three seconds and four of two, half of each at risk, over ten seconds.
    #expect(outcome.metrics[.uncommitted] == Double(4 * 9 + 4 * 4) / 2 / 10)
    #expect(outcome.metrics[.takeovers] == 0 && outcome.metrics[.restarts] == nil)
  }

  @Test("where items fail, what a fleet wastes is held against no item that is not finished")
  func failing() throws {
    var scenario = scenario(workers: 2, ranges: 2, chunkTime: 4)
    let long = WorkloadPhase(count: 1, classes: [ItemClass(name: "long", handle: .constant(1500))])
    let short = WorkloadPhase(count: 20, classes: [ItemClass(name: "short", handle: .constant(1))])
    scenario.workload.source = .phases([short, long])
    let whole = try #require(try bound(of: scenario))
    #expect(whole.waste(items: 21, of: 21) > 100)
    scenario.faults = FaultSettings(
      onFailure: FailureSettings(maximumErrors: 9),
      items: [ItemFaults(costClass: "long", probability: 1)])
    let failing = try #require(try bound(of: scenario))
    #expect(failing.waste(items: 21, of: 21) == 1)
  }

  private func bound(of scenario: Scenario) throws -> WasteBound? {
    let simulation = try Simulation(scenario)
    return try WasteBound(simulation, try simulation.exactPlan(), reached: 1000)
  }

  @Test("another process goes on with the range of a dead one, after its last whole chunk")
  func takeover() async throws {
    let faults = FaultSettings(crashes: CrashSettings(atSeconds: [4.5]), restartSeconds: 100)
    let outcome = try await run(scenario(workers: 2, ranges: 2, faults: faults))
    #expect(outcome.processed.sorted { $0[0] < $1[0] }.prefix(2) == [[0, 1, 2], [3, 4, 5]])
    #expect(outcome.processed.flatMap { $0 }.sorted() == Array(0..<20))
    #expect(outcome.chunks.filter { $0.worker == 1 }.count == 1)
    // The second process has its own ten items until 10 s, and then seven of the first one's.
    #expect(outcome.metrics[.makespan] == 17)
    #expect(outcome.metrics[.lost] == 1.5)
    #expect(outcome.metrics[.takeovers] == 1 && outcome.metrics[.restarts] == 1)
  }

  @Test("a process that is back before anybody is free goes on itself, and known moments go round")
  func back() async throws {
    let faults = FaultSettings(
      crashes: CrashSettings(atSeconds: [4.5, 7.25, 100]), restartSeconds: 1)
    let outcome = try await run(scenario(workers: 2, ranges: 2, faults: faults))
    #expect(outcome.metrics[.restarts] == 2)
    // The first process loses 1.5 s, the second 1.25 s.
    #expect(outcome.metrics[.lost] == 2.75)
    #expect(outcome.metrics[.makespan] == 12.5)
    #expect(outcome.chunks.count == 8)
  }

  @Test("a process that has nothing to do waits, may die and is asked to stop as others are")
  func waiting() async throws {
    // The second process has no range until the first dies.
    let crash = FaultSettings(crashes: CrashSettings(atSeconds: [4, 2]), restartSeconds: 3)
    let outcome = try await run(scenario(workers: 2, ranges: 1, faults: crash))
    #expect(outcome.metrics[.restarts] == 2)
    #expect(outcome.chunks.map(\.worker) == [1, 2, 2, 2, 2, 2, 2])
    #expect(outcome.metrics[.makespan] == 22)
    let cancel = FaultSettings(cancelAtSeconds: 4.5)
    let stopped = try await run(scenario(workers: 2, ranges: 1, faults: cancel))
    #expect(stopped.metrics[.unfinishedItems] == 15)
    #expect(stopped.chunks.allSatisfy { $0.worker == 1 })
  }

  @Test("an item that stops a sync stops every process that meets it, and no other")
  func poison() async throws {
    var poisoned = scenario(workers: 3, ranges: 4, faults: FaultSettings())
    poisoned.faults?.items = [ItemFaults(probability: 0.1)]
    poisoned.seed = 3
    let outcome = try await run(poisoned)
    let left = Int(try #require(outcome.metrics[.unfinishedItems]))
    #expect(left > 0)
    #expect(outcome.processed.joined().count + left == 20)
    poisoned.faults?.onFailure = FailureSettings(maximumErrors: 20)
    let isolated = try await run(poisoned)
    #expect(isolated.metrics[.unfinishedItems] == 0)
    #expect(isolated.metrics[.failedItems] ?? 0 > 0)
  }

  @Test("one to a thousand processes do every item once, in the time their number allows")
  func sizes() async throws {
    var before = Double.infinity
    for workers in [1, 2, 5, 20, 100, 1000] {
      let faults = FaultSettings(crashes: CrashSettings(meanGapSeconds: 1000), restartSeconds: 5)
      let outcome = try await run(
        scenario(workers: workers, ranges: 8 * workers, faults: faults, count: 4000, chunkTime: 10))
      #expect(outcome.processed.joined().sorted() == Array(0..<4000), "\(workers) processes")
      let makespan = try #require(outcome.metrics[.makespan])
      #expect(makespan >= 4000 / Double(workers) && makespan < before, "\(workers) processes")
      before = makespan
    }
  }

  @Test("processes learn from range to range, each for itself")
  func learning() async throws {
    let shared = try await run(scenario(workers: 3, ranges: 30, count: 3000, chunkTime: 10))
    let first = shared.chunks.filter { $0.record.start == .zero }
    #expect(first.count == 3 && Set(first.map(\.record.size)).count == 1)
    #expect(shared.chunks.filter { $0.record.size == 1 }.count <= 6)
  }
}
