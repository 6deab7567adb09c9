import Syncer
import Testing

/// Caps on what the items of a chunk weigh together.
struct ChunkWeightTests {
  /// Syncs items that weigh their own value in bytes, and 1 variable each.
  private func report(
    _ items: [Int], cap: ChunkWeightCap, count: Int? = nil, _ policy: FailurePolicy = .stop,
    atOnce: Int = 1, chunkTime: Duration? = nil
  ) async throws -> (chunks: [[Int]], report: SyncReport<Int>) {
    var bench = Bench(items)
    bench.weight = { $1 == .bytes ? $0 : 1 }
    var syncer = bench.syncer()
    syncer.onFailure = policy
    syncer.handlersAtOnce = atOnce
    let report = try await syncer.chunkedSync(
      chunkTime: chunkTime, chunkCap: count, chunkWeightCap: cap)
    return (bench.journal.processed, report)
  }

  @Test("a chunk is closed before the item that would make it heavier than the cap")
  func closes() async throws {
    let (chunks, report) = try await report([5, 4, 1, 2, 9, 0], cap: ["bytes": 10])
    #expect(chunks == [[5, 4, 1], [2], [9, 0]])
    #expect(report.chunks.map(\.closeReason) == [.weightCap, .weightCap, .end])
  }

  @Test("all caps hold, that of the count among them")
  func several() async throws {
    let caps: ChunkWeightCap = ["bytes": 10, "variables": 3]
    let (chunks, report) = try await report([1, 2, 3, 4, 5, 6], cap: caps)
    #expect(chunks == [[1, 2, 3], [4, 5], [6]])
    #expect(report.chunks.map(\.closeReason) == [.weightCap, .weightCap, .end])
    let counted = try await self.report([1, 2, 3, 4, 5, 6], cap: caps, count: 2)
    #expect(counted.chunks == [[1, 2], [3, 4], [5], [6]])
  }

  @Test("an item heavier than the cap is a chunk of its own, even beside items that weigh nothing")
  func heavier() async throws {
    let (chunks, _) = try await report([1, 50, 0, 2, 60], cap: ["bytes": 10])
    #expect(chunks == [[1], [50], [0, 2], [60]])
  }

  @Test("an item heavier than the cap fails without being handled, where that is asked for")
  func heavierFails() async throws {
    let cap = ChunkWeightCap([.init(.bytes, atMost: 10)], heavierItems: .fail)
    let (chunks, report) = try await report([1, 50, 2], cap: cap, .isolate(maximumErrors: 1))
    #expect(chunks == [[1, 2]])
    #expect(report.failures.map(\.key) == [50])
    #expect(report.failures.map(\.phase) == [.handling])
    #expect(
      report.failures.first.map { "\($0.error)" }
        == "The item weighs 50 bytes, and a chunk may weigh 10 at most; divide the item, or let "
        + "heavier items be chunks of their own.")
    let failure = await #expect(throws: SyncFailure<Int>.self) {
      try await self.report([1, 50, 2], cap: cap)
    }
    #expect(failure?.underlyingError is ItemTooHeavy)
    #expect(failure?.openKeys == [1, 50])
  }

  @Test("weights below 0 weigh nothing, and sums beyond all bounds are too heavy")
  func extremes() async throws {
    let (chunks, _) = try await report([-5, 10, .max, .max - 1, 1], cap: ["bytes": 10])
    #expect(chunks == [[-5, 10], [.max], [.max - 1], [1]])
    let wide = try await report([.max - 1, 1, .max], cap: ["bytes": .max])
    #expect(wide.chunks == [[.max - 1, 1], [.max]])
  }

  @Test("a scheduler may close a chunk before, and items handled at once are weighed alike")
  func beside() async throws {
    let timed = try await report([5, 4, 1, 2, 9, 0], cap: ["bytes": 10], chunkTime: .seconds(9))
    #expect(timed.chunks == [[5, 4, 1], [2], [9, 0]])
    let atOnce = try await report([5, 4, 1, 2, 9, 0], cap: ["bytes": 10], atOnce: 3)
    #expect(atOnce.chunks == [[5, 4, 1], [2], [9, 0]])
  }

  @Test("a cap below 1 can make no sense")
  func wrong() async throws {
    let failure = await #expect(throws: SyncFailure<Int>.self) {
      try await report([1], cap: ["bytes": 0])
    }
    #expect(failure?.underlyingError as? SyncArgumentError == .chunkWeightCapBelowOne(.bytes, 0))
    #expect(
      failure.map { "\($0.underlyingError)" }
        == "chunkWeightCap must be at least 1 bytes, but it is 0; leave the unit out for chunks "
        + "without that cap.")
  }
}
