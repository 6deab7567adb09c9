internal import Syncer

extension Scenario {
  /// Draws a whole scenario: small, and with most features switched off at random.
  ///
  /// Features that are always on hide each other's faults; a swarm of scenarios, each with few, does
  /// not (Groce et al., "Swarm testing", ISSTA 2012).
  ///
  /// - Parameters:
  ///   - seed: What it is drawn from.
  ///   - withFaults: Whether some have faults or a longest duration, as the fuzzer wants it.
  /// - Returns: the same scenario for the same arguments.
  public static func drawn(seed: UInt64, withFaults: Bool = false) -> Scenario {
    var draw = ScenarioDraw(seed: seed)
    var scenario = draw.scenario(seed: seed)
    if withFaults {
      draw.addFaults(to: &scenario)
      draw.addConcurrency(to: &scenario)
      draw.addWeights(to: &scenario)
      draw.addOrder(to: &scenario)
      draw.addBounds(to: &scenario)
      draw.addRuns(to: &scenario)
      draw.addBudget(to: &scenario)
      draw.addConcurrentFaults(to: &scenario)
      draw.addWorkers(to: &scenario)
    }
    return scenario
  }
}

/// Draws the parts of a scenario.
private struct ScenarioDraw {
  private var generator: SplitMix64
  private let scale: Double

  init(seed: UInt64) {
    generator = SplitMix64(seed: seed)
    scale = [1e-6, 1e-3, 1, 1e3][generator.next(below: 4)]
  }

  mutating func scenario(seed: UInt64) -> Scenario {
    let sync = SyncSettings(
      chunkTimeSeconds: chance(9, of: 10) ? seconds(from: 0.1, to: 100) : nil,
      itemLimit: chance(1, of: 4) ? generator.next(below: 300) : nil,
      chunkCap: chance(1, of: 4) ? 1 + generator.next(below: 50) : nil,
      isShuffled: chance(1, of: 2))
    let hasHandling = chance(3, of: 4)
    let hasProcessing = !hasHandling || chance(1, of: 2)
    let hasHints = chance(1, of: 5)
    var phases: [WorkloadPhase] = []
    for _ in 0...generator.next(below: 4) {
      var classes: [ItemClass] = []
      for _ in 0...(chance(1, of: 3) ? generator.next(below: 3) : 0) {
        classes.append(
          ItemClass(
            name: "class\(generator.next(below: 6))", weight: 1 + Double(generator.next(below: 9)),
            handle: hasHandling ? distribution() : .constant(0),
            process: hasProcessing ? distribution() : .constant(0),
            hintNoise: hasHints && chance(3, of: 4) ? 0.2 : nil))
      }
      phases.append(WorkloadPhase(count: 1 + generator.next(below: 120), classes: classes))
    }
    let workload = WorkloadSettings(
      source: .phases(phases), chunkOverhead: chance(1, of: 3) ? distribution() : .constant(0),
      workers: chance(1, of: 4) ? 1 + generator.next(below: 6) : 1,
      processingGrowsWithHint: !hasHints || chance(3, of: 4))
    return Scenario(
      name: "fuzz-\(seed)", seed: seed, sync: sync, workload: workload, load: load(),
      schedulers: [scheduler()])
  }

  mutating func addFaults(to scenario: inout Scenario) {
    if chance(1, of: 8) { scenario.sync.maximumDurationSeconds = seconds(from: 1, to: 500) }
    guard chance(1, of: 2), case .phases(let phases) = scenario.workload.source else { return }
    scenario.faults = faults(of: phases.flatMap(\.classes).map { CostClass($0.name) })
  }

  /// Lets a quarter of those without faults do more than one thing at a time.
  mutating func addConcurrency(to scenario: inout Scenario) {
    guard scenario.faults == nil, chance(1, of: 2) else { return }
    scenario.sync.handlersAtOnce = chance(2, of: 3) ? 1 + generator.next(below: 5) : 1
    scenario.sync.openChunks = chance(2, of: 3) ? 1 + generator.next(below: 4) : 1
  }

  /// Lets items weigh something, and chunks not more than so much, in a quarter of the scenarios.
  mutating func addWeights(to scenario: inout Scenario) {
    guard chance(1, of: 4), case .phases(var phases) = scenario.workload.source else { return }
    let units: [WeightUnit] = chance(1, of: 2) ? [.bytes] : [.bytes, "variables"]
    for phase in phases.indices {
      for index in phases[phase].classes.indices where chance(4, of: 5) {
        phases[phase].classes[index].weights = units.map { unit in
          let variation = [0, 0.3, 1, 5][generator.next(below: 4)]
          return WeightSettings(
            unit, mean: Double(1 + generator.next(below: 1000)), variation: variation)
        }
      }
    }
    scenario.workload.source = .phases(phases)
    scenario.sync.weightCaps = units.map { unit in
      ChunkWeightCap.Limit(unit, atMost: 1 + generator.next(below: chance(1, of: 4) ? 500 : 20_000))
    }
    if chance(1, of: 2) { scenario.sync.chunkCap = 1 + generator.next(below: 50) }
    if !scenario.sync.isConcurrent && chance(1, of: 3) {
      scenario.workload.largestChunk = units.map { unit in
        ChunkWeightCap.Limit(unit, atMost: 1 + generator.next(below: 20_000))
      }
    }
  }

  /// Lets a third of those with hints go by them.
  mutating func addOrder(to scenario: inout Scenario) {
    guard case .phases(let phases) = scenario.workload.source,
      phases.flatMap(\.classes).contains(where: { $0.hintNoise != nil }), chance(1, of: 3)
    else { return }
    scenario.sync.order =
      [.smallestFirst, .largestFirst, .mixed][generator.next(below: 3)]
  }

  /// Bounds the costs of a class in some, where that leaves enough of them.
  mutating func addBounds(to scenario: inout Scenario) {
    guard chance(1, of: 6), case .phases(var phases) = scenario.workload.source else { return }
    let phase = generator.next(below: phases.count)
    let handle = phases[phase].classes[0].handle
    if handle == .constant(0) { return }
    let least = chance(1, of: 2) ? 0 : seconds(from: 0.001, to: 1)
    let most = chance(1, of: 3) ? .infinity : least + seconds(from: 0.001, to: 5)
    guard handle.share(from: least, to: most) >= 0.001 else { return }
    phases[phase].classes[0].handle = .truncated(handle, min: least, max: most)
    scenario.workload.source = .phases(phases)
  }

  /// Lets a sixth of the schedulers that keep what they learn be in their second or third sync.
  mutating func addRuns(to scenario: inout Scenario) {
    guard chance(1, of: 6) else { return }
    let count = 2 + generator.next(below: 2)
    scenario.schedulers = scenario.schedulers[0].runs(count).suffix(1)
  }

  /// Lets a third of those do more than one thing at a time in which things go wrong.
  mutating func addConcurrentFaults(to scenario: inout Scenario) {
    let isFaulty = scenario.faults != nil || !scenario.workload.largestChunk.isEmpty
    guard isFaulty, chance(1, of: 3) else { return }
    scenario.sync.handlersAtOnce = 1 + generator.next(below: 5)
    scenario.sync.openChunks = 1 + generator.next(below: 4)
  }

  /// Lets a tenth of the syncs have a budget of time.
  mutating func addBudget(to scenario: inout Scenario) {
    if chance(1, of: 10) { scenario.sync.timeLeftSeconds = seconds(from: 1, to: 500) }
  }

  /// Lets a fifth of those where one thing happens at a time be shared by processes.
  mutating func addWorkers(to scenario: inout Scenario) {
    guard !scenario.sync.isConcurrent, chance(1, of: 5) else { return }
    scenario.sync.workers = 2 + generator.next(below: chance(1, of: 4) ? 40 : 4)
    if chance(1, of: 2) { scenario.sync.ranges = 1 + generator.next(below: 60) }
  }

  /// What goes wrong: each kind of fault in some scenarios only.
  private mutating func faults(of classes: [CostClass]) -> FaultSettings {
    var faults = FaultSettings(onFailure: onFailure())
    let share = { (draw: inout ScenarioDraw) in
      [0.005, 0.05, 0.3, 1][draw.generator.next(below: 4)]
    }
    if chance(1, of: 2) {
      for _ in 0...generator.next(below: 3) {
        faults.items.append(
          ItemFaults(
            costClass: chance(1, of: 3) ? classes[generator.next(below: 6) % classes.count] : nil,
            probability: share(&self), phase: chance(1, of: 2) ? .handle : .process,
            isTransient: chance(1, of: 2)))
      }
    }
    if chance(1, of: 4) { faults.chunkProbability = share(&self) }
    if chance(1, of: 5) {
      faults.slow.append(
        SlowItems(probability: share(&self), slowdown: chance(1, of: 4) ? 0.1 : 30))
    }
    if chance(1, of: 5) { faults.cancelAtSeconds = seconds(from: 0, to: 300) }
    if chance(1, of: 3) {
      for _ in 0...generator.next(below: 5) {
        faults.crashes.atSeconds.append(seconds(from: 0.001, to: 300))
      }
    }
    if chance(1, of: 25) { faults.crashes.meanGapSeconds = seconds(from: 200, to: 1000) }
    if chance(1, of: 2) { faults.restartSeconds = seconds(from: 0, to: 20) }
    if chance(1, of: 3) { faults.meanTimeBetweenFailuresSeconds = seconds(from: 0.1, to: 1000) }
    return faults
  }

  private mutating func onFailure() -> FailureSettings {
    var policy = FailureSettings()
    if chance(1, of: 3) {
      policy.attempts = 1 + generator.next(below: 4)
      policy.backoffSeconds = chance(1, of: 3) ? 0 : seconds(from: 0.001, to: 5)
      policy.longestBackoffSeconds = seconds(from: 0.001, to: 20)
    }
    if chance(2, of: 3) {
      policy.maximumErrors = chance(1, of: 3) ? generator.next(below: 20) : Int.max
    }
    return policy
  }

  private mutating func chance(_ hits: Int, of cases: Int) -> Bool {
    generator.next(below: cases) < hits
  }

  /// A duration between two multiples of the scenario's scale.
  private mutating func seconds(from low: Double, to high: Double) -> Double {
    scale * (low + (high - low) * Double(generator.next(below: 1000)) / 1000)
  }

  private mutating func distribution() -> Distribution {
    let mean = seconds(from: 0.001, to: chance(1, of: 4) ? 50 : 2)
    switch generator.next(below: 9) {
    case 0: return .constant(chance(1, of: 4) ? 0 : mean)
    case 1: return .uniform(min: mean / 2, max: mean * 2)
    case 2: return .exponential(mean: mean)
    case 3: return .lognormal(mean: mean, cv: chance(1, of: 3) ? 5 : 0.3)
    case 4: return .gamma(mean: mean, cv: chance(1, of: 3) ? 3 : 0.3)
    case 5: return .weibull(scale: mean, shape: 0.7)
    case 6: return .pareto(scale: mean, shape: 1.2)
    case 7: return .normal(mean: mean, cv: 0.5)
    default:
      return .mix([
        .init(weight: 99, of: .constant(mean / 100)), .init(weight: 1, of: .constant(mean * 50)),
      ])
    }
  }

  private mutating func load() -> LoadSettings {
    var load = LoadSettings()
    if chance(1, of: 4) {
      let from = seconds(from: 0, to: 50)
      let length = seconds(from: 0.5, to: 50)
      load.windows.append(
        LoadWindow(
          fromSeconds: from, toSeconds: from + length, slowdown: chance(1, of: 4) ? 0.2 : 10,
          everySeconds: chance(1, of: 2) ? 2 * length : nil))
    }
    if chance(1, of: 6) {
      load.arrivals = LoadArrivals(
        meanGapSeconds: seconds(from: 10, to: 50), durationSeconds: seconds(from: 1, to: 20),
        slowdown: 4)
    }
    return load
  }

  /// The default half of the time, with parameters now and then; otherwise any kind.
  private mutating func scheduler() -> SchedulerSettings {
    if chance(1, of: 2) {
      let kinds = SchedulerKind.all
      return SchedulerSettings(kinds[generator.next(below: kinds.count)].name)
    }
    if chance(3, of: 4) { return .standard }
    return SchedulerSettings(
      "deadline",
      [
        "overrun": 0.1 * Double(1 + generator.next(below: 50)),
        "memory": Double(1 + generator.next(below: 40)),
      ])
  }
}
