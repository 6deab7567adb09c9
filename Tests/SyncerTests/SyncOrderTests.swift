import Testing

@testable import Syncer

struct SyncOrderTests {
  @Test("the generator is SplitMix64: the published first values of seed 1234567")
  func splitMix64() {
    var generator = SplitMix64(seed: 1_234_567)
    let values = (0..<5).map { _ in generator.next() }
    #expect(
      values == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  /// Computed by an independent program of the two published algorithms.
  private static let pinned: [(seed: UInt64, order: [Int])] = [
    (0, [4, 9, 2, 5, 1, 7, 6, 0, 3, 8]),
    (1, [9, 0, 1, 4, 8, 2, 3, 7, 6, 5]),
    (42, [8, 3, 6, 5, 4, 0, 9, 2, 1, 7]),
  ]

  @Test("a seed gives the same order for ever, seed 0 included", arguments: pinned)
  func pinnedOrders(seed: UInt64, order: [Int]) async throws {
    let bench = Bench(0..<10)
    _ = try await bench.syncer(order: .shuffled(seed: seed)).sync()
    #expect(bench.journal.handled == order)
  }

  @Test("a shuffled order is a permutation", arguments: 0..<8)
  func permutation(size: Int) {
    for seed in 0..<100 as Range<UInt64> {
      var positions = Array(0..<size)
      SyncOrder.shuffled(seed: seed).arrange(&positions)
      #expect(positions.sorted() == Array(0..<size), "seed \(seed)")
    }
  }

  @Test("every permutation of four items comes about equally often")
  func uniform() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<24_000 as Range<UInt64> {
      var positions = [0, 1, 2, 3]
      SyncOrder.shuffled(seed: seed).arrange(&positions)
      counts[positions, default: 0] += 1
    }
    #expect(counts.count == 24)
    // 1000 expected each, standard deviation 31.
    let outside = counts.filter { abs($0.value - 1000) > 155 }
    #expect(outside.isEmpty)
  }

  @Test("the listed order changes nothing")
  func listed() {
    var positions = [3, 1, 2]
    SyncOrder.listed.arrange(&positions)
    #expect(positions == [3, 1, 2])
  }

  private static let byHint: [(order: SyncOrder, wanted: [Int])] = [
    (.smallestFirst, [2, 5, 1, 4, 0, 3, 6]), (.largestFirst, [0, 4, 1, 2, 5, 3, 6]),
    (.mixed, [2, 0, 5, 4, 1, 3, 6]),
  ]

  @Test("orders by hint: equal ones as listed, items without a hint last", arguments: byHint)
  func hints(order: SyncOrder, wanted: [Int]) async throws {
    let hints: [Double?] = [9, 3, 1, nil, 4, 1, -2]
    var bench = Bench(0..<7)
    bench.hint = { hints[$0] }
    let report = try await bench.syncer(order: order).sync()
    #expect(bench.journal.handled == wanted)
    #expect(report.order == order)
    bench.hint = { _ in nil }
    let listed = Bench(0..<7)
    _ = try await listed.syncer(order: order).sync()
    #expect(listed.journal.handled == Array(0..<7))
  }

  @Test("small and large items in turn are a permutation", arguments: 0..<8)
  func mixedIsAPermutation(size: Int) {
    var positions = Array(0..<size)
    SyncOrder.mixed.arrange(&positions) { Double(($0 * 5) % 7 + 1) }
    #expect(positions.sorted() == Array(0..<size))
  }

  @Test("joined chunks equal the arranged items, limited", arguments: [nil, 0, 4, 9] as [Int?])
  func joinedChunks(limit: Int?) async throws {
    for seed in 0..<10 as Range<UInt64> {
      var positions = Array(0..<7)
      SyncOrder.shuffled(seed: seed).arrange(&positions)
      let bench = Bench(0..<7)
      _ = try await bench.syncer(order: .shuffled(seed: seed)).chunkedSync(
        chunkTime: .seconds(3), itemLimit: limit)
      let joined = bench.journal.processed.flatMap { $0 }
      #expect(joined == Array(positions.prefix(limit ?? 7)), "seed \(seed)")
    }
  }

  @Test("the default order is shuffled by a fresh seed that the report names")
  func defaultOrder() async throws {
    let bench = Bench(0..<50)
    let syncer = Syncer(
      differ: Differ(left: ArrayResource(bench.items), right: ArrayResource([])),
      handler: bench.handler, clock: bench.clock)
    let order = try await syncer.sync().order
    let first = bench.journal.handled
    guard case .shuffled(let seed) = order else {
      Issue.record("the default order is \(order)")
      return
    }
    let again = Bench(0..<50)
    _ = try await again.syncer(order: .shuffled(seed: seed)).sync()
    #expect(again.journal.handled == first, "seed \(seed)")
    #expect(first != Array(0..<50), "seed \(seed)")
    #expect(SyncOrder.shuffled() != SyncOrder.shuffled())
  }
}
