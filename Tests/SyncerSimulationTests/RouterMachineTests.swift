import Syncer
import SyncerRouting
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// The simulated machine's arithmetic for workers against the production router.
///
/// One lays a chunk's items out on its workers, the other runs them: to the nanosecond the same.
struct RouterMachineTests {
  /// Draws a small workload for several workers.
  private func scenario(seed: UInt64, isLoaded: Bool = false) -> Scenario {
    var scenario = Scenario.drawn(seed: seed)
    var draw = SplitMix64(seed: seed ^ 0x5EED)
    scenario.workload.workers = 2 + draw.next(below: 6)
    scenario.load = LoadSettings()
    if isLoaded {
      scenario.load.windows = [
        LoadWindow(fromSeconds: 3, toSeconds: 8, slowdown: 10, everySeconds: 20)
      ]
    }
    if case .phases(var phases) = scenario.workload.source {
      for index in phases.indices {
        for number in phases[index].classes.indices {
          phases[index].classes[number].process = .gamma(mean: 0.5 + Double(number), cv: 0.7)
        }
      }
      scenario.workload.source = .phases(phases)
    }
    if scenario.schedulers[0].isBound { scenario.schedulers = [.standard] }
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
      @Sendable func spend(_ work: Int64) async throws {
        let time = machine.elapsed(work: work, at: clock.now.nanoseconds)
        try await clock.sleep(for: .nanoseconds(time))
      }
      let router = Router(
        workers: machine.workers, clock: clock,
        routes: [
          Route(where: { (_: Int) in true }) { item in
            try await spend(workload.process(item))
          }
        ])
      let jobs = RouterSyncHandler(
        ClosureSyncHandler<Int, Void, Never, [Int]>(
          handle: { [$0.key] }, processChunk: { _ in }), router: router)
      let handler = ClosureSyncHandler<Int, Void, Never, PreparedEvents<Int>>(
        costClass: { workload.classes[Int(workload.classOfItem[$0.key])] },
        costHint: { workload.hints.isEmpty ? nil : workload.hints[$0.key] },
        workers: machine.workers,
        handle: { entry in
          try await spend(workload.handle(entry.key))
          let hint = machine.processingGrowsWithHint ? workload.hint(entry.key) : nil
          return PreparedEvents([entry.key], hint: hint)
        },
        processChunk: { chunk in
          try await spend(machine.overhead(ofChunk: chunk.number))
          try await jobs.processChunk(chunk)
        })
      let syncer = Syncer(
        differences: Differences(
          distinctLeft: [Void](repeating: (), count: workload.count),
          keys: Array(0..<workload.count)),
        handler: handler, scheduler: scheduler, order: order, clock: clock)
      return try await router.running {
        try await syncer.chunkedSync(
          chunkTime: sync.chunkTimeSeconds.map { .nanoseconds(Nanoseconds.rounding($0)) },
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

  @Test("under load too, but for the rounding of each job's end to a nanosecond")
  func loaded() async throws {
    for seed in 0..<40 as Range<UInt64> {
      let simulation = try Simulation(scenario(seed: seed, isLoaded: true))
      let fast = try await simulation.chunks(simulation.scenario.schedulers[0])
      let real = try routed(simulation)
      #expect(fast.map(\.record.size) == real.chunks.map(\.size), "RouterMachineTests seed \(seed)")
      for (expected, chunk) in zip(fast, real.chunks) {
        let difference = expected.durationSeconds - chunk.duration.inSeconds
        #expect(
          abs(difference) < 1e-6, "RouterMachineTests seed \(seed), chunk \(chunk.number)")
      }
    }
  }
}
