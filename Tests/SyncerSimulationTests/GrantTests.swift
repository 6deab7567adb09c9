import Foundation
import Syncer
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Syncs that go on from grant to grant of time, and lose what is open when a grant ends.
struct GrantTests {
  /// What became of the grants of a scenario.
  struct Tally {
    var grants = 0
    var chunks = 0
    var cut = 0
    /// Time that was left at the end of grants in which the sync ended early, in chunks.
    var unused: [Double] = []
  }

  private static let names = [
    "fast-to-slow", "fast-to-slow-handlers", "real-files", "rare-heavy-mix",
    "rare-heavy-mix-process", "router-of-four", "slow-transcriptions", "overhead-bound",
    "fast-files", "load-spike",
  ]

  /// Works a scenario off in random grants, each a new process on the same machine.
  private func workOff(_ name: String, seed: UInt64, grants: Int, _ tally: inout Tally) async throws
  {
    var scenario = try Scenario(
      file: repository.appending(path: "Scenarios/\(name).json").path)
    scenario.faults = nil
    scenario.sync.maximumDurationSeconds = nil
    let simulation = try Simulation(scenario, replication: Int(seed))
    let recorder = RunRecorder()
    let machine = try SimulatedMachine(
      scenario, simulation.workload, replication: Int(seed), ledger: recorder.ledger)
    var draw = SplitMix64(seed: seed)
    var remaining = simulation.expectedItems
    var learned: LearnedCosts?
    for _ in 0..<grants where !remaining.isEmpty {
      // From 10 s to 4 min, short ones as likely as long ones.
      let length = 10 * exp2(Double(draw.next(below: 4586)) / 1000)
      let end = machine.clock.now.nanoseconds + Int64(length * 1e9)
      machine.endTime(at: end)
      let before = recorder.ledger.count
      var syncer = Syncer(
        differences: Differences(leftKeys: remaining.map(UInt32.init)),
        handler: SimulatedHandler(machine: machine, chunksBefore: tally.chunks),
        scheduler: DeadlineScheduler(learned: learned), order: .listed, clock: machine.clock)
      syncer.timeLeft = { .nanoseconds(end - machine.clock.now.nanoseconds) }
      tally.grants += 1
      do {
        let report = try await syncer.chunkedSync(
          chunkTime: scenario.sync.chunkTimeSeconds.map { .seconds($0) },
          chunkCap: scenario.sync.chunkCap)
        learned = report.learned ?? learned
        if report.stopReason == .timeLeft {
          let left = Double(end - machine.clock.now.nanoseconds) / 1e9
          let target = scenario.sync.chunkTimeSeconds ?? 1
          let floors = report.chunks.map { max(target, $0.duration / .seconds(1)) }
          let typical = floors.isEmpty ? target : floors.reduce(0, +) / Double(floors.count)
          tally.unused.append(left / typical)
          #expect(left >= 0)
        }
      } catch {
        #expect(error.underlyingError is VirtualTimeExhausted)
        tally.cut += 1
      }
      tally.chunks += recorder.ledger.count - before
      let done = recorder.ledger.items(since: before)
      remaining.removeAll { done.contains($0) }
      machine.clock.advance(nanoseconds: max(0, end - machine.clock.now.nanoseconds))
    }
  }

  private func exp2(_ value: Double) -> Double {
    let whole = value.rounded(.down)
    // A straight line between powers of two will do for drawing.
    return Double(sign: .plus, exponent: Int(whole), significand: 1 + value - whole)
  }

  @Test("of random grants few end within a chunk, and little of them is unused")
  func grants() async throws {
    var tally = Tally()
    // A thousand by hand: they take minutes in a build for debugging.
    let count = ProcessInfo.processInfo.environment["CO3_GRANTS"].flatMap { Int($0) } ?? 60
    var round: UInt64 = 1
    while tally.grants < count {
      for name in Self.names where tally.grants < count {
        let before = tally
        try await workOff(name, seed: round, grants: min(10, count - tally.grants), &tally)
        print(
          "\(name) \(round): \(tally.grants - before.grants) grants, "
            + "\(tally.chunks - before.chunks) chunks, \(tally.cut - before.cut) cut off, unused "
            + "\(tally.unused.dropFirst(before.unused.count).map { ($0 * 10).rounded() / 10 })")
      }
      round += 1
    }
    let share = Double(tally.cut) / Double(tally.chunks + tally.cut)
    let unused = tally.unused.reduce(0, +) / Double(tally.unused.count)
    print("grants \(tally.grants), chunks \(tally.chunks), cut \(tally.cut), unused \(unused)")
    #expect(share <= 0.005, "\(tally.cut) of \(tally.chunks) chunks are cut off")
    #expect(unused <= 1.2, "\(unused) chunks are unused")
  }
}
