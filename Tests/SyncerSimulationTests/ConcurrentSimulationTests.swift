import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Scenarios in which more than one thing happens at a time.
struct ConcurrentSimulationTests {
  private func videos(open: Int, photos: Bool = false) -> Scenario {
    let video = ItemClass(name: "video", process: .lognormal(mean: 300, cv: 0.8))
    var phases = [WorkloadPhase(count: 2000, classes: [video])]
    if photos {
      phases.append(
        WorkloadPhase(
          count: 30_000, classes: [ItemClass(name: "photo", process: .constant(0.08))]))
    }
    return Scenario(
      name: "videos", seed: 1,
      sync: SyncSettings(chunkTimeSeconds: 120, isShuffled: photos, openChunks: open),
      workload: WorkloadSettings(
        source: .phases(phases), chunkOverhead: .constant(1.5), workers: 8),
      schedulers: [.standard])
  }

  /// The makespan over what the workers would need without a pause.
  private func stretch(_ scenario: Scenario) async throws -> Double {
    let simulation = try Simulation(scenario)
    let metrics = try await simulation.run(scenario.schedulers[0])
    var work = 0.0
    for item in 0..<simulation.workload.count {
      work += Double(simulation.workload.process(item)) / 1e9
    }
    return try #require(metrics[.makespan]) * Double(scenario.workload.workers) / work
  }

  @Test("chunks that are filled and not processed count against a budget", arguments: [1, 2, 4])
  func budget(open: Int) async throws {
    let item = ItemClass(name: "item", handle: .constant(0.05), process: .constant(0.1))
    for seconds in [20.0, 33, 60] {
      var scenario = Scenario(
        name: "budget", sync: SyncSettings(chunkTimeSeconds: 5, openChunks: open),
        workload: WorkloadSettings(source: .phases([WorkloadPhase(count: 5000, classes: [item])])),
        schedulers: [.standard])
      scenario.sync.timeLeftSeconds = seconds
      let makespan = try #require(
        try await Simulation(scenario).run(scenario.schedulers[0])[.makespan])
      #expect(makespan <= seconds && makespan > seconds - 6, "\(makespan) of \(seconds) s")
    }
  }

  @Test("workers go on with the next chunk while the last jobs of one run")
  func workers() async throws {
    let alone = try await stretch(videos(open: 1))
    let two = try await stretch(videos(open: 2))
    let four = try await stretch(videos(open: 4))
    #expect(two < 1.45 && four < 1.12, "\(alone), \(two), \(four)")
    #expect(alone > two && two > four)
  }

  @Test("photos fill the workers that are idle beside a long video")
  func photos() async throws {
    let two = try await stretch(videos(open: 2, photos: true))
    let four = try await stretch(videos(open: 4, photos: true))
    #expect(two < 1.5 && four < 1.12, "\(two), \(four)")
  }

  @Test("three workers and two open chunks are hardly ever idle")
  func threeWorkers() async throws {
    let jobs = ItemClass(name: "job", process: .lognormal(mean: 20, cv: 1))
    let scenario = Scenario(
      name: "jobs", seed: 1, sync: SyncSettings(chunkTimeSeconds: 60, openChunks: 2),
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: 4000, classes: [jobs])]),
        chunkOverhead: .constant(1), workers: 3), schedulers: [.standard])
    let stretch = try await stretch(scenario)
    #expect(stretch < 1.08, "\(stretch)")
  }

  @Test("chunks of items handled at once come near their target")
  func handlers() async throws {
    let work = ItemClass(name: "work", handle: .lognormal(mean: 2, cv: 1))
    let scenario = Scenario(
      name: "at once", seed: 1,
      sync: SyncSettings(chunkTimeSeconds: 60, handlersAtOnce: 4),
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: 10_000, classes: [work])]),
        chunkOverhead: .constant(0.5)), schedulers: [.standard])
    let simulation = try Simulation(scenario)
    var metrics = try await simulation.run(scenario.schedulers[0])
    metrics.relate(to: try await Optimum(simulation))
    let waste = try #require(metrics[.wasteVsOptimal])
    #expect(waste >= 1 && waste < 1.08, "\(waste)")
    let again = try await simulation.run(scenario.schedulers[0])
    #expect(again[.makespan] == metrics[.makespan])
  }
}
