internal import Syncer

/// One run: a scheduler on one replication of a scenario, and how it did.
public struct RunResult: Sendable, Equatable {
  /// The name of the scenario.
  public var scenario: String
  /// The label of the scheduler.
  public var scheduler: String
  /// The scenario's seed.
  public var seed: UInt64
  /// The replication, from 1.
  public var replication: Int
  /// How it did.
  public var metrics: RunMetrics
  /// The chunk furthest above its floor, where chunks have a target.
  public var worstChunk: SimulatedChunk?

  /// Makes a result.
  public init(
    scenario: String, scheduler: String, seed: UInt64, replication: Int,
    metrics: RunMetrics = RunMetrics()
  ) {
    self.scenario = scenario
    self.scheduler = scheduler
    self.seed = seed
    self.replication = replication
    self.metrics = metrics
  }
}

/// All runs of a scenario: every scheduler on the same items, in every replication.
public struct Experiment: Sendable {
  /// The scenario.
  public internal(set) var scenario: Scenario
  /// The first replication to run; those before it were run earlier.
  var firstReplication = 1

  /// Makes an experiment of a scenario.
  public init(_ scenario: Scenario) {
    self.scenario = scenario
  }

  /// Runs everything, replication by replication, schedulers in the scenario's order.
  ///
  /// - Parameters:
  ///   - report: Where the rows go; nil for metrics alone.
  ///   - willRun: Called before every run, with its scheduler and replication.
  /// - Returns: one result per run, in that order.
  /// - Throws: `ScenarioError` for a trace that cannot be read or a report that cannot be written,
  ///   `CancellationError` when the task is cancelled.
  public func run(
    report: ReportWriter? = nil, willRun: (String, Int) -> Void = { _, _ in }
  ) async throws -> [RunResult] {
    var results: [RunResult] = []
    for replication in firstReplication...scenario.replications {
      let simulation = try Simulation(scenario, replication: replication)
      let oracle = try await simulation.run(SchedulerSettings("oracle"))
      for settings in scenario.schedulers {
        willRun(settings.label, replication)
        var result = RunResult(
          scenario: scenario.name, scheduler: settings.label, seed: scenario.seed,
          replication: replication)
        var collapses = CollapseLog()
        result.metrics = try await simulation.run(settings) { chunk in
          collapses.add(chunk)
          if let ratio = chunk.ratioToFloor, ratio > result.worstChunk?.ratioToFloor ?? 0 {
            result.worstChunk = chunk
          }
          try report?.write(chunk, of: result)
        }
        if let best = oracle[.makespan], best > 0, let own = result.metrics[.makespan] {
          result.metrics[.makespanVsOracle] = own / best
        }
        try report?.write(collapses.finish(), of: result)
        try report?.write(result)
        results.append(result)
      }
    }
    return results
  }
}

/// A chunk that took more than twice what no scheduler can avoid, and what it led to.
public struct Collapse: Sendable, Equatable {
  /// The chunk.
  public var chunk: SimulatedChunk
  /// How many more chunks at the floor would have fitted into its time: what a failure at its end
  /// loses that was safe otherwise.
  public var chunksLost: Int
  /// How many chunks followed until one was within 20 % of its floor.
  public var recoveryChunks: Int
}

/// Finds the collapsed chunks of a run and counts how long recovery took.
struct CollapseLog {
  private var collapses: [Collapse] = []
  private var firstOpen = 0

  mutating func add(_ chunk: SimulatedChunk) {
    guard let ratio = chunk.ratioToFloor else { return }
    for index in firstOpen..<collapses.count { collapses[index].recoveryChunks += 1 }
    if chunk.isSettled || chunk.record.closeReason == .end { firstOpen = collapses.count }
    if ratio > 2 {
      collapses.append(
        Collapse(chunk: chunk, chunksLost: Int(min(ratio, 1e15)) - 1, recoveryChunks: 0))
    }
  }

  func finish() -> [Collapse] { collapses }
}
