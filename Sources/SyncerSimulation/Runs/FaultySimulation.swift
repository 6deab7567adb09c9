internal import Syncer
internal import SyncerTesting

/// What became of the items of a run in which things went wrong.
struct FaultTally {
  /// Items that failed and were left out for good.
  var failed: [Int] = []
  /// Items neither processed nor failed when the run ended.
  var unfinished: [Int] = []
  /// How often the process died.
  var crashes = 0
  /// Nanoseconds spent on chunks that a crash or a failure ended.
  var lostNanoseconds: Int64 = 0

  /// Counts the items that are left at the end.
  mutating func end(leaving items: [Int], _ recorder: RunRecorder) {
    let failures = recorder.witness.failedItems
    failed += items.filter { failures.contains($0) }
    unfinished = items.filter { !failures.contains($0) }
    recorder.witness.end(with: self)
  }

  var figures: FaultFigures {
    FaultFigures(
      failedItems: failed.count, unfinishedItems: unfinished.count, crashes: crashes,
      lostSeconds: Double(lostNanoseconds) / 1e9)
  }
}

extension Simulation {
  /// The most crashes in a row without an item processed: beyond that a run would never end.
  static let fruitlessCrashLimit = 1000
  /// The most crashes in one run: each starts again with all items left, which takes its time.
  static let crashLimit = 10_000

  /// Runs a sync that may fail, die and start again from what was processed.
  ///
  /// After a crash a new process finds what is not yet processed, takes it in the same order, and
  /// starts with the scheduler as it was given: what was learned died too.
  ///
  /// `scheduler` makes the scheduler for items in their order, after a number of chunks.
  func live(
    _ faults: FaultSettings, on machine: SimulatedMachine, _ recorder: RunRecorder,
    scheduler: (Backlog, Int) throws -> any ChunkScheduler,
    onChunk: (SimulatedChunk) throws -> Void
  ) async throws -> FaultFigures {
    let seeds = StreamSeeds(seed: scenario.seed, replication: replication)
    let injector = FaultInjector(
      ItemFailures(faults, workload, seeds), faults.crashes, seeds, process: 1)
    var tally = FaultTally()
    var remaining = expectedItems
    var chunkCount = 0
    var fruitlessCrashes = 0
    while true {
      let life = SimulatedLife(
        injector, cancelMoment: faults.cancelAtSeconds.map(Nanoseconds.rounding), on: machine)
      let born = machine.clock.now.nanoseconds
      var safe = born
      let chunksBefore = chunkCount
      let callsBefore = recorder.ledger.count
      let syncer = syncer(
        remaining, life, try scheduler(Backlog(remaining), chunksBefore), faults, machine,
        chunksBefore, recorder)
      do {
        try await run(syncer, itemLimit: nil) { record in
          let record = record.moved(to: born, after: chunksBefore)
          // A chunk that was lost beside others leaves its number out.
          chunkCount = record.number
          safe = record.end.wholeNanoseconds
          try onChunk(
            SimulatedChunk(record, machine.takeTruth(ofChunk: record.number), workload))
        }
      } catch let failure as SyncFailure<UInt32> {
        try accept(failure, on: machine, recorder)
      }
      let done = try settle(on: machine, recorder, &tally, since: safe, calls: callsBefore)
      let countBefore = remaining.count
      remaining.removeAll { done.contains($0) }
      guard life.hasCrashed else { break }
      tally.crashes += 1
      fruitlessCrashes = remaining.count < countBefore ? 0 : fruitlessCrashes + 1
      if fruitlessCrashes >= Self.fruitlessCrashLimit { throw fruitless }
      tally.crashes += try restart(machine, injector, faults)
      if tally.crashes > Self.crashLimit { throw tooFrequent }
      if life.isCancelled || remaining.isEmpty { break }
    }
    tally.end(leaving: remaining, recorder)
    return tally.figures
  }

  /// The sync of some items in one life of a process.
  func syncer(
    _ items: [Int], _ life: SimulatedLife, _ scheduler: any ChunkScheduler,
    _ faults: FaultSettings, _ machine: SimulatedMachine, _ chunksBefore: Int,
    _ recorder: RunRecorder
  ) -> Syncer<FaultyHandler, VirtualClock> {
    let base = SimulatedHandler(machine: machine, chunksBefore: chunksBefore)
    var syncer = syncer(
      of: items.map(UInt32.init), FaultyHandler(base: base, life: life), scheduler,
      scenario.sync.order == .listed ? .listed : .roughlyListed, recorder.witness)
    syncer.onFailure = faults.onFailure.policy
    syncer.stop = life.stop
    return syncer
  }

  /// Takes a failure for one of those that the scenario wants.
  ///
  /// - Throws: what a scenario cannot want: virtual time that is used up, and arguments that are none.
  func accept(
    _ failure: SyncFailure<UInt32>, on machine: SimulatedMachine, _ recorder: RunRecorder
  ) throws {
    let error = failure.underlyingError
    if error is VirtualTimeExhausted || error is SyncArgumentError {
      throw cause(of: failure, on: machine)
    }
    recorder.witness.end(with: failure)
  }

  /// Counts what a life has lost that ended by now: all since its last whole chunk, at a moment in
  /// nanoseconds, and all but the calls that were recorded before it are its own.
  ///
  /// - Returns: the items that it has processed.
  /// - Throws: `ScenarioError` where time or the load were used up; `CancellationError`.
  func settle(
    on machine: SimulatedMachine, _ recorder: RunRecorder, _ tally: inout FaultTally,
    since moment: Int64, calls: Int
  ) throws -> Set<Int> {
    if recorder.witness.hasTimeEnded || machine.isLoadExhausted {
      throw machine.exhausted(scenario)
    }
    try Task.checkCancellation()
    let lost = machine.clock.now.nanoseconds - moment
    tally.lostNanoseconds = tally.lostNanoseconds.adding(saturating: lost)
    machine.dropTruths()
    return recorder.ledger.items(since: calls)
  }

  /// Starts the process again, in which it may die again; returns how often it did.
  func restart(
    _ machine: SimulatedMachine, _ injector: FaultInjector, _ faults: FaultSettings
  ) throws -> Int {
    let time = Nanoseconds.rounding(faults.restartSeconds)
    var crashes = 0
    machine.freeWorkers()
    while true {
      let now = machine.clock.now.nanoseconds
      let next = injector.nextCrash(after: now)
      if time > VirtualClock.limit - now { throw Workload.tooLong(scenario) }
      if next - now >= time {
        machine.clock.advance(nanoseconds: time)
        return crashes
      }
      machine.clock.advance(nanoseconds: next - now)
      crashes += 1
      if crashes >= Self.fruitlessCrashLimit { throw fruitless }
    }
  }

  /// Where a scenario is at fault whose process crashes too often.
  static let crashesKeyPath = "faults.crashes"

  var fruitless: ScenarioError {
    ScenarioError(
      file: "The scenario \(scenario.name)", keyPath: Self.crashesKeyPath,
      rule: "come \(Self.fruitlessCrashLimit) times in a row before an item is processed",
      remedy: "let them come less often, or lower sync.chunkTime or faults.restartTime")
  }

  var tooFrequent: ScenarioError {
    ScenarioError(
      file: "The scenario \(scenario.name)", keyPath: Self.crashesKeyPath,
      rule: "come more than \(Self.crashLimit) times before the items are done",
      remedy: "let them come less often, or lower the costs or the counts")
  }
}

extension Backlog {
  /// Items in the order given.
  init(_ items: [Int]) {
    self.init(entryCount: items.count, kept: items, order: .listed, limit: nil)
  }
}

extension ChunkRecord {
  /// The record as a chunk of the whole run.
  func moved(to born: Int64, after chunks: Int) -> ChunkRecord {
    var record = self
    record.number += chunks
    record.start += .nanoseconds(born)
    return record
  }
}
