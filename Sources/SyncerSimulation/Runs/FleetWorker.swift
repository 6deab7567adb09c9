internal import Syncer
internal import SyncerTesting

/// One of the processes that share a sync, on a machine of its own, life after life.
///
/// After a crash a new process takes up what is not yet processed, and starts with the scheduler as it was
/// given: what was learned died too.
struct FleetWorker {
  /// The number of the process, from 1.
  let number: Int
  let machine: SimulatedMachine
  private let faults: FaultSettings
  private let injector: FaultInjector
  private var life: SimulatedLife
  /// When the process was born, in nanoseconds.
  private var born: Int64 = 0
  private var chunkCount = 0
  private var crashCount = 0
  /// What it has learned since it was born.
  private var learned: LearnedCosts?
  /// Whether it has ended, and takes no range any more.
  private(set) var hasEnded = false
  /// When it left its latest range, in nanoseconds: before it started again where it died.
  private(set) var latestEnd: Int64 = 0

  /// Makes a process, born at the start.
  init(
    number: Int, machine: SimulatedMachine, faults: FaultSettings, injector: FaultInjector
  ) {
    (self.number, self.machine, self.faults, self.injector) = (number, machine, faults, injector)
    life = SimulatedLife(injector, cancelMoment: faults.cancelMoment, on: machine)
  }

  /// Waits for a range until a moment.
  ///
  /// - Returns: whether the process is there then, and has not died or been asked to stop meanwhile.
  mutating func waits(
    until moment: Int64, _ simulation: Simulation, _ tally: inout FaultTally
  ) throws -> Bool {
    let now = machine.clock.now.nanoseconds
    if moment <= now { return true }
    let end = min(life.crashMoment, faults.cancelMoment ?? .max, moment)
    machine.clock.advance(nanoseconds: max(0, end - now))
    if end == moment { return true }
    hasEnded = life.crashMoment > end
    if !hasEnded { try startAgain(simulation, &tally) }
    return false
  }

  /// Works off a range, until it is done, or the process dead or at its end.
  ///
  /// Leaves in the range what others may take up: nothing where it is done, and what failed for good.
  mutating func work(
    off range: inout KeyRange, _ simulation: Simulation, _ recorder: RunRecorder,
    _ tally: inout FaultTally, scheduler: Simulation.SchedulerMaker,
    take: (SimulatedChunk) throws -> Void
  ) async throws {
    let begun = machine.clock.now.nanoseconds
    var settings = simulation.scenario.sync
    if let seconds = settings.maximumDurationSeconds {
      let left = Nanoseconds.rounding(seconds) - (begun - born)
      settings.maximumDurationSeconds = Double(left) / 1e9
      hasEnded = left <= 0
      if hasEnded { return }
    }
    var safe = begun
    let (chunksBefore, processedBefore) = (chunkCount, recorder.ledger.count)
    let syncer = simulation.syncer(
      range.items, life, try scheduler(machine, Backlog(range.items), chunksBefore, learned),
      faults, machine, chunksBefore, recorder)
    var isFailed = false
    do {
      var run = syncer.chunks(settings, itemLimit: nil).makeAsyncIterator()
      defer { learned = run.learned ?? learned }
      while let record = try await run.next() {
        chunkCount += 1
        safe = machine.clock.now.nanoseconds
        let record = record.moved(to: begun, after: chunksBefore)
        var chunk = SimulatedChunk(
          record, machine.takeTruth(ofChunk: record.number), simulation.workload)
        chunk.worker = number
        try take(chunk)
      }
    } catch let failure as SyncFailure<UInt32> {
      try simulation.accept(failure, on: machine, recorder)
      isFailed = true
    }
    latestEnd = machine.clock.now.nanoseconds
    let done = try simulation.settle(
      on: machine, recorder, &tally, since: safe, calls: processedBefore)
    range.items.removeAll { done.contains($0) }
    if life.hasCrashed {
      range.fruitlessCrashes = done.isEmpty ? range.fruitlessCrashes + 1 : 0
      if range.fruitlessCrashes >= Simulation.fruitlessCrashLimit { throw simulation.fruitless }
      try startAgain(simulation, &tally)
      return
    }
    let failed = recorder.witness.failedItems
    tally.failed += range.items.filter { failed.contains($0) }
    range.items.removeAll { failed.contains($0) }
    hasEnded = isFailed || !range.items.isEmpty
  }

  /// Starts the process again, in which it may die again.
  private mutating func startAgain(_ simulation: Simulation, _ tally: inout FaultTally) throws {
    hasEnded = life.isCancelled
    learned = nil
    let crashes = 1 + (try simulation.restart(machine, injector, faults))
    tally.crashes += crashes
    crashCount += crashes
    if crashCount > Simulation.crashLimit { throw simulation.tooFrequent }
    born = machine.clock.now.nanoseconds
    life = SimulatedLife(injector, cancelMoment: faults.cancelMoment, on: machine)
  }
}

extension FaultSettings {
  /// When the sync is asked to stop, in nanoseconds.
  fileprivate var cancelMoment: Int64? { cancelAtSeconds.map(Nanoseconds.rounding) }
}
