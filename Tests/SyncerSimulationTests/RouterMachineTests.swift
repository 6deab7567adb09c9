import Syncer
import Testing

@testable import SyncerSimulation

/// The simulated machine's arithmetic for workers against the production router.
///
/// One lays a chunk's items out on its workers, the other runs them: to the nanosecond the same.
struct RouterMachineTests {
  /// Draws a small workload for several workers.
  private func scenario(seed: UInt64) -> Scenario {
    var scenario = Scenario.drawn(seed: seed)
    var draw = SplitMix64(seed: seed ^ 0x5EED)
    scenario.workload.workers = 2 + draw.next(below: 6)
    scenario.load = LoadSettings()
    if case .phases(var phases) = scenario.workload.source {
      for index in phases.indices {
        for number in phases[index].classes.indices {
          phases[index].classes[number].process = .gamma(mean: 0.5 + Double(number), cv: 0.7)
        }
      }
      scenario.workload.source = .phases(phases)
    }
    if scenario.schedulers[0].kind == "oracle" { scenario.schedulers = [.standard] }
    return scenario
  }

  /// Runs a scenario through the production router on virtual time.
  private func routed(_ simulation: Simulation) throws -> SyncReport<Int> {
    let machine = try SimulatedMachine(simulation.scenario, simulation.workload, replication: 1)
    let workload = simulation.workload
    let sync = simulation.scenario.sync
    let order: SyncOrder =
      sync.isShuffled
      ? .shuffled(
        seed: StreamSeeds(seed: simulation.scenario.seed, replication: 1).wideSeed("order"))
      : .listed
    let scheduler = simulation.scenario.schedulers[0].scheduler
    return try VirtualTime.run(grace: .zero) { clock in
      let router = Router(
        workers: machine.workers, clock: clock,
        routes: [
          Route(where: { (_: Int) in true }) { item in
            try await clock.sleep(for: .nanoseconds(workload.process(item)))
          }
        ])
      let handler = RouterSyncHandler(
        ClosureSyncHandler<Int, Void, Never, [Int]>(
          costClass: { workload.classes[Int(workload.classOfItem[$0.key])] },
          costHint: { workload.hints.isEmpty ? nil : workload.hints[$0.key] },
          handle: { entry in
            try await clock.sleep(for: .nanoseconds(workload.handle(entry.key)))
            return [entry.key]
          },
          processChunk: { chunk in
            try await clock.sleep(for: .nanoseconds(machine.overhead(ofChunk: chunk.number)))
          }), router: router)
      let syncer = Syncer(
        differences: DiffSets(
          distinctLeft: [Void](repeating: (), count: workload.count),
          keys: Array(0..<workload.count)),
        handler: handler, scheduler: scheduler, order: order, clock: clock)
      return try await router.running {
        try await syncer.chunkedSync(
          chunkTime: sync.chunkTimeSeconds.map { .nanoseconds(Workload.nanoseconds($0)) },
          itemLimit: sync.itemLimit, chunkCap: sync.chunkCap)
      }
    }
  }

  @Test(
    "the router on virtual time gives the report of the simulated machine",
    arguments: [0..<25, 25..<50, 50..<75, 75..<100] as [Range<UInt64>])
  func sameReport(seeds: Range<UInt64>) async throws {
    for seed in seeds {
      let simulation = try Simulation(scenario(seed: seed))
      let fast = try await simulation.chunks(simulation.scenario.schedulers[0])
      let real = try routed(simulation)
      #expect(fast.map(\.record) == real.chunks, "RouterMachineTests seed \(seed)")
      let end = fast.last.map { $0.record.start + $0.record.duration }
      #expect(end ?? .zero == real.duration, "RouterMachineTests seed \(seed)")
    }
  }
}
