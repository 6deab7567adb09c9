import Syncer
import SyncerSimulation
import Testing

/// The oracle is a bound: on scenarios drawn at random, nothing goes below it.
struct OracleTests {
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

  @Test(
    "no chunk of the oracle exceeds target and longest item", arguments: 0..<50 as Range<UInt64>)
  func oracleKeepsTheFloor(seed: UInt64) async throws {
    let simulation = try Simulation(Self.scenario(seed: seed))
    var handled = 0
    for chunk in try await simulation.chunks(SchedulerSettings("oracle")) {
      handled += chunk.record.size
      let ratio = try #require(chunk.ratioToFloor)
      #expect(
        ratio <= 1 + 1e-9, "OracleTests.scenario(seed: \(seed)), chunk \(chunk.record.number)")
    }
    #expect(handled == simulation.workload.count, "seed \(seed)")
  }

  @Test(
    "no scheduler overshoots its floor less than the oracle", arguments: 0..<50 as Range<UInt64>)
  func nothingBelowTheOracle(seed: UInt64) async throws {
    let simulation = try Simulation(Self.scenario(seed: seed))
    let oracle = try await simulation.run(SchedulerSettings("oracle"))
    let bound = max(1, try #require(oracle[.overshootAboveFloor]))
    for kind in SchedulerKind.all where kind.name != "oracle" {
      let metrics = try await simulation.run(SchedulerSettings(kind.name))
      let overshoot = max(1, try #require(metrics[.overshootAboveFloor]))
      let context = "OracleTests.scenario(seed: \(seed)), \(kind.name)"
      #expect(overshoot >= bound - 1e-9, "\(context)")
      #expect(metrics[.items] == oracle[.items], "\(context)")
      let areFinite = metrics.values.values.allSatisfy(\.isFinite)
      #expect(areFinite, "\(context)")
    }
  }

  @Test("with an overhead the oracle still keeps chunks of more than one item to the target")
  func overhead() async throws {
    for seed in 0..<20 as Range<UInt64> {
      var scenario = Self.scenario(seed: seed)
      scenario.workload.chunkOverhead = .exponential(mean: 0.5)
      for chunk in try await Simulation(scenario).chunks(SchedulerSettings("oracle"))
      where chunk.record.size > 1 {
        let target = try #require(chunk.record.target)
        #expect(
          chunk.record.duration <= target, "seed \(seed), chunk \(chunk.record.number)")
      }
    }
  }

  @Test("the oracle looks no further ahead than a chunk may reach")
  func cap() async throws {
    var scenario = Self.scenario(seed: 3)
    scenario.sync.chunkCap = 4
    let free = try await Simulation(Self.scenario(seed: 3)).chunks(SchedulerSettings("oracle"))
    try #require(free.contains { $0.record.size > 4 })
    for chunk in try await Simulation(scenario).chunks(SchedulerSettings("oracle")) {
      let planned = try #require(chunk.record.plannedSize)
      #expect(planned <= 4, "seed 3, chunk \(chunk.record.number)")
    }
  }

  @Test("a run twice is the same run", arguments: 0..<10 as Range<UInt64>)
  func repeatable(seed: UInt64) async throws {
    let scenario = Self.scenario(seed: seed)
    for kind in SchedulerKind.all {
      let first = try await Simulation(scenario).chunks(SchedulerSettings(kind.name))
      let second = try await Simulation(scenario).chunks(SchedulerSettings(kind.name))
      #expect(first == second, "OracleTests.scenario(seed: \(seed)), \(kind.name)")
    }
  }
}
