import Syncer
import Testing

@testable import SyncerSimulation

/// What goes wrong where more than one thing happens at a time, worked out by hand.
struct ConcurrentFaultTests {
  /// Items of a second of handling in chunks by count.
  private func scenario(
    count: Int, cap: Int, process: Double = 0, handlersAtOnce: Int = 1, openChunks: Int = 1,
    workers: Int = 1, _ faults: FaultSettings
  ) -> Scenario {
    let item = ItemClass(name: "item", handle: .constant(1), process: .constant(process))
    var scenario = Scenario(
      name: "faults at once",
      sync: SyncSettings(
        chunkTimeSeconds: nil, chunkCap: cap, handlersAtOnce: handlersAtOnce,
        openChunks: openChunks),
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: count, classes: [item])]), workers: workers),
      schedulers: [.standard])
    scenario.faults = faults
    return scenario
  }

  @Test("a crash ends all items at work, and only the open chunk is redone")
  func crashOfHandlers() async throws {
    let faults = FaultSettings(crashes: CrashSettings(atSeconds: [4.5]), restartSeconds: 2)
    let outcome = try await record(scenario(count: 10, cap: 4, handlersAtOnce: 2, faults))
    #expect(outcome.recorder.ledger.chunks == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(outcome.chunks.map(\.record.start) == [0, 2, 6.5].map { .seconds($0) })
    #expect(outcome.metrics[.restarts] == 1)
    #expect(outcome.metrics[.lost] == 0.5)
    #expect(outcome.metrics[.makespan] == 7.5)
  }

  @Test("a crash loses all chunks that are open")
  func crashOfOpenChunks() async throws {
    // Chunk 1 is handled by 3 s and processed by 12; at 13 chunk 2 is at work and chunk 3 is handled.
    let faults = FaultSettings(crashes: CrashSettings(atSeconds: [13]))
    let outcome = try await record(
      scenario(count: 9, cap: 3, process: 3, openChunks: 2, faults))
    #expect(outcome.recorder.ledger.chunks == [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    #expect(outcome.chunks.map(\.record.number) == [1, 2, 3])
    #expect(outcome.metrics[.lost] == 1)
    // From 13 s on: handled by 16, processed by 25 and 34.
    #expect(outcome.metrics[.makespan] == 34)
  }

  @Test("workers are free again after a crash, whatever they were given before")
  func crashOfWorkers() async throws {
    let faults = FaultSettings(crashes: CrashSettings(atSeconds: [5]))
    let outcome = try await record(
      scenario(count: 4, cap: 2, process: 100, openChunks: 2, workers: 2, faults))
    #expect(outcome.recorder.ledger.chunks == [[0, 1], [2, 3]])
    // At 5 s anew: handled by 7 s, processed by 107, and the second chunk 100 s after.
    #expect(outcome.metrics[.makespan] == 207)
  }

  @Test("items that fail are left out, and all others are processed once")
  func failures() async throws {
    for seed in UInt64(1)...5 {
      var faults = FaultSettings(onFailure: FailureSettings(maximumErrors: 100))
      faults.items = [
        ItemFaults(probability: 0.1, phase: .handle), ItemFaults(probability: 0.1, phase: .process),
      ]
      var scenario = scenario(
        count: 200, cap: 7, process: 0.1, handlersAtOnce: 3, openChunks: 3, faults)
      scenario.seed = seed
      let outcome = try await record(scenario)
      let processed = outcome.recorder.ledger.chunks.joined()
      let failed = outcome.recorder.witness.failedItems
      #expect(failed.count > 10, "seed \(seed)")
      #expect((Array(processed) + failed).sorted() == Array(0..<200), "seed \(seed)")
    }
  }

  @Test("a chunk that is refused for its size is divided, however many are open")
  func refusals() async throws {
    let item = ItemClass(
      name: "item", handle: .constant(1), weights: [WeightSettings(.bytes, mean: 1000)])
    var settings = WorkloadSettings(
      source: .phases([WorkloadPhase(count: 50, classes: [item])]))
    settings.largestChunk = [ChunkWeightCap.Limit(.bytes, atMost: 4000)]
    let outcome = try await record(
      Scenario(
        name: "refused",
        sync: SyncSettings(chunkTimeSeconds: nil, chunkCap: 10, handlersAtOnce: 2, openChunks: 2),
        workload: settings, schedulers: [.standard]))
    let processed = outcome.recorder.ledger.chunks
    #expect(processed.joined().elementsEqual(0..<50))
    #expect(processed.allSatisfy { $0.count <= 4 })
    #expect(outcome.chunks.map(\.record.size).reduce(0, +) == 50)
  }
}
