internal import Syncer
internal import SyncerTesting

/// What the schedulers of a replication are compared with.
struct Optimum: Sendable {
  /// When the scheduler `optimal` is done, in seconds.
  let makespan: Double?
  /// What no scheduler's waste is below; nil without chunk time.
  let bound: WasteBound?
  /// How many items there are to do.
  let itemCount: Int

  /// Plans the best chunks, and finds the bound; runs them where the plan does not tell when they end.
  init(_ simulation: Simulation, progress: RunProgress? = nil) async throws {
    itemCount = simulation.backlog.count
    let plan = try simulation.exactPlan()
    let reached: Double?
    if let plan, let makespan = simulation.makespan(of: plan) {
      (self.makespan, reached) = (makespan, plan.waste)
      progress?.add(itemCount)
    } else {
      let metrics = try await simulation.runOptimal(plan) { progress?.add($0.record.size) }
      (makespan, reached) = (metrics[.makespan], metrics[.waste])
    }
    bound = try WasteBound(simulation, plan, reached: reached)
  }
}

extension RunMetrics {
  /// Adds what compares with the optimum on the same items, where both have it.
  mutating func relate(to optimum: Optimum) {
    if let best = optimum.makespan, best > 0, let own = self[.makespan] {
      self[.makespanVsOracle] = own / best
    }
    if let bound = optimum.bound, let own = self[.waste], let items = self[.items] {
      self[.wasteVsOptimal] = own / bound.waste(items: Int(items), of: optimum.itemCount)
    }
  }
}

extension Simulation {
  /// The chunks of least waste of the whole sync; nil where they are not known, as where several
  /// processes share it, where faults are injected, and where chunks overlap under load or on workers.
  func exactPlan() throws(ScenarioError) -> ExactPlan? {
    let sync = scenario.sync
    guard sync.targetSeconds != nil, sync.workers == 1, !(scenario.faults?.isInjecting ?? false),
      sync.openChunks == 1 || scenario.load.isConstant && scenario.workload.workers == 1
    else { return nil }
    let costs = ItemCosts(backlog, workload, scenario)
    // Where items wait for others, those that are done are not the first.
    let isForEveryCount = sync.mayEndEarly && !order.isFree
    if costs.isParallel {
      guard sync.openChunks == 1 else { return nil }
      return ExactPlan(parallel: costs, scenario, isForEveryCount: isForEveryCount)
    }
    var timeline = try WorkTimeline(scenario, replication: replication)
    return try ExactPlan(costs, scenario, &timeline, isForEveryCount: isForEveryCount)
  }

  /// When chunks that are planned end, in seconds; nil where others are made of them, or take another time.
  fileprivate func makespan(of plan: ExactPlan) -> Double? {
    guard scenario.load.isConstant, scenario.weightCaps.isEmpty, !scenario.sync.mayEndEarly,
      !scenario.sync.isConcurrent, plan.unloadedNanoseconds <= VirtualClock.limit
    else { return nil }
    return Double(plan.unloadedNanoseconds) / 1e9
  }

  fileprivate func runOptimal(
    _ plan: ExactPlan?, onChunk: (SimulatedChunk) throws -> Void
  ) async throws -> RunMetrics {
    guard let plan else {
      return try await run(SchedulerSettings(SchedulerKind.optimal.name), onChunk: onChunk)
    }
    return try await run(scheduler: OptimalScheduler(plan), onChunk: onChunk)
  }
}
