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
  /// Whether the scheduler knows the future, and others are measured by it.
  public var isBound: Bool
  /// Whether another replication is another experiment; else the first one says all.
  public var isRandom = true
  /// How it did.
  public var metrics: RunMetrics
  /// The chunk furthest above its floor, where chunks have a target.
  public var worstChunk: SimulatedChunk?

  /// Makes a result.
  public init(
    scenario: String, scheduler: String, seed: UInt64, replication: Int,
    metrics: RunMetrics = RunMetrics(), isBound: Bool = false
  ) {
    self.scenario = scenario
    self.scheduler = scheduler
    self.seed = seed
    self.replication = replication
    self.metrics = metrics
    self.isBound = isBound
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

  /// Runs everything; results come replication by replication, schedulers in the scenario's order.
  ///
  /// Runs share the cores of the machine, and nothing in results and report depends on how many
  /// there are.
  ///
  /// - Parameters:
  ///   - report: Where the rows go; nil for metrics alone.
  ///   - cores: How many runs there are at once, at least 1; all cores unless given.
  ///   - progress: Is told how far it is; nil for nobody.
  /// - Returns: one result per run, in that order.
  /// - Throws: `ScenarioError` for a trace that cannot be read or a report that cannot be written,
  ///   `CancellationError` when the task is cancelled.
  public func run(
    report: (any RunSink)? = nil, cores: Int? = nil, progress: RunProgress? = nil
  ) async throws -> [RunResult] {
    guard let report else { return try await run(into: NoSink(), cores, progress) }
    return try await run(into: report, cores, progress)
  }

  private func run<Sink: RunSink>(
    into sink: Sink, _ cores: Int?, _ progress: RunProgress?
  ) async throws -> [RunResult] {
    // The optimum comes first in every replication.
    let runs = [SchedulerSettings(SchedulerKind.optimal.name)] + scenario.schedulers
    let openRun = sink.openRun
    let replications = firstReplication...scenario.replications
    let before = progress?.moment.items ?? 0
    let simulations = SharedForPieces(uses: runs.count) { [scenario] index in
      try Simulation(scenario, replication: replications.lowerBound + index)
    }
    let work = OrderedWork(count: replications.count * runs.count, cores: cores) {
      [scenario] number -> ExperimentPiece<Sink.Rows> in
      let simulation = try await simulations.value(number / runs.count)
      progress?.expect(
        before + min(simulation.workload.count, scenario.sync.itemLimit ?? .max) * runs.count
          * replications.count)
      if number % runs.count == 0 {
        return .optimum(try await Optimum(simulation, progress: progress))
      }
      return .run(
        try await RunOutcome(simulation, runs[number % runs.count], try openRun(), progress))
    }
    var results: [RunResult] = []
    var optimum: Optimum?
    try await work.run { number in
      let label = runs[number % runs.count].label
      let replication = replications.lowerBound + number / runs.count
      progress?.begin("\(scenario.name): \(label), replication \(replication)")
    } take: { _, piece in
      switch piece {
      case .optimum(let found): optimum = found
      case .run(var outcome):
        if let optimum { outcome.result.metrics.relate(to: optimum) }
        try sink.take(outcome.result, outcome.collapses, outcome.rows)
        results.append(outcome.result)
      }
    }
    return results
  }
}

/// What one piece of an experiment leaves.
private enum ExperimentPiece<Rows: ChunkSink>: Sendable {
  /// What the runs of a replication are compared with.
  case optimum(Optimum)
  case run(RunOutcome<Rows>)
}

/// What one run leaves, until it is its turn to be reported.
private struct RunOutcome<Rows: ChunkSink>: Sendable {
  var result: RunResult
  var collapses: [Collapse] = []
  var rows: Rows

  init(
    _ simulation: Simulation, _ settings: SchedulerSettings, _ rows: Rows,
    _ progress: RunProgress?
  ) async throws {
    let scenario = simulation.scenario
    var result = RunResult(
      scenario: scenario.name, scheduler: settings.label, seed: scenario.seed,
      replication: simulation.replication, isBound: settings.isBound)
    result.isRandom = scenario.isRandom
    var rows = rows
    var log = CollapseLog()
    result.metrics = try await simulation.run(settings) { chunk in
      log.add(chunk)
      if let ratio = chunk.ratioToFloor, ratio > result.worstChunk?.ratioToFloor ?? 0 {
        result.worstChunk = chunk
      }
      try rows.add(chunk, of: result)
      progress?.add(chunk.record.size)
    }
    self.result = result
    self.rows = rows
    collapses = log.finish()
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
