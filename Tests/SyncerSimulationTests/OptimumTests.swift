import Syncer
import SyncerSimulation
import Testing

/// The optimum is one: no division of the items wastes less, and no scheduler does.
@Suite struct OptimumTests {
  /// A scenario without overhead that follows from its seed alone.
  static func scenario(seed: UInt64) -> Scenario {
    var random = SplitMix64(seed: seed)
    let means = [0.01, 0.2, 1, 3, 8]
    func cost() -> Distribution {
      let mean = means[random.next(below: means.count)]
      switch random.next(below: 4) {
      case 0: return .constant(mean)
      case 1: return .exponential(mean: mean)
      case 2: return .lognormal(mean: mean, cv: 1)
      default:
        return .mix([.init(weight: 9, of: .constant(mean)), .init(weight: 1, of: .constant(5))])
      }
    }
    let phases = (0...random.next(below: 3)).map { phase in
      var itemClass = ItemClass(name: "class \(phase)")
      if random.next(below: 2) == 0 { itemClass.handle = cost() }
      if random.next(below: 2) == 0 { itemClass.process = cost() }
      return WorkloadPhase(count: 20 + random.next(below: 80), classes: [itemClass])
    }
    var scenario = Scenario(
      name: "random-\(seed)", seed: seed,
      sync: SyncSettings(
        chunkTimeSeconds: Double(1 + random.next(below: 10)),
        chunkCap: random.next(below: 3) == 0 ? 1 + random.next(below: 20) : nil,
        isShuffled: random.next(below: 2) == 0),
      workload: WorkloadSettings(source: .phases(phases), workers: 1 + random.next(below: 3)))
    if random.next(below: 2) == 0 {
      scenario.load.arrivals = LoadArrivals(
        meanGapSeconds: 20, durationSeconds: 10, slowdown: Double(1 + random.next(below: 9)))
    }
    return scenario
  }

  /// The same with everything that makes a chunk's beginning depend on the chunks before.
  static func harder(seed: UInt64) -> Scenario {
    var scenario = scenario(seed: seed)
    switch seed % 4 {
    case 0: scenario.workload.chunkOverhead = .constant(0.4)
    case 1: scenario.workload.chunkOverhead = .exponential(mean: 0.5)
    case 2: scenario.workload.chunkOverhead = .constant(9)
    default: break
    }
    if seed % 3 == 0 {
      scenario.load.windows = [
        LoadWindow(fromSeconds: 5, toSeconds: 9, slowdown: 7, everySeconds: 20)
      ]
    }
    return scenario
  }

  @Test("no scheduler wastes less than the optimum", arguments: 0..<120 as Range<UInt64>)
  func nobodyIsBelow(seed: UInt64) async throws {
    var scenario = Self.harder(seed: seed)
    scenario.schedulers = SchedulerKind.all.map { SchedulerSettings($0.name) }
    for result in try await Experiment(scenario).run() {
      // Where nothing costs anything there is no waste.
      guard let ratio = result.metrics[.wasteVsOptimal] else { continue }
      #expect(
        ratio >= 1 - 1e-9, "OptimumTests.harder(seed: \(seed)), \(result.scheduler): \(ratio)")
    }
  }

  @Test("with the same overhead, the scheduler reaches what it is measured by")
  func isReached() async throws {
    for seed in 0..<60 as Range<UInt64> {
      var scenario = Self.scenario(seed: seed)
      if seed % 2 == 1 {
        scenario.workload.workers = 1
      } else {
        scenario.load = LoadSettings()
        scenario.sync.handlersAtOnce = 1 + Int(seed / 2) % 4
        scenario.workload.chunkOverhead = .constant(seed % 4 == 0 ? 0.3 : 30)
      }
      scenario.schedulers = [SchedulerSettings("optimal")]
      let metrics = try await Experiment(scenario).run()[0].metrics
      guard let ratio = metrics[.wasteVsOptimal] else { continue }
      #expect(abs(ratio - 1) < 1e-4, "OptimumTests.scenario(seed: \(seed)): \(ratio)")
    }
  }

  /// The least waste of all 2^(n - 1) divisions, each run by the machine.
  private static func least(_ scenario: Scenario, count: Int) async throws -> Double {
    let simulation = try Simulation(scenario)
    var least = Double.infinity
    for cuts in 0..<(1 << (count - 1)) {
      let metrics = try await simulation.run(scheduler: Divided(cuts: cuts))
      least = min(least, try #require(metrics[.waste]))
    }
    return least
  }

  /// Closes a chunk after the items whose bits are set.
  private struct Divided: ChunkScheduler {
    let cuts: Int

    func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void) -> Admission {
      cuts & (1 << (chunk.start.rank + chunk.count - 1)) == 0 ? .take : .close
    }
  }

  @Test("it is the least of all divisions, tried out", arguments: 0..<32 as Range<UInt64>)
  func exhaustive(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    var scenario = Scenario.constant([], sync: SyncSettings(chunkTimeSeconds: 2))
    scenario.workload.source = .phases(
      (0..<8).map { _ in
        let cost = Distribution.constant(0.1 * Double(1 + random.next(below: 30)))
        let item =
          seed % 2 == 0
          ? ItemClass(name: "item", handle: cost) : ItemClass(name: "item", process: cost)
        return WorkloadPhase(count: 1, classes: [item])
      })
    scenario.workload.chunkOverhead = .constant([0, 0.5, 1.5, 0.2][Int(seed % 4)])
    scenario.sync.chunkCap = seed % 5 == 0 ? 3 : nil
    scenario.workload.workers = seed >= 12 ? 1 + Int(seed % 3) : 1
    scenario.sync.handlersAtOnce = seed >= 16 ? 1 + Int(seed / 4) % 3 : 1
    if (8..<12).contains(seed) {
      scenario.load.windows = [LoadWindow(fromSeconds: 2, toSeconds: 4, slowdown: 3)]
    }
    let least = try await Self.least(scenario, count: 8)
    scenario.schedulers = [SchedulerSettings("optimal")]
    let metrics = try await Experiment(scenario).run()[0].metrics
    let (waste, ratio) = (try #require(metrics[.waste]), try #require(metrics[.wasteVsOptimal]))
    #expect(waste / ratio <= least * (1 + 1e-9), "the bound is none, seed \(seed)")
    let isExact = scenario.load.windows.isEmpty || scenario.workload.chunkOverhead == .constant(0)
    #expect(waste <= least * (isExact ? 1 + 1e-9 : 1.05), "seed \(seed)")
    if isExact { #expect(abs(ratio - 1) < 1e-6, "seed \(seed)") }
  }

  @Test(
    "its makespan is that of the scheduler, to the digit, whatever cuts its chunks",
    arguments: 0..<80 as Range<UInt64>)
  func makespan(seed: UInt64) async throws {
    var scenario = Self.harder(seed: seed)
    if seed % 3 != 0 { scenario.load = LoadSettings() }
    switch seed % 7 {
    case 0: scenario.sync.maximumDurationSeconds = 20
    case 1: scenario.workload.largestChunk = [.init(.bytes, atMost: 5000)]
    case 2: scenario.sync.weightCaps = [.init(.bytes, atMost: 5000)]
    case 3: scenario.sync.openChunks = 2
    case 4: scenario.sync.itemLimit = 30
    default: break
    }
    if case .phases(var phases) = scenario.workload.source {
      for phase in phases.indices {
        phases[phase].classes[0].weights = [WeightSettings(.bytes, mean: 1000, variation: 0.5)]
      }
      scenario.workload.source = .phases(phases)
    }
    scenario.schedulers = [SchedulerSettings("optimal")]
    let metrics = try await Experiment(scenario).run()[0].metrics
    guard metrics[.makespan] != 0 else { return }
    #expect(metrics[.makespanVsOracle] == 1, "OptimumTests.harder(seed: \(seed))")
  }

  @Test("no two neighbours of an optimum would be better as one, and no cap helps")
  func neighbours() async throws {
    for seed in 0..<40 as Range<UInt64> {
      var scenario = Self.scenario(seed: seed)
      scenario.load = LoadSettings()
      scenario.workload.workers = 1
      scenario.sync.chunkCap = nil
      let overhead = [0, 0.2, 1, 20][Int(seed % 4)]
      scenario.workload.chunkOverhead = .constant(overhead)
      let target = try #require(scenario.sync.chunkTimeSeconds)
      let chunks = try await Simulation(scenario).chunks(SchedulerSettings("optimal"))
      let constant = max(0, target * target - 2 * target * overhead)
      for (one, next) in zip(chunks, chunks.dropFirst()) {
        #expect(
          2 * one.workSeconds * next.workSeconds
            >= (constant + overhead * overhead) * (1 - 1e-9), "seed \(seed)")
      }
      let free = try await Simulation(scenario).run(SchedulerSettings("optimal"))
      guard var last = free[.waste] else { continue }
      for cap in [64, 16, 4, 1] {
        scenario.sync.chunkCap = cap
        let metrics = try await Simulation(scenario).run(SchedulerSettings("optimal"))
        let waste = try #require(metrics[.waste])
        #expect(waste >= last * (1 - 1e-9), "seed \(seed), cap \(cap)")
        last = waste
      }
    }
  }

  @Test("informed knows every class from the start: nothing is left to learn, and it wins nothing")
  func informed() async throws {
    for workers in [1, 3] {
      var scenario = Self.scenario(seed: 1)
      scenario.load = LoadSettings()
      scenario.sync = SyncSettings(chunkTimeSeconds: 10, order: .shuffled)
      scenario.workload = WorkloadSettings(
        source: .phases([
          WorkloadPhase(
            count: 4000,
            classes: (1...8).map {
              ItemClass(name: "\($0)", process: .constant(0.01 * Double($0 * $0)))
            })
        ]), chunkOverhead: .constant(0.5), workers: workers)
      scenario.schedulers = ["informed", "deadline", "optimal"].map { SchedulerSettings($0) }
      let results = try await Experiment(scenario).run()
      let wastes = try results.map { try #require($0.metrics[.wasteVsOptimal]) }
      #expect(results.map(\.isBound) == [true, false, true])
      #expect(wastes[0] < 1.02, "\(workers) workers: constant costs, known from the first chunk")
      #expect(wastes[1] > wastes[0], "\(workers) workers: learning has a price")
      let chunks = try await Simulation(scenario).chunks(SchedulerSettings("informed"))
      #expect(abs(chunks[0].durationSeconds - 10) < 0.5, "the first chunk is a full one")
    }
  }

  @Test("with items handled at once, no plan is better than the best by hand", arguments: 2...3)
  func handledAtOnce(handlersAtOnce: Int) async throws {
    var scenario = Scenario.constant(
      [(4, 4), (2, 10), (4, 1)], sync: SyncSettings(chunkTimeSeconds: 8), overhead: 0.25)
    scenario.sync.handlersAtOnce = handlersAtOnce
    let least = try await Self.least(scenario, count: 10)
    let run = try await Simulation(scenario).run(SchedulerSettings("optimal"))
    #expect(try #require(run[.waste]) <= least * (1 + 1e-9))
  }

  @Test("the old name is understood, stays a label, and wins nothing")
  func alias() async throws {
    #expect(SchedulerSettings("oracle").label == "oracle")
    var scenario = Self.scenario(seed: 1)
    scenario.schedulers = ["oracle", "optimal", "fixed"].map { SchedulerSettings($0) }
    let results = try await Experiment(scenario).run()
    #expect(results.map(\.scheduler) == ["oracle", "optimal", "fixed"])
    #expect(results.map(\.isBound) == [true, true, false])
    #expect(results[0].metrics == results[1].metrics)
  }

  @Test(
    "costs beyond virtual time are an error, not a crash",
    arguments: [
      Distribution.constant(36500 * 86400), .constant(18000 * 86400),
    ])
  func overheadBeyondTime(overhead: Distribution) async throws {
    var scenario = Scenario.constant([(10, 1)], sync: SyncSettings(chunkTimeSeconds: 1))
    scenario.workload.chunkOverhead = overhead
    scenario.schedulers = [SchedulerSettings("fixed", ["size": 1])]
    await #expect(throws: ScenarioError.self) { try await Experiment(scenario).run() }
  }

  @Test("a load that never rests is an error, not a crash", arguments: [90.0, 365])
  func restlessLoad(days: Double) async throws {
    var scenario = Scenario.constant(
      [(3, days * 86400)], sync: SyncSettings(chunkTimeSeconds: 5), overhead: 1)
    scenario.load.arrivals = LoadArrivals(meanGapSeconds: 1, durationSeconds: 1, slowdown: 2)
    await #expect(throws: ScenarioError.self) { try await Experiment(scenario).run() }
  }

  @Test("a run twice is the same run", arguments: 0..<10 as Range<UInt64>)
  func repeatable(seed: UInt64) async throws {
    let scenario = Self.scenario(seed: seed)
    for kind in SchedulerKind.all {
      let first = try await Simulation(scenario).chunks(SchedulerSettings(kind.name))
      let second = try await Simulation(scenario).chunks(SchedulerSettings(kind.name))
      #expect(first == second, "OptimumTests.scenario(seed: \(seed)), \(kind.name)")
    }
  }
}
