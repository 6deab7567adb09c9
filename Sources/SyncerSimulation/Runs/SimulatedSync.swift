internal import Syncer
internal import SyncerTesting

extension Simulation {
  /// The production sync of some items, on a handler's machine.
  func syncer<Handler: MachineHandler>(
    of items: [UInt32], _ handler: Handler, _ scheduler: any ChunkScheduler, _ order: SyncOrder,
    _ observer: (any SyncObserver)? = nil
  ) -> Syncer<Handler, VirtualClock> {
    let clock = handler.machine.clock
    var syncer = Syncer(
      differences: Differences(leftKeys: items), handler: handler, scheduler: scheduler,
      order: order, clock: clock, observer: observer)
    syncer.handlersAtOnce = scenario.sync.handlersAtOnce
    syncer.openChunks = scenario.sync.openChunks
    syncer.timeLeft = scenario.sync.timeLeft(on: clock)
    return syncer
  }

  /// Runs a sync and tells of its chunks: as they finish, or when all are known where more than one
  /// thing happens at a time.
  func run<Handler: MachineHandler>(
    _ syncer: Syncer<Handler, VirtualClock>, itemLimit: Int?,
    onChunk: (ChunkRecord) throws -> Void
  ) async throws {
    let settings = scenario.sync
    if !settings.isConcurrent {
      for try await record in syncer.chunks(settings, itemLimit: itemLimit) { try onChunk(record) }
      return
    }
    do {
      for record in try await syncer.chunkedSync(settings, itemLimit: itemLimit).chunks {
        try onChunk(record)
      }
    } catch let failure as SyncFailure<UInt32> {
      for record in failure.report.chunks { try onChunk(record) }
      throw failure
    }
  }
}

extension Simulation {
  /// What ended a sync, in the words of the scenario where that is its time.
  func cause(of failure: SyncFailure<UInt32>, on machine: SimulatedMachine) -> any Error {
    failure.underlyingError is VirtualTimeExhausted
      ? machine.exhausted(scenario) : failure.underlyingError
  }
}

extension SyncSettings {
  /// What is left of the time that the sync may take, on a clock that began with it.
  func timeLeft(on clock: VirtualClock) -> (@Sendable () -> Duration?)? {
    guard let seconds = timeLeftSeconds else { return nil }
    let end = Nanoseconds.rounding(seconds)
    return { .nanoseconds(end - clock.now.nanoseconds) }
  }

  fileprivate var chunkTime: Duration? {
    chunkTimeSeconds.map { .nanoseconds(Nanoseconds.rounding($0)) }
  }

  fileprivate var maximumDuration: Duration? {
    maximumDurationSeconds.map { .nanoseconds(Nanoseconds.rounding($0)) }
  }
}

extension Syncer {
  /// The chunks of a simulated sync.
  func chunks(
    _ settings: SyncSettings, itemLimit: Int?
  ) -> ChunkSequence<Handler, TimeSource> {
    chunks(
      chunkTime: settings.chunkTime, itemLimit: itemLimit, chunkCap: settings.chunkCap,
      chunkWeightCap: settings.chunkWeightCap, maximumDuration: settings.maximumDuration)
  }

  /// Runs a simulated sync as a whole.
  func chunkedSync(
    _ settings: SyncSettings, itemLimit: Int?
  ) async throws(SyncFailure<Handler.Key>) -> SyncReport<Handler.Key> {
    try await chunkedSync(
      chunkTime: settings.chunkTime, itemLimit: itemLimit, chunkCap: settings.chunkCap,
      chunkWeightCap: settings.chunkWeightCap, maximumDuration: settings.maximumDuration)
  }
}
