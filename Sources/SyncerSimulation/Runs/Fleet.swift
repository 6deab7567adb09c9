internal import Syncer
internal import SyncerTesting

/// The processes that share one sync by ranges of keys, each with a chunk loop of its own.
///
/// Whoever is free takes the first range that nobody has, as in a table of shares; the range of a process
/// that dies is free at once, and another goes on after its last whole chunk. The processes share
/// nothing else: one after the other is simulated until its range is done or its process dead, in the
/// order in which they take ranges, which is all that they know of each other.
struct Fleet: ~Copyable {
  private let simulation: Simulation
  private let recorder: RunRecorder
  private var workers: [FleetWorker] = []
  /// The ranges that nobody has, or will have once whoever has them is dead, by number.
  private var open: [KeyRange]
  private var tally = FaultTally()
  private var takeovers = 0
  /// The chunks that were finished.
  private var chunks: [SimulatedChunk] = []

  /// Makes the processes, each with a machine of its own.
  ///
  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init(_ simulation: Simulation, recorder: RunRecorder) throws(ScenarioError) {
    self.simulation = simulation
    self.recorder = recorder
    open = simulation.ranges
    let scenario = simulation.scenario
    let faults = scenario.faults ?? FaultSettings()
    let seeds = StreamSeeds(seed: scenario.seed, replication: simulation.replication)
    let plan = ItemFailures(faults, simulation.workload, seeds)
    for number in 1...scenario.sync.workers {
      let machine = try SimulatedMachine(
        scenario, simulation.workload, replication: simulation.replication,
        ledger: recorder.ledger, process: number)
      workers.append(
        FleetWorker(
          number: number, machine: machine, faults: faults,
          injector: FaultInjector(
            plan, faults.crashes.ofProcess(number, among: scenario.sync.workers), seeds,
            process: number)))
    }
  }

  /// Works off all ranges, or as many as there are processes left for.
  ///
  /// - Throws: `ScenarioError` where processes crash too often or take too long; `CancellationError`.
  consuming func run(
    scheduler: Simulation.SchedulerMaker, onChunk: (SimulatedChunk) throws -> Void
  ) async throws -> (faults: FaultFigures?, fleet: FleetFigures) {
    while let (index, start) = next {
      guard try workers[index].waits(until: start, simulation, &tally),
        let place = open.firstIndex(where: { $0.freeAt <= start })
      else { continue }
      var range = open.remove(at: place)
      if range.wasBegun { takeovers += 1 }
      range.wasBegun = true
      try await workers[index].work(
        off: &range, simulation, recorder, &tally, scheduler: scheduler
      ) { chunks.append($0) }
      if !range.items.isEmpty {
        range.freeAt = workers[index].latestEnd
        open.insert(range, at: open.partitionIndex { $0.number > range.number })
      }
    }
    chunks.sort { ($0.record.start, $0.worker) < ($1.record.start, $1.worker) }
    for index in chunks.indices {
      chunks[index].record.number = index + 1
      try onChunk(chunks[index])
    }
    tally.end(leaving: open.flatMap(\.items), recorder)
    let isFaulty = simulation.scenario.faults?.isInjecting ?? false
    return (
      isFaulty ? tally.figures : nil, FleetFigures(workers: workers.count, takeovers: takeovers)
    )
  }

  /// Who takes a range next, and when: whoever can do so first.
  ///
  /// Nil where no range or nobody is left.
  private var next: (worker: Int, start: Int64)? {
    guard let free = open.map(\.freeAt).min() else { return nil }
    var best: (worker: Int, start: Int64)?
    for (index, worker) in workers.enumerated() where !worker.hasEnded {
      let start = max(worker.machine.clock.now.nanoseconds, free)
      if best.map({ start < $0.start }) ?? true { best = (index, start) }
    }
    return best
  }
}
