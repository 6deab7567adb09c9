internal import Syncer
internal import SyncerTesting

// Syncs in a row, each with what those before it have learned.
extension Simulation {
  /// How far the replications of one run are from those of the next.
  private static let runDistance = 1_000_001

  /// What the syncs before a run have taught its scheduler: the same scenario, with other draws.
  func learned(before settings: SchedulerSettings) async throws -> LearnedCosts? {
    var learned: LearnedCosts?
    for run in 1..<max(1, settings.run) {
      var scenario = scenario
      scenario.faults = nil
      let before = try Simulation(
        scenario, replication: replication + run * Self.runDistance)
      learned = try await before.learned(by: settings.scheduler(after: learned))
    }
    return learned
  }

  /// What a scheduler has learned at the end of the sync.
  func learned(by scheduler: any ChunkScheduler) async throws -> LearnedCosts? {
    if scenario.sync.isConcurrent {
      return try await VirtualTime.run { clock in
        try await self.learned(by: scheduler, on: clock)
      }
    }
    return try await learned(by: scheduler, on: VirtualClock())
  }

  private func learned(
    by scheduler: any ChunkScheduler, on clock: VirtualClock
  ) async throws -> LearnedCosts? {
    let machine = try SimulatedMachine(
      scenario, workload, replication: replication, clock: clock)
    let syncer = syncer(of: keys, SimulatedHandler(machine: machine), scheduler, order)
    do {
      return try await syncer.chunkedSync(scenario.sync, itemLimit: scenario.sync.itemLimit).learned
    } catch {
      throw cause(of: error, on: machine)
    }
  }
}
