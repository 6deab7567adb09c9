import Syncer
import SyncerTesting
import SyncerSimulation
import Testing

/// How near chunks come to their target, worked out by hand.
@Suite struct WasteTests {
  private static func run(
    _ scenario: Scenario, chunksOf size: Int
  ) async throws -> RunMetrics {
    try await Simulation(scenario).run(SchedulerSettings("fixed", ["size": Double(size)]))
  }

  /// 12 items of a second in handlers, at a target of 3 s.
  private static func twelve(overhead: Double = 0) -> Scenario {
    .constant([(12, 1)], sync: SyncSettings(chunkTimeSeconds: 3), overhead: overhead)
  }

  @Test("without overhead, chunks of exactly the target are 1, and twice or half are 1.25")
  func symmetric() async throws {
    let target = try await Self.run(Self.twelve(), chunksOf: 3)
    #expect(target[.waste] == 1)
    #expect(target[.nearTargetShare] == 1)
    // Two chunks of 6 s: (2 x 9 + 2 x 36) / (2 x 3 x 12).
    #expect(try await Self.run(Self.twelve(), chunksOf: 6)[.waste] == 1.25)
    // Half a target, 1.5 s, is twelve items of 0.5 s in threes: (4 x 9 + 4 x 2.25) / (6 x 6).
    let halves = Scenario.constant([(12, 0.5)], sync: SyncSettings(chunkTimeSeconds: 3))
    #expect(try await Self.run(halves, chunksOf: 3)[.waste] == 1.25)
    #expect(try await Self.run(halves, chunksOf: 3)[.nearTargetShare] == 0)
  }

  @Test("with an overhead up to half the target, waste is 1 + the squared miss")
  func overhead() async throws {
    // Chunks of 2 + 1 s are exact; of 4 + 1 s they miss by 2: 1 + 3 x 4 / (2 x 3 x 12).
    #expect(try await Self.run(Self.twelve(overhead: 1), chunksOf: 2)[.waste] == 1)
    let long = try await Self.run(Self.twelve(overhead: 1), chunksOf: 4)
    #expect(try #require(long[.waste]) == 1 + 12 / 72.0)
    // U has no overhead in it, nor has the floor: 12 x 1² / (2 x 3 x 12).
    #expect(long[.wasteFloor] == 12 / 72.0)
  }

  @Test("with an overhead above half the target the best chunk is twice the overhead")
  func overheadAboveTarget() async throws {
    // o = 3, T = 3: n of 3 + size s; at size 3 each is 6 s: 4 x 36 / 72 = 2 = 2 o / T.
    #expect(try await Self.run(Self.twelve(overhead: 3), chunksOf: 3)[.waste] == 2)
    for size in [1, 2, 4, 6, 12] {
      let waste = try #require(
        try await Self.run(Self.twelve(overhead: 3), chunksOf: size)[.waste])
      #expect(waste > 2, "chunks of \(size)")
    }
  }

  @Test("what w workers process counts 1/w, so that idle workers show")
  func workers() async throws {
    var scenario = Scenario.single(
      [ItemClass(name: "job", process: .constant(2))], count: 8, workers: 4)
    scenario.sync.chunkTimeSeconds = 2
    // Four at once are 2 s for 8 s of work: U is 4 s.
    let full = try await Self.run(scenario, chunksOf: 4)
    #expect(full[.waste] == 1)
    #expect(full[.utilisation] == 1)
    // One at a time is 2 s for 2 s of work: 8 chunks at c = 4 and d² = 4, over 2 x 2 x 4.
    let idle = try await Self.run(scenario, chunksOf: 1)
    #expect(idle[.waste] == 4)
    #expect(idle[.utilisation] == 0.25)
    #expect(idle[.nearTargetShare] == 1)
    // No chunk is shorter than its longest item or a quarter of the sum: 8 x 2 x 0.5 / 16.
    #expect(idle[.wasteFloor] == 0.5)
    #expect(full[.wasteFloor] == 0.5)
  }

  @Test("the work is as it was spent under load, and the overhead of a processing phase is idle")
  func load() async throws {
    var scenario = Scenario.single([ItemClass(name: "job", process: .constant(1))], count: 4)
    scenario.sync.chunkTimeSeconds = 4
    scenario.workload.chunkOverhead = .constant(1)
    scenario.load.windows = [LoadWindow(fromSeconds: 0, toSeconds: 6, slowdown: 2)]
    // 2 + 4 s under load, then 1 + 2 s: o is 1.5, U 6, c 16 - 12 = 4.
    let metrics = try await Self.run(scenario, chunksOf: 2)
    #expect(metrics[.makespan] == 9)
    #expect(metrics[.waste] == 53 / 48.0, "(2 x 4 + 36 + 9) / (2 x 4 x 6)")
    #expect(metrics[.wasteFloor] == 10 / 48.0, "(4 + 4 + 1 + 1) / (2 x 4 x 6)")
    #expect(metrics[.utilisation] == 6 / 9.0)
  }

  @Test("a chunk is near its target within 20 % of its floor, on both sides")
  func near() async throws {
    // Chunks of 1.2, 0.8, 1.21 and 3 s at a target of 1 s; the last is a single item.
    let scenario = Scenario.constant(
      [(1, 0.7), (1, 0.5), (2, 0.4), (1, 0.71), (1, 0.5), (1, 2.5), (1, 0.5)],
      sync: SyncSettings(chunkTimeSeconds: 1))
    let metrics = try await Self.run(scenario, chunksOf: 2)
    // 1.2, 0.8, 1.21, 3.0 with a longest item of 2.5: 3 / 2.5 = 1.2 is near.
    let share = try #require(metrics[.nearTargetShare])
    #expect(abs(share - 5 / 6.21) < 1e-12)
  }

  @Test("a report tells waste and nearness, with an overhead given or seen in it")
  func report() async throws {
    let clock = VirtualClock()
    // Chunks of 4 and, at the end, 2 items of a second each, and 2 s for committing.
    let handler = ClosureSyncHandler<Int, Int, Int, Int>(
      handle: { $0.key }, processChunk: { clock.advance(by: .seconds(2 + $0.outputs.count)) })
    let syncer = Syncer(
      differ: Differ(left: ArrayResource(Array(0..<10)), right: ArrayResource([])),
      handler: handler, scheduler: FixedScheduler(size: 4), order: .listed, clock: clock)
    let report = try await syncer.chunkedSync(chunkTime: .seconds(4))
    let free = RunMetrics(report, overheadSeconds: 0)
    // Durations 6, 6, 4: (3 x 16 + 36 + 36 + 16) / (2 x 4 x 16).
    #expect(free[.waste] == 136 / 128.0)
    #expect(free[.nearTargetShare] == 4 / 16.0)
    #expect(free[.overheadShare] == 0)
    // With o = 2: c = 0, U = 10: 88 / 80.
    #expect(RunMetrics(report, overheadSeconds: 2)[.waste] == 1.1)
    let seen = try #require(RunMetrics(report)[.waste])
    #expect(abs(seen - 1.1) < 1e-9, "a line through the chunks finds the overhead")
    #expect(free[.wasteFloor] == nil && free[.utilisation] == nil && free[.wasteVsOptimal] == nil)
  }

  @Test("overshoot below 1 is no merit, and the worst is what is furthest from the best")
  func directions() throws {
    func outcome(_ was: Double, _ now: Double, _ metric: Metric) -> Deviation.Verdict {
      Deviation(scheduler: "s", metric: metric, was: was, now: now, tolerance: 0.01).verdict
    }
    #expect(outcome(0.768, 0.813, .overshoot) == .same)
    #expect(outcome(0.768, 1.2, .overshoot) == .worse)
    #expect(outcome(1.2, 0.1, .overshootAboveFloor) == .better)
    #expect(outcome(0.5, 0.6, .nearTargetShare) == .better)
    #expect(outcome(0.5, 0.4, .utilisation) == .worse)
    #expect(outcome(1.1, 1.0, .wasteVsOptimal) == .better)
    let shares = [0.5, 0.2, 0.9].map { share in
      RunResult(
        scenario: "s", scheduler: "a", seed: 1, replication: 1,
        metrics: RunMetrics([.nearTargetShare: share]))
    }
    #expect(MetricStatistics.all(shares).first?.worst == 0.2)
  }

  @Test(
    "a tolerance is relative to the baseline, not to the larger of both values",
    arguments: [(0.5, 1.5, 1.51), (0.9, 1.9, 1.91), (1, 2, 2.01)])
  func tolerance(tolerance: Double, allowed: Double, tooMuch: Double) {
    func verdict(_ was: Double, _ now: Double) -> Deviation.Verdict {
      Deviation(scheduler: "s", metric: .makespan, was: was, now: now, tolerance: tolerance).verdict
    }
    #expect(verdict(1, allowed) == .same)
    #expect(verdict(1, tooMuch) == .worse)
    #expect(verdict(0, 1e-6) == .worse, "from 0 every change is one")
    #expect(verdict(0, 0) == .same)
  }
}
