import Testing

@testable import Syncer

/// What a report says of itself.
struct NearnessTests {
  /// Chunks of so many items that take 1 s each, at a target of 4 s.
  private func report(_ sizes: [Int], failing: Set<Int> = []) async throws -> SyncReport<Int> {
    var bench = Bench(0..<sizes.reduce(0, +))
    bench.cost = { _ in .seconds(1) }
    bench.onHandle = { if failing.contains($0) { throw Fault(place: "item \($0)") } }
    var syncer = bench.syncer(Sizes(sizes: sizes))
    syncer.onFailure = .isolate(maximumErrors: 10)
    return try await syncer.chunkedSync(chunkTime: .seconds(4))
  }

  /// Plans sizes one after the other.
  private struct Sizes: SizedScheduler {
    var sizes: [Int]
    func proposedSize(for chunk: ChunkStart) -> Int { sizes[chunk.number - 1] }
  }

  @Test("nearness is the mean, the range, and the share of the time within a fifth of the target")
  func nearness() async throws {
    let nearness = try #require(try await report([2, 4, 6, 1]).nearness)
    #expect(nearness.chunkCount == 4)
    #expect(nearness.mean == 3.25 / 4)
    #expect(nearness.lowest == 0.25 && nearness.highest == 1.5)
    #expect(nearness.nearTargetShare == 4.0 / 13)
  }

  @Test("an item longer than the target is near what it was meant to take")
  func longItem() async throws {
    var bench = Bench(0..<1)
    bench.cost = { _ in .seconds(9) }
    let report = try await bench.syncer().chunkedSync(chunkTime: .seconds(4))
    let nearness = try #require(report.nearness)
    #expect(nearness.highest == 2.25 && nearness.nearTargetShare == 1)
  }

  @Test("without a chunk time there is no nearness, and the report says what was done")
  func withoutTarget() async throws {
    let report = try await Bench(0..<3).syncer().chunkedSync(chunkCap: 2)
    #expect(report.nearness == nil)
    #expect("\(report)" == "3 items in 2 chunks, 30.0 ms: completed.")
  }

  @Test("a printed report is a few lines, with singulars, the range and the failures")
  func lines() async throws {
    #expect(
      "\(try await report([4]))"
        == """
        4 items in 1 chunk, 4.00 s: completed.
        The chunk took 1.00 times the target of 4.00 s; 100 % of the time is in chunks within 20 % \
        of it or of their longest item.
        """)
    let failed = try await report([2, 4, 6, 1], failing: [3])
    let lines = "\(failed)".split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "13 items in 4 chunks, 12.0 s: completed.")
    #expect(
      lines[1].hasPrefix("Chunks took 0.750 times the target of 4.00 s on average, 0.250 to 1.50"))
    #expect(lines[2].hasPrefix("1 item failed; the first: "))
  }
}
