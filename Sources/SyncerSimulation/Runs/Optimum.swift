internal import Syncer

/// What the schedulers of a replication are compared with.
struct Optimum: Sendable {
  /// The metrics of the scheduler `optimal`.
  let metrics: RunMetrics
  /// What no scheduler's waste is below; nil without chunk time.
  let bound: WasteBound?
  /// How many items there are to do.
  let itemCount: Int

  /// Runs the scheduler, and finds the bound.
  init(_ simulation: Simulation) async throws {
    try self.init(
      simulation, try await simulation.run(SchedulerSettings(SchedulerKind.optimal.name)))
  }

  /// Finds the bound, given the metrics of the scheduler.
  init(_ simulation: Simulation, _ metrics: RunMetrics) throws(ScenarioError) {
    self.metrics = metrics
    itemCount = simulation.backlog.count
    bound = try WasteBound(simulation, reached: metrics[.waste])
  }
}

extension RunMetrics {
  /// Adds what compares with the optimum on the same items, where both have it.
  mutating func relate(to optimum: Optimum) {
    if let best = optimum.metrics[.makespan], best > 0, let own = self[.makespan] {
      self[.makespanVsOracle] = own / best
    }
    if let bound = optimum.bound, let own = self[.waste], let items = self[.items] {
      self[.wasteVsOptimal] = own / bound.waste(items: Int(items), of: optimum.itemCount)
    }
  }
}
