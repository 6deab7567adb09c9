import Foundation
import Syncer
import Testing

@testable import SyncerSimulation

/// Random scenarios hold what must hold, and planted faults are found.
@Suite struct FuzzerTests {
  /// Seeds of which something did not hold, or of which a run did not end in time or memory.
  static let foundSeeds: [UInt64] = [
    8408, 41_139, 60_936, 70_506, 507_447, 1_036_167, 2_010_925, 777_014_396,
    488_063_645_921_305_405,
    970_415_694_194_462_108,
  ]

  @Test("seeds that once broke something hold", arguments: foundSeeds)
  func foundBefore(seed: UInt64) async throws {
    let failure = try await Fuzzer().check(seed: seed)
    #expect(failure == nil, "\(failure.map { "\($0)" } ?? "")")
  }

  @Test func twoThousandScenariosHold() async throws {
    // CI passes the commit as seed: new ground on every commit, and still to be reproduced.
    let commit = ProcessInfo.processInfo.environment["CO3_FUZZ_SEED"]
    let extra = commit.flatMap { UInt64($0.prefix(15), radix: 16) }
    for first in [1] + [extra].compactMap({ $0 }) {
      for seed in first..<first + 1000 {
        let failure = try await Fuzzer().check(seed: seed)
        #expect(failure == nil, "\(failure.map { "\($0)" } ?? "")")
        if failure != nil { return }
      }
    }
  }

  struct Plant: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var fault: Fuzzer.Fault
  }

  static let plants = [
    Plant(testDescription: "drops the last item") { run, _ in
      guard let last = run.processed.indices.last, run.processed[last].count > 1 else { return }
      run.processed[last].removeLast()
    },
    Plant(testDescription: "processes a chunk twice") { run, _ in
      if let first = run.processed.first { run.processed.insert(first, at: 0) }
    },
    Plant(testDescription: "is off by one at the cap") { run, scenario in
      guard let cap = scenario.sync.chunkCap else { return }
      for index in run.chunks.indices where run.chunks[index].record.closeReason == .cap {
        run.chunks[index].record.size = cap + 1
        run.processed[index].append(run.processed[index][0])
      }
    },
    Plant(testDescription: "weighs one item too few") { run, scenario in
      guard let cap = scenario.sync.weightCaps.first, scenario.faults == nil else { return }
      for index in run.chunks.indices where run.chunks[index].record.closeReason == .weightCap {
        run.weights[index][0] += cap.atMost
      }
    },
    Plant(testDescription: "loses time between chunks") { run, _ in
      if let last = run.chunks.indices.last, last > 2 {
        run.chunks[last].record.start += .nanoseconds(1)
      }
    },
    Plant(testDescription: "forgets the item limit") { run, scenario in
      guard let limit = scenario.sync.itemLimit, limit == run.expected.count else { return }
      run.processed.append([limit])
    },
    Plant(testDescription: "forgets the open chunk when it starts again") { run, _ in
      guard run.account.crashes > 0 else { return }
      let open = Set(run.account.open.joined())
      run.processed = run.processed.map { $0.filter { !open.contains($0) } }
    },
    Plant(testDescription: "does a finished chunk again when it starts again") { run, _ in
      guard run.account.crashes > 0, let first = run.processed.first else { return }
      run.processed.append(first)
    },
    Plant(testDescription: "drops a failed item silently") { run, _ in
      if !run.account.lost.isEmpty { run.account.lost.removeLast() }
    },
    Plant(testDescription: "swaps two items") { run, _ in
      if let index = run.processed.firstIndex(where: { $0.count > 1 }) {
        run.processed[index].swapAt(0, 1)
      }
    },
  ]

  @Test(arguments: plants) func findsAPlantedFault(plant: Plant) async throws {
    let fuzzer = Fuzzer(fault: plant.fault)
    for seed in UInt64(1)...1000 {
      guard let failure = try await fuzzer.check(seed: seed) else { continue }
      #expect(!failure.violations.isEmpty)
      #expect("\(failure)".contains("--seed \(seed)"))
      #expect(try await !fuzzer.violations(of: failure.smallest).isEmpty)
      return
    }
    Issue.record("A sync that \(plant.testDescription) passes a thousand scenarios.")
  }
}
