import Testing

@testable import Syncer

/// A destination that refuses chunks for their size.
struct ChunkTooLargeTests {
  /// What a destination takes, and what it says when it refuses.
  struct Destination: Sendable {
    var limit: Int
    var saysLimit = false
    var unit: WeightUnit? = .bytes
    /// Whether the handler knows what items weigh.
    var isWeighed = true
  }

  /// The calls that were refused, by the number of their chunk.
  private let refused = Journal()

  /// A bench whose items weigh what a closure says.
  private func bench(
    _ items: some Sequence<Int>, _ destination: Destination,
    weight: @escaping @Sendable (Int) -> Int = { $0 }
  ) -> Bench {
    var bench = Bench(items)
    if destination.isWeighed { bench.weight = { key, _ in weight(key) } }
    bench.onProcess = { [refused] chunk in
      let sum =
        destination.unit == nil && destination.isWeighed
        ? chunk.outputs.count : chunk.outputs.reduce(0) { $0 + weight($1) }
      guard sum > destination.limit else { return }
      refused.handle(chunk.number)
      throw ChunkTooLarge(
        limit: destination.saysLimit ? destination.limit : nil, in: destination.unit)
    }
    return bench
  }

  @Test("a limit that is told divides the chunk once, and later chunks keep it")
  func told() async throws {
    let bench = bench(0..<8, Destination(limit: 8, saysLimit: true), weight: { _ in 4 })
    let report = try await bench.syncer(FixedScheduler(size: 5)).chunkedSync(
      chunkTime: .seconds(1))
    #expect(bench.journal.processed == [[0, 1], [2, 3], [4], [5, 6], [7]])
    #expect(report.chunks.map(\.size) == [5, 2, 1])
    #expect(report.chunks.map(\.closeReason) == [.scheduler, .weightCap, .end])
    #expect(report.failures.isEmpty)
    #expect(report.foundLimits.map(\.cap) == [8])
    #expect(report.foundLimits.map(\.unit) == [.bytes])
    #expect(refused.handled == [1])
    #expect(
      report.description.contains(
        "1 calls of processChunk were refused for their size; chunks have 8 bytes at most. Give it "
          + "as chunkWeightCap for bytes."))
  }

  @Test("a number of items that is too large caps the count")
  func counted() async throws {
    let bench = bench(0..<10, Destination(limit: 3, saysLimit: true, unit: nil))
    let report = try await bench.syncer(FixedScheduler(size: 5)).chunkedSync(
      chunkTime: .seconds(1))
    #expect(report.chunks.map(\.size) == [5, 3, 2])
    #expect(report.chunks.map(\.closeReason) == [.scheduler, .cap, .end])
    #expect(report.foundLimits.map(\.cap) == [3])
  }

  @Test(
    "whatever items weigh and the limit is, each is taken once and in order, or too large alone")
  func exhaustive() async throws {
    let items = [7, 1, 12, 3, 4, 9, 2]
    for limit in 1...20 {
      for (saysLimit, isWeighed) in [(true, true), (false, true), (false, false)] {
        for (atOnce, open) in [(1, 1), (3, 1), (1, 3)] {
          let destination = Destination(limit: limit, saysLimit: saysLimit, isWeighed: isWeighed)
          let bench = bench(items, destination)
          var syncer = bench.syncer(FixedScheduler(size: 4))
          syncer.onFailure = .isolate(maximumErrors: 9)
          syncer.handlersAtOnce = atOnce
          syncer.openChunks = open
          let report = try await syncer.chunkedSync(chunkTime: .seconds(1))
          let comment: Comment = "limit \(limit), \(saysLimit), \(isWeighed), \(atOnce), \(open)"
          #expect(bench.journal.processed.flatMap { $0 } == items.filter { $0 <= limit }, comment)
          #expect(report.failures.map(\.key) == items.filter { $0 > limit }, comment)
          #expect(report.failures.allSatisfy { $0.error is ChunkTooLarge }, comment)
          #expect(report.handledCount == items.count, comment)
        }
      }
    }
  }

  @Test("an item too large by itself ends the sync where the first failure does, and is named")
  func aloneUnderStop() async throws {
    let bench = bench([1, 2, 30, 3], Destination(limit: 10))
    let failure = await #expect(throws: SyncFailure<Int>.self) {
      try await bench.syncer().chunkedSync()
    }
    #expect(failure?.underlyingError is ChunkTooLarge)
    #expect(failure?.openKeys == [30, 3])
    #expect(bench.journal.processed.flatMap { $0 } == [1, 2])
  }

  @Test("a refusal is not tried again as it is, and a part that fails otherwise is retried")
  func retried() async throws {
    var bench = bench(0..<8, Destination(limit: 4, saysLimit: true, unit: nil))
    let failures = Journal()
    bench.onProcess = { [refuse = bench.onProcess] chunk in
      try await refuse(chunk)
      if chunk.outputs.first == 4 && failures.handled.isEmpty {
        failures.handle(4)
        throw Fault(place: "network")
      }
    }
    var syncer = bench.syncer()
    syncer.onFailure = .retry(attempts: 3, backoff: .constant(.seconds(1)))
    let report = try await syncer.chunkedSync()
    #expect(bench.journal.processed == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(refused.handled == [1])
    #expect(report.failures.isEmpty)
  }

  @Test(
    "a service that refuses above an unknown 1 MB refuses at most 5 of 1,000 chunks after ten",
    arguments: [UInt64(1), 2, 3, 4, 5], [true, false])
  func unknownLimit(seed: UInt64, isWeighed: Bool) async throws {
    var generator = SplitMix64(seed: seed)
    // Products of uniform factors spread over two decades, as sizes of files do; 23 kB on average.
    let weights = (0..<50_000).map { _ in
      (0..<4).reduce(100) { size, _ in size * (1 + generator.next(below: 7)) }
    }
    let bench = bench(
      0..<weights.count, Destination(limit: 1_000_000, isWeighed: isWeighed),
      weight: { weights[$0] })
    let report = try await bench.syncer(FixedScheduler(size: 500)).chunkedSync(
      chunkTime: .seconds(1))
    #expect(report.failures.isEmpty)
    #expect(bench.journal.processed.flatMap { $0 } == Array(0..<weights.count))
    let chunks = report.chunks.count
    #expect(chunks > 1000)
    let late = refused.handled.count { $0 > 10 }
    #expect(late * 1000 <= 5 * chunks, "\(late) refusals of \(chunks) chunks")
    // What is found is not far from the truth where items are weighed.
    if isWeighed {
      let cap = try #require(report.foundLimits.first?.cap)
      #expect(cap > 900_000 && cap <= 1_000_000)
    }
  }
}
