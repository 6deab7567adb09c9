internal import Syncer
internal import SyncerTesting

/// What the waste of no scheduler is below that takes the items in their order.
///
/// - One worker, the same overhead for every chunk, no load: the waste of the best partition.
/// - One worker under load, without overhead: the same, as every chunk begins at the moment the work
///   before it is done, whatever the chunks. Rounding to nanoseconds is allowed for.
/// - One worker with an overhead under load, or one that varies: when a chunk begins depends on how
///   many were before it. `LayeredPartition` finds the least squared miss for every number of chunks;
///   of the overhead's share in the time, the least is assumed.
/// - Workers, or items handled at once, without load and with the same overhead: the waste of the best
///   division, as `ParallelPlan` finds it. Where that takes too long, where chunks overlap, and where
///   hints tell the order of jobs: a chunk takes at least overhead, handling over the number at once and
///   processing over workers; the best partition of that. Or, where it is more, the last but one here.
/// - Chunks that overlap in processing: the sum of d is at least U, so that n c + sum of d² is at least
///   2 U sqrt(c), whatever n; the bound is sqrt(c) / T.
/// - Everything else, as processes that share a sync: 1 + mean of max(0, x - T)² / (2 T x) over work, for an item of x seconds under
///   the least load: its chunk takes that long. Chunks have more than that in common with no order.
/// - Where faults are injected, what is finished depends on the scheduler: 1.
struct WasteBound: Sendable {
  private let whole: Double
  /// For every count of items, where a sync may end before all are done and takes them in their order.
  private let parts: [Double]?
  /// Whether the bound holds whichever items are done.
  private var holdsForAny = false

  /// The bound for a run that processed the first so many items.
  func waste(items: Int, of count: Int) -> Double {
    if items == count || holdsForAny { return whole }
    return parts.map { $0[items] } ?? 1
  }

  /// Finds the bound; nil without chunk time and where nothing costs anything.
  ///
  /// - Parameters:
  ///   - simulation: What is run.
  ///   - plan: Its `exactPlan()`.
  ///   - reached: A waste that a run has, above which the search need not look.
  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init?(
    _ simulation: Simulation, _ plan: ExactPlan?, reached: Double?
  ) throws(ScenarioError) {
    let scenario = simulation.scenario
    guard let target = scenario.sync.targetSeconds, let reached else { return nil }
    if let plan {
      (whole, parts) = (plan.waste, plan.wastes)
      return
    }
    let costs = ItemCosts(simulation.backlog, simulation.workload, scenario)
    guard costs.work[costs.count] > 0 else { return nil }
    let factors = try scenario.load.factors()
    let least = Self.longItems(costs, target: target, factors)
    let overhead = scenario.workload.chunkOverhead.constantSeconds
    let isLoaded = !scenario.load.isConstant
    if scenario.sync.openChunks > 1 && scenario.workload.workers > 1 {
      guard let overhead, overhead < target / 2 else { return nil }
      let perChunk = Waste.costPerChunk(target: target, overhead: overhead)
      (whole, parts, holdsForAny) = (perChunk.squareRoot() / target, nil, true)
    } else if scenario.faults?.isInjecting ?? false {
      (whole, parts) = (1, nil)
    } else if scenario.sync.workers > 1
      || scenario.sync.isConcurrent && (isLoaded || overhead == nil)
    {
      (whole, parts) = (least, nil)
    } else if !costs.isParallel {
      var timeline = try WorkTimeline(scenario, replication: simulation.replication)
      let machine = try SimulatedMachine(
        scenario, simulation.workload, replication: simulation.replication)
      let layered = LayeredPartition(
        costs, target: target, factors: factors, reached: reached
      ).leastWaste(&timeline) { Double(machine.overhead(ofChunk: $0)) / 1e9 }
      (whole, parts) = (max(least, layered ?? 1), nil)
    } else if let overhead, !isLoaded {
      let partition = ChunkPartition(
        starts: costs.work, ends: costs.work.lazy.map { $0 + overhead },
        constant: Waste.costPerChunk(target: target, overhead: overhead),
        cap: scenario.sync.chunkCap ?? .max)
      let waste = partition.costs[costs.count] / (2 * target * costs.work[costs.count])
      (whole, parts) = (max(least, waste), nil)
    } else {
      (whole, parts) = (least, nil)
    }
  }

  /// 1 + the mean of max(0, x - T)² / (2 T x) over work.
  ///
  /// With d - o at least the work y of a chunk, n c + sum of d² is at least the sum over chunks of
  /// 2 T y + (d - T)², and (d - T)² at least y (x - T)² / x for every item of x > T in it.
  private static func longItems(
    _ costs: ItemCosts, target: Double, _ factors: ClosedRange<Double>
  ) -> Double {
    var sum = 0.0
    for place in 0..<costs.count {
      let seconds = costs.seconds(place) * factors.lowerBound
      guard seconds > target else { continue }
      let share = costs.work[place + 1] - costs.work[place]
      sum += share * (seconds - target) * (seconds - target) / (2 * target * seconds)
    }
    let share = factors.lowerBound / factors.upperBound
    return 1 + share * sum / costs.work[costs.count]
  }
}

extension Distribution {
  /// The value, to the nanosecond, where it is always the same.
  var constantSeconds: Double? {
    if case .constant(let seconds) = self {
      Double(Nanoseconds.rounding(seconds)) / 1e9
    } else {
      nil
    }
  }
}

extension SyncSettings {
  /// The chunk time, to the nanosecond, as the sync is given it.
  var targetSeconds: Double? {
    chunkTimeSeconds.map { Double(Nanoseconds.rounding($0)) / 1e9 }
  }
}

extension LoadSettings {
  /// Whether the machine is never slow.
  var isConstant: Bool { windows.isEmpty && arrivals == nil && trace == nil }
}
