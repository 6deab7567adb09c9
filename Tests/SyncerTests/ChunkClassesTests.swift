import Testing

@testable import Syncer

/// A chunk reports the classes of the items it has, and no others.
struct ChunkClassesTests {
  /// Takes so many items at most, and is asked before each.
  private struct AtMost: ChunkScheduler {
    var count: Int

    func admits(
      _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
    ) -> Admission { chunk.count < count ? .take : .close }
  }

  /// The classes of every chunk, with how many items each has.
  private func classes(of chunks: [ChunkRecord]) -> [String] {
    chunks.map { chunk in
      chunk.classes.map { "\($0.costClass) \($0.handling.count)" }.joined(separator: ", ")
    }
  }

  private static func bench(_ names: [String]) -> Bench {
    var bench = Bench(0..<names.count)
    bench.costClass = { CostClass(names[$0]) }
    return bench
  }

  @Test("a class whose first item was not admitted is not of the chunk", arguments: [false, true])
  func notAdmitted(isTimeless: Bool) async throws {
    var bench = Self.bench(["a", "a", "b", "b", "c", "a"])
    if isTimeless { bench.cost = { _ in .zero } }
    let report = try await bench.syncer(AtMost(count: 2)).chunkedSync(chunkTime: .seconds(1))
    #expect(classes(of: report.chunks) == ["a 2", "b 2", "c 1, a 1"])
  }

  @Test("a class all of whose items failed is not of the chunk, one that comes back is counted on")
  func failed() async throws {
    var bench = Self.bench(["a", "b", "a", "c"])
    bench.onHandle = { if $0 == 1 || $0 == 3 { throw Fault(place: "handle") } }
    for scheduler in [AtMost(count: 10), FixedScheduler(size: 10)] as [any ChunkScheduler] {
      var syncer = bench.syncer(scheduler)
      syncer.onFailure = .isolate(maximumErrors: 5)
      let report = try await syncer.chunkedSync(chunkTime: .seconds(1))
      #expect(classes(of: report.chunks) == ["a 2"])
    }
  }

  @Test("a sync that is looked at reports the classes of one that is not", arguments: 1...5)
  func observed(count: Int) async throws {
    let bench = Self.bench((0..<40).map { "class \($0 * $0 % 7)" })
    let plain = try await bench.syncer(AtMost(count: count)).chunkedSync(chunkTime: .seconds(1))
    let seen = try await bench.syncer(AtMost(count: count), observer: ObserverGroup([]))
      .chunkedSync(chunkTime: .seconds(1))
    #expect(classes(of: plain.chunks) == classes(of: seen.chunks))
    #expect(plain.chunks.allSatisfy { $0.classes.reduce(0) { $0 + $1.handling.count } == $0.size })
  }
}
