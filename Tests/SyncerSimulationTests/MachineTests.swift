import Syncer
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// What a simulated machine does with a chunk, computed by hand.
struct MachineTests {
  /// One chunk of items that take 3, 1, 2 and 2 seconds in `processChunk`.
  private func scenario(workers: Int, chunkTime: Double? = nil) -> Scenario {
    let phases = [3.0, 1, 2, 2].map { seconds in
      WorkloadPhase(
        count: 1, classes: [ItemClass(name: "job \(seconds)", process: .constant(seconds))])
    }
    return Scenario(
      name: "router", sync: SyncSettings(chunkTimeSeconds: chunkTime),
      workload: WorkloadSettings(source: .phases(phases), workers: workers))
  }

  @Test("seconds become the nearest nanosecond, halves the higher one, without a call of rounded()")
  func rounding() {
    for seconds in [0, -1, .nan, 0.5e-9, 1.5e-9, 2.5e-9, 0.49999999999999994e-9, 1e300, .infinity] {
      #expect(Nanoseconds.rounding(seconds) == Self.rounded(seconds), "\(seconds) s")
    }
    var generator = SplitMix64(seed: 7)
    for _ in 0..<20_000 {
      let seconds = Double(generator.next() >> 12) / [1, 1e3, 1e9, 1e13][generator.next(below: 4)]
      #expect(Nanoseconds.rounding(seconds) == Self.rounded(seconds), "\(seconds) s")
    }
  }

  private static func rounded(_ seconds: Double) -> Int64 {
    let limit = 3_155_760_000.0
    return seconds > 0 ? Int64((min(seconds, limit) * 1e9).rounded()) : 0
  }

  @Test(
    "a chunk takes until the last worker is done; each job goes to the worker free first",
    arguments: [(1, 8), (2, 5), (3, 3), (100, 3)])
  func makespan(workers: Int, seconds: Double) async throws {
    let chunks = try await Simulation(scenario(workers: workers)).chunks(.standard)
    #expect(chunks.map(\.durationSeconds) == [seconds])
    #expect(chunks.map(\.longestItemSeconds) == [3])
  }

  @Test("a router reports each job's own time; a single worker reports nothing")
  func completions() async throws {
    let fixed = SchedulerSettings("fixed", ["size": 10])
    let router = try await Simulation(scenario(workers: 2, chunkTime: 60)).chunks(fixed)
    let reported = try #require(router.first).record.classes
    #expect(reported.map(\.costClass) == ["job 3.0", "job 1.0", "job 2.0"])
    #expect(reported.map(\.completions.count) == [1, 1, 2])
    #expect(reported.map(\.completions.seconds) == [3, 1, 4])
    let single = try await Simulation(scenario(workers: 1, chunkTime: 60)).chunks(fixed)
    #expect(single.flatMap(\.record.classes).allSatisfy { $0.completions.count == 0 })
  }

  @Test("a load slows all workers alike")
  func loadedWorkers() async throws {
    var loaded = scenario(workers: 2)
    loaded.load.windows = [LoadWindow(fromSeconds: 1, toSeconds: 3, slowdown: 2)]
    let chunk = try #require(try await Simulation(loaded).chunks(.standard).first)
    // Five seconds of makespan, of which one is spent in the two slow ones.
    #expect(chunk.durationSeconds == 6)
    // The job of three seconds ends at 4; nine seconds of jobs in all on an idle machine: eight.
    #expect(chunk.longestItemSeconds == 4)
    #expect(chunk.loadFactor == (4 + 1 + 3 + 2) / 8.0)
  }

  @Test("every chunk pays the overhead once, before its items")
  func overhead() async throws {
    let scenario = Scenario.constant(
      [(5, 0.25)], sync: SyncSettings(chunkTimeSeconds: 1), overhead: 0.5)
    let chunks = try await Simulation(scenario).chunks(SchedulerSettings("fixed", ["size": 2]))
    #expect(chunks.map(\.durationSeconds) == [1, 1, 0.75])
    #expect(chunks.map(\.overheadSeconds) == [0.5, 0.5, 0.5])
    #expect(
      chunks.map(\.record.processing) == [
        .milliseconds(500), .milliseconds(500), .milliseconds(500),
      ])
    #expect(chunks.map(\.record.start) == [.zero, .seconds(1), .seconds(2)])
  }

  @Test("a random overhead is the same for every scheduler, chunk by chunk")
  func commonOverheads() async throws {
    var scenario = Scenario.constant([(12, 0.25)], sync: SyncSettings(chunkTimeSeconds: 1))
    scenario.workload.chunkOverhead = .exponential(mean: 1)
    let simulation = try Simulation(scenario)
    let pairs = try await simulation.chunks(SchedulerSettings("fixed", ["size": 2]))
    let triples = try await simulation.chunks(SchedulerSettings("fixed", ["size": 3]))
    #expect(pairs.prefix(4).map(\.overheadSeconds) == triples.map(\.overheadSeconds))
    #expect(Set(pairs.map(\.overheadSeconds)).count == 6)
  }

  @Test("limit and cap are those of the sync")
  func bounds() async throws {
    let sync = SyncSettings(chunkTimeSeconds: 100, itemLimit: 7, chunkCap: 3)
    let chunks = try await Simulation(.constant([(10, 1)], sync: sync)).chunks(
      SchedulerSettings("fixed", ["size": 100]))
    #expect(chunks.map(\.record.size) == [3, 3, 1])
    #expect(chunks.map(\.record.closeReason) == [.cap, .cap, .end])
    let untimed = SyncSettings(chunkCap: 4)
    let counted = try await Simulation(.constant([(10, 1)], sync: untimed)).chunks(.standard)
    #expect(counted.map(\.record.size) == [4, 4, 2])
    #expect(counted.map(\.floorSeconds) == [nil, nil, nil])
  }

  @Test("the load factor of a chunk is the time it took over the time on an idle machine")
  func loadFactor() async throws {
    let window = LoadWindow(fromSeconds: 2, toSeconds: 1000, slowdown: 3)
    let scenario = Scenario.constant(
      [(4, 1)], sync: SyncSettings(chunkTimeSeconds: 2), load: LoadSettings(windows: [window]))
    let chunks = try await Simulation(scenario).chunks(SchedulerSettings("fixed", ["size": 2]))
    #expect(chunks.map(\.loadFactor) == [1, 3])
    #expect(chunks.map(\.durationSeconds) == [2, 6])
    #expect(chunks.map(\.longestItemSeconds) == [1, 3])
    #expect(chunks.map(\.floorSeconds) == [2, 3])
  }

  @Test("every scheduler gets the same items in the same order; another replication another")
  func commonOrder() async throws {
    var scenario = Scenario.single(
      [ItemClass(name: "x", handle: .exponential(mean: 1))], count: 30)
    scenario.sync = SyncSettings(chunkTimeSeconds: 1, isShuffled: true)
    let one = SchedulerSettings("fixed", ["size": 1])
    func costs(replication: Int) async throws -> [Double] {
      let chunks = try await Simulation(scenario, replication: replication).chunks(one)
      return chunks.map(\.durationSeconds)
    }
    let first = try await costs(replication: 1)
    let again = try await costs(replication: 1)
    let second = try await costs(replication: 2)
    let drawn = try Workload(scenario).handleNanoseconds.map { Double($0) / 1e9 }
    #expect(first == again)
    #expect(first != second)
    #expect(first != drawn)
    #expect(first.sorted() == drawn.sorted())
  }

  @Test("the virtual clock moves when told, and sleeping on it takes no time")
  func virtualClock() async throws {
    let clock = VirtualClock()
    let start = clock.now
    clock.advance(by: .milliseconds(1500))
    try await clock.sleep(until: start.advanced(by: .seconds(100)), tolerance: nil)
    #expect(start.duration(to: clock.now) == .seconds(100))
    try await clock.sleep(until: start, tolerance: nil)
    #expect(start.duration(to: clock.now) == .seconds(100), "a moment passed needs no sleep")
    #expect(start < clock.now)
  }
}
