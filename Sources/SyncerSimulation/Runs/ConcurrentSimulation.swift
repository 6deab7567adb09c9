internal import Syncer
internal import SyncerTesting

extension Simulation {
  /// Runs a sync that does more than one thing at a time, on an executor of virtual time.
  ///
  /// Chunks are told of when all are known.
  func runAtOnce(
    _ scheduler: any ChunkScheduler, _ recorder: RunRecorder?,
    onChunk: (SimulatedChunk) throws -> Void
  ) async throws -> RunMetrics {
    let chunks = try await VirtualTime.run { clock in
      try await self.chunks(scheduler, recorder, on: clock)
    }
    try Task.checkCancellation()
    var figures = RunFigures()
    for chunk in chunks {
      figures.add(chunk)
      try onChunk(chunk)
    }
    return figures.metrics
  }

  private func chunks(
    _ scheduler: any ChunkScheduler, _ recorder: RunRecorder?, on clock: VirtualClock
  ) async throws -> [SimulatedChunk] {
    let machine = try SimulatedMachine(
      scenario, workload, replication: replication, ledger: recorder?.ledger, clock: clock)
    var syncer = Syncer(
      differences: Differences(leftKeys: keys), handler: SimulatedHandler(machine: machine),
      scheduler: scheduler, order: order, clock: clock, observer: recorder?.witness)
    syncer.handlersAtOnce = scenario.sync.handlersAtOnce
    syncer.openChunks = scenario.sync.openChunks
    syncer.timeLeft = scenario.sync.timeLeft(on: clock)
    let settings = scenario.sync
    do {
      let report = try await syncer.chunkedSync(
        chunkTime: settings.chunkTimeSeconds.map { .nanoseconds(Nanoseconds.rounding($0)) },
        itemLimit: settings.itemLimit, chunkCap: settings.chunkCap,
        chunkWeightCap: settings.chunkWeightCap,
        maximumDuration: settings.maximumDurationSeconds.map {
          .nanoseconds(Nanoseconds.rounding($0))
        })
      return report.chunks.map { record in
        SimulatedChunk(record, machine.takeTruth(ofChunk: record.number), workload)
      }
    } catch {
      if error.underlyingError is VirtualTimeExhausted { throw machine.exhausted(scenario) }
      throw error.underlyingError
    }
  }
}
