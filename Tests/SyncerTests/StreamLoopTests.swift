import Testing

@testable import Syncer

/// The laws of the loop, for a sync that reads a stream.
struct StreamLoopTests {
  private static let limits = [nil, 0, 1, 2, 3, 4, 5, 6, 7]
  private static let caps = [nil, 1, 2, 3, 4]

  @Test("a stream is worked off as what is known, whatever the arguments: the same report")
  func exhaustive() async throws {
    let orders: [SyncOrder] = [.listed, .roughlyListed, .shuffledInWindows(of: 3, seed: 4)]
    for kind in LoopKind.allCases {
      for (count, order) in (0...6).flatMap({ count in orders.map { (count, $0) } }) {
        for (limit, cap) in Self.limits.flatMap({ limit in Self.caps.map { (limit, $0) } }) {
          let (known, streamed) = (Bench(0..<count), Bench(0..<count))
          let wanted = try await known.syncer(kind.scheduler, order: order).chunkedSync(
            chunkTime: kind.chunkTime, itemLimit: limit, chunkCap: cap)
          let report = try await streamed.streamSyncer(kind.scheduler, order: order).chunkedSync(
            chunkTime: kind.chunkTime, itemLimit: limit, chunkCap: cap)
          let label = "\(kind), \(count) items, limit \(limit ?? -1), cap \(cap ?? -1), \(order)"
          #expect(report == wanted, "\(label)")
          #expect(streamed.journal.processed == known.journal.processed, "\(label)")
          #expect(streamed.journal.handled == known.journal.handled, "\(label)")
        }
      }
    }
  }

  @Test("random syncs of classes, filters, weights and concurrency are those of what is known")
  func randomSyncs() async throws {
    for seed in UInt64(0)..<300 {
      var generator = SplitMix64(seed: seed)
      let count = generator.next(below: 3000)
      let classes = 1 + generator.next(below: 40)
      let kept = 1 + generator.next(below: 4)
      let orders: [SyncOrder] = [
        .listed, .roughlyListed, .shuffledInWindows(of: 1 + generator.next(below: 700), seed: seed),
      ]
      let order = orders[generator.next(below: 3)]
      let limit = generator.next(below: 3) == 0 ? generator.next(below: 2 * count + 1) : nil
      let openChunks = 1 + generator.next(below: 3)
      let isWeighed = generator.next(below: 3) == 0
      var reports: [SyncReport<Int>] = []
      var processed: [[[Int]]] = []
      for isStreamed in [false, true] {
        var bench = Bench(0..<count)
        // Nothing is filtered behind the last item, so that the end is known in time.
        bench.filter = { $0 % kept == 0 || $0 == count - 1 }
        bench.costClass = { CostClass("\($0 * 7 % 1000 % classes)") }
        bench.cost = { .milliseconds(1 + $0 % 13) }
        bench.weight = { item, _ in item % 10 }
        var syncer =
          isStreamed
          ? bench.streamSyncer(DeadlineScheduler(), order: order)
          : bench.syncer(DeadlineScheduler(), order: order)
        syncer.openChunks = openChunks
        reports.append(
          try await syncer.chunkedSync(
            chunkTime: .milliseconds(200), itemLimit: limit,
            chunkWeightCap: isWeighed ? ["bytes": 60] : nil))
        processed.append(bench.journal.processed)
      }
      let areSame = reports[0] == reports[1] && processed[0] == processed[1]
      // What is at work together shares the clock: its times are not the same twice.
      let areAlike = processed[0].flatMap { $0 }.sorted() == processed[1].flatMap { $0 }.sorted()
      #expect(openChunks == 1 ? areSame : areAlike, "seed \(seed)")
    }
  }

  @Test("chunks(...) gives the records of chunkedSync")
  func sequenceEqualsReport() async throws {
    for count in 0...9 {
      let report = try await Bench(0..<count).streamSyncer().chunkedSync(
        chunkTime: .seconds(1), chunkCap: 2)
      var records: [ChunkRecord] = []
      let chunks = Bench(0..<count).streamSyncer().chunks(chunkTime: .seconds(1), chunkCap: 2)
      for try await record in chunks { records.append(record) }
      #expect(records == report.chunks, "\(count) items")
    }
  }

  @Test("a syncer reads its stream anew for every run")
  func runsAgain() async throws {
    let syncer = Bench(0..<5).streamSyncer()
    let first = try await syncer.sync()
    #expect(try await syncer.sync().handledCount == 5 && first.handledCount == 5)
  }

  @Test("orders that need all entries are refused before anything is read, and windows of nothing")
  func refusedOrders() async throws {
    let cases: [(SyncOrder, SyncArgumentError)] = [
      (.shuffled(seed: 1), .orderNeedsAllEntries(.shuffled(seed: 1))),
      (.smallestFirst, .orderNeedsAllEntries(.smallestFirst)),
      (.largestFirst, .orderNeedsAllEntries(.largestFirst)),
      (.mixed, .orderNeedsAllEntries(.mixed)),
      (.shuffledInWindows(of: 0, seed: 1), .windowBelowOne(0)),
    ]
    for (order, wanted) in cases {
      let syncer = Bench(0..<3).streamSyncer(order: order) { _ in throw Fault(place: "read") }
      let failure = await #expect(throws: SyncFailure<Int>.self) { try await syncer.sync() }
      #expect(failure?.underlyingError as? SyncArgumentError == wanted)
      #expect(wanted.description.contains("but it is"))
    }
    let known = Bench(0..<3).syncer(order: .shuffledInWindows(of: -1, seed: 1))
    let failure = await #expect(throws: SyncFailure<Int>.self) { try await known.sync() }
    #expect(failure?.underlyingError as? SyncArgumentError == .windowBelowOne(-1))
    let negative = Bench(0..<3).streamSyncer(expectedCount: -1)
    let refusal = await #expect(throws: SyncFailure<Int>.self) { try await negative.sync() }
    #expect(refusal?.underlyingError as? SyncArgumentError == .expectedCountNegative(-1))
  }

  @Test("windows shuffle every entry within its window, by the seed, and lose none")
  func windows() {
    for (count, window) in [(0, 1), (1, 5), (10, 3), (100, 7), (64, 64), (5, 100)] {
      for seed in UInt64(0)..<20 {
        var positions = Array(0..<count)
        let order = SyncOrder.shuffledInWindows(of: window, seed: seed)
        order.arrange(&positions)
        #expect(positions.indices.allSatisfy { positions[$0] / window == $0 / window })
        #expect(positions.sorted() == Array(0..<count), "\(count), \(window), seed \(seed)")
      }
    }
    var whole = Array(0..<50)
    var window = whole
    SyncOrder.shuffled(seed: 9).arrange(&whole)
    SyncOrder.shuffledInWindows(of: 50, seed: 9).arrange(&window)
    #expect(whole == window && whole != whole.sorted())
  }
}
