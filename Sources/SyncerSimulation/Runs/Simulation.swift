internal import Synchronization
public import Syncer
internal import SyncerTesting

/// Runs the production `Syncer` through a scenario on virtual time.
///
/// The simulation adds a clock and costs, and nothing else: chunks are what `Syncer` makes of
/// them.
public struct Simulation: Sendable {
  /// The scenario.
  public private(set) var scenario: Scenario
  /// Which repetition this is, from 1.
  public let replication: Int
  /// The items, drawn once for all schedulers.
  public private(set) var workload: Workload
  let keys: [UInt32]

  /// Draws the workload of one replication.
  ///
  /// - Throws: `ScenarioError` for a trace that cannot be read.
  public init(_ scenario: Scenario, replication: Int = 1) throws(ScenarioError) {
    if scenario.sync.isConcurrent && scenario.sync.workers > 1 {
      throw ScenarioError(
        file: "The scenario \(scenario.name)", keyPath: "sync.workers",
        rule: "are simulated only with one thing at a time in each",
        remedy: "leave out sync.handlersAtOnce and sync.openChunks, or the workers")
    }
    self.scenario = scenario
    self.replication = replication
    workload = try Workload(scenario, replication: replication)
    keys = Array(0..<UInt32(workload.count))
  }

  /// The same items, begun at one of some places of equal distance; those before it come last.
  func begun(at place: Int, of places: Int) -> Simulation {
    var simulation = self
    simulation.workload.rotate(by: workload.count / places * place)
    return simulation
  }

  /// The same items under another chunk time, in seconds.
  func with(chunkSeconds: Double) -> Simulation {
    var simulation = self
    simulation.scenario.sync.chunkTimeSeconds = chunkSeconds
    return simulation
  }

  /// Runs the sync under one of the scenario's kind of schedulers.
  ///
  /// - Parameters:
  ///   - settings: The scheduler.
  ///   - onChunk: Called with every finished chunk, in order.
  /// - Returns: the metrics, without `makespanVsOracle` and `wasteVsOptimal`, which need two runs.
  /// - Throws: `ScenarioError` for a load trace that cannot be read, `CancellationError` when the
  ///   task is cancelled.
  public func run(
    _ settings: SchedulerSettings, onChunk: (SimulatedChunk) throws -> Void = { _ in }
  ) async throws -> RunMetrics {
    try await run(settings, recorder: nil, onChunk: onChunk)
  }

  /// Runs the sync and records what happens.
  func run(
    _ settings: SchedulerSettings, recorder: RunRecorder?,
    onChunk: (SimulatedChunk) throws -> Void
  ) async throws -> RunMetrics {
    let learned = try await learned(before: settings)
    return try await run(recorder: recorder, onChunk: onChunk) {
      machine, items, chunksBefore, own in
      switch settings.foresight {
      case .nothing: settings.scheduler(after: own ?? learned)
      case .classes:
        DeadlineScheduler(settings.values, self, machine: machine, backlog: items, chunksBefore)
      case .everything:
        try OptimalScheduler(self, machine: machine, backlog: items, chunksBefore: chunksBefore)
      }
    }
  }

  /// Runs the sync under a scheduler of your own.
  ///
  /// - Parameters:
  ///   - scheduler: The scheduler, as it is at the start.
  ///   - onChunk: Called with every finished chunk, in order.
  /// - Returns: the metrics, without those that need two runs.
  /// - Throws: as `run(_:onChunk:)`.
  public func run(
    scheduler: any ChunkScheduler, onChunk: (SimulatedChunk) throws -> Void = { _ in }
  ) async throws -> RunMetrics {
    try await run(recorder: nil, onChunk: onChunk) { _, _, _, _ in scheduler }
  }

  /// Makes the scheduler for a machine, the items in their order, how many chunks were before, and what the
  /// process has learned from other items.
  typealias SchedulerMaker =
    @Sendable (SimulatedMachine, Backlog, Int, LearnedCosts?) throws -> any ChunkScheduler

  private func run(
    recorder: RunRecorder?, onChunk: (SimulatedChunk) throws -> Void,
    scheduler: @escaping SchedulerMaker
  ) async throws -> RunMetrics {
    var completion = ExpectedCompletion(scenario.faults)
    var figures = RunFigures()
    func note(_ chunk: SimulatedChunk) throws {
      completion?.add(chunkSeconds: chunk.durationSeconds)
      figures.add(chunk)
      try onChunk(chunk)
    }
    var faults: FaultFigures?
    if scenario.sync.workers > 1 {
      let fleet = try Fleet(self, recorder: recorder ?? RunRecorder())
      (faults, figures.fleet) = try await fleet.run(scheduler: scheduler, onChunk: note)
    } else if scenario.sync.isConcurrent {
      let result = try await VirtualTime.run { clock in
        var chunks: [SimulatedChunk] = []
        let faults = try await work(on: clock, recorder, scheduler) { chunks.append($0) }
        return (chunks: chunks, faults: faults)
      }
      faults = result.faults
      for chunk in result.chunks { try note(chunk) }
    } else {
      faults = try await work(on: VirtualClock(), recorder, scheduler, onChunk: note)
    }
    try Task.checkCancellation()
    figures.faults = faults
    var metrics = figures.metrics
    metrics[.expectedCompletion] = completion?.seconds
    if faults == nil && scenario.sync.mayEndEarly {
      metrics[.unfinishedItems] = Double(backlog.count) - (metrics[.items] ?? 0)
    }
    return metrics
  }

  /// Does the work of the scenario: in one sync, or in as many as it takes where the process dies.
  ///
  /// - Returns: what went wrong, where the scenario wants that.
  private func work(
    on clock: VirtualClock, _ recorder: RunRecorder?, _ scheduler: SchedulerMaker,
    onChunk: (SimulatedChunk) throws -> Void
  ) async throws -> FaultFigures? {
    if let faults = scenario.faults, faults.isInjecting {
      let recorder = recorder ?? RunRecorder()
      let machine = try SimulatedMachine(
        scenario, workload, replication: replication, ledger: recorder.ledger, clock: clock)
      return try await live(
        faults, on: machine, recorder, scheduler: { try scheduler(machine, $0, $1, nil) },
        onChunk: onChunk)
    }
    let machine = try SimulatedMachine(
      scenario, workload, replication: replication, ledger: recorder?.ledger, clock: clock)
    let syncer = syncer(
      of: keys, SimulatedHandler(machine: machine), try scheduler(machine, backlog, 0, nil), order,
      recorder?.witness)
    do {
      try await run(syncer, itemLimit: scenario.sync.itemLimit) { record in
        try onChunk(
          SimulatedChunk(record, machine.takeTruth(ofChunk: record.number), workload))
      }
    } catch let failure as SyncFailure<UInt32> {
      throw cause(of: failure, on: machine)
    }
    return nil
  }

  var order: SyncOrder {
    switch scenario.sync.order {
    case .listed: .listed
    case .roughlyListed: .roughlyListed
    case .smallestFirst: .smallestFirst
    case .largestFirst: .largestFirst
    case .mixed: .mixed
    case .shuffled:
      .shuffled(
        seed: StreamSeeds(seed: scenario.seed, replication: replication).wideSeed("order"))
    }
  }

  /// The items a sync has to process, in order.
  var expectedItems: [Int] {
    let backlog = backlog
    return (0..<backlog.count).map { backlog[$0] }
  }

  /// The items in the order the sync takes them.
  var backlog: Backlog {
    Backlog(
      entryCount: workload.count, kept: nil, order: order, limit: scenario.sync.itemLimit,
      hint: { [workload] in workload.hint($0) })
  }
}

/// A finished chunk of a simulated sync, of which all is known.
public typealias SimulatedChunk = MeasuredChunk

/// The items of one class in a simulated chunk.
public typealias SimulatedClass = MeasuredClass

extension MeasuredChunk {
  init(_ record: ChunkRecord, _ truth: ChunkTruth, _ workload: Workload) {
    let processing = Double(truth.processing) / 1e9
    let handling = Double(truth.loaded - truth.overhead - truth.processing) / 1e9
    let useful = handling / Double(truth.handlersAtOnce) + processing / Double(truth.workers)
    let shared = record.processing.inSeconds / Double(record.size)
    self.init(
      record, longestItemSeconds: Double(truth.longestItem) / 1e9,
      overheadSeconds: Double(truth.overhead) / 1e9,
      workSeconds: useful,
      squaredItemSeconds: truth.squaredItems / 1e18, processingWorkSeconds: processing,
      workers: truth.workers, loadFactor: truth.loadFactor,
      classes: truth.classes.enumerated().map { position, entry in
        let name = workload.classes[entry.index]
        let known = record.classes.entry(of: name, near: position)
        return MeasuredClass(
          costClass: name, items: entry.items,
          trueSecondsPerItem: Double(entry.time) / Double(entry.items) / 1e9,
          estimateSecondsPerItem: known?.estimate?.seconds,
          observedSecondsPerItem: known.map { $0.observedSecondsPerItem(sharedProcessing: shared) })
      })
  }
}

extension [ClassRecord] {
  /// The record of a class: at the same place, unless items failed.
  fileprivate func entry(of costClass: CostClass, near position: Int) -> ClassRecord? {
    if position < count && self[position].costClass == costClass { return self[position] }
    return first { $0.costClass == costClass }
  }
}

extension ClassRecord {
  fileprivate func observedSecondsPerItem(sharedProcessing: Double) -> Double {
    let processing =
      completions.count > 0 ? completions.seconds / Double(completions.count) : sharedProcessing
    return handling.seconds / Double(handling.count) + processing
  }
}
