/// One replication of a scenario, drawn once and run under any number of tunings.
struct TuningTrial: Sendable {
  let simulation: Simulation
  private let optimum: Optimum

  init(_ scenario: Scenario, replication: Int) async throws {
    simulation = try Simulation(scenario, replication: replication)
    optimum = try await Optimum(simulation)
  }

  func run(_ settings: SchedulerSettings) async throws -> RunMetrics {
    var metrics = try await simulation.run(settings)
    metrics.relate(to: optimum)
    return metrics
  }
}

/// All replications of a scenario that take part in tuning, or in the report on it.
struct TuningTrials: Sendable {
  let scenario: Scenario
  let replications: ClosedRange<Int>
  private let trials: [TuningTrial]

  /// Draws the replications; where nothing is random the first of them says all.
  init(_ scenario: Scenario, replications all: ClosedRange<Int>) async throws {
    let replications = scenario.isRandom ? all : all.lowerBound...all.lowerBound
    (self.scenario, self.replications) = (scenario, replications)
    trials = try await OrderedWork(count: replications.count) {
      try await TuningTrial(scenario, replication: replications.lowerBound + $0)
    }.results()
  }

  /// The objective in every replication, in order.
  ///
  /// - Throws: `ScenarioError` where a metric has no value in the scenario.
  func values(
    of objective: TuningObjective, _ settings: SchedulerSettings
  ) async throws -> [Double] {
    let metrics = try await OrderedWork(count: trials.count) { [trials] in
      try await trials[$0].run(settings)
    }.results()
    return try metrics.map { metrics in
      guard let value = objective.value(of: metrics) else {
        throw TuningObjective.error(
          "has no value in \(scenario.name): \(objective)",
          "choose metrics that the scenario has; most need a sync.chunkTime")
      }
      return value
    }
  }
}
