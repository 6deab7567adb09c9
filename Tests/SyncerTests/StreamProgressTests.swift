import Synchronization
import Testing

@testable import Syncer

/// Keeps the progress it is told.
private final class Witness: SyncObserver {
  let items = Gathered<SyncProgress>()
  let chunks = Gathered<SyncProgress>()
  let started = Gathered<SyncProgress>()

  func syncDidStart(_ progress: SyncProgress) { started.add([progress]) }
  func syncDidHandleItem(_ progress: SyncProgress) { items.add([progress]) }
  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    chunks.add([progress])
  }
}

/// What is told of a stream whose length is not known.
struct StreamProgressTests {
  @Test("nothing is said of what nobody knows, until the end was read")
  func unknown() async throws {
    let witness = Witness()
    _ = try await Bench(0..<9).streamSyncer(DeadlineScheduler(), observer: witness).chunkedSync(
      chunkTime: .milliseconds(20))
    #expect(witness.started.elements.map(\.itemCount) == [nil])
    #expect(witness.items.elements.map(\.handledCount) == Array(1...9))
    // 1, 2, 4 and 8 keys are read at a time.
    #expect(witness.items.elements.map(\.itemCount) == [nil, nil, nil, nil, nil, nil, nil, 9, 9])
    for progress in witness.items.elements + witness.chunks.elements + witness.started.elements {
      #expect((progress.fraction == nil) == (progress.itemCount == nil))
      if progress.itemCount == nil { #expect(progress.remaining == nil) }
    }
    #expect(witness.chunks.elements.last?.remaining == .zero ... .zero)
    #expect(witness.chunks.elements.last?.fraction == 1)
  }

  @Test("what is expected counts until more is found or the end was read")
  func expected() async throws {
    for (expected, limit, wanted) in [
      (20, nil, [20, 20, 20, 20, 20, 20, 20, 9, 9]), (5, nil, [5, 5, 5, 7, 7, 7, 7, 9, 9]),
      (20, 8, [8, 8, 8, 8, 8, 8, 8, 8]), (0, nil, [1, 3, 3, 7, 7, 7, 7, 9, 9]),
    ] {
      let witness = Witness()
      _ = try await Bench(0..<9).streamSyncer(observer: witness, expectedCount: expected)
        .chunkedSync(itemLimit: limit)
      #expect(witness.items.elements.map(\.itemCount) == wanted, "\(expected) expected")
      let fractions = witness.items.elements.map {
        Double($0.handledCount) / Double($0.itemCount ?? 0)
      }
      #expect(witness.items.elements.map(\.fraction) == fractions, "\(expected) expected")
    }
  }

  @Test("a count beyond all reason makes the time left as long as can be told")
  func unreasonable() async throws {
    for expected in [1_000_000_000_000, Int.max] {
      let witness = Witness()
      var bench = Bench(0..<10)
      bench.cost = { _ in .seconds(100) }
      _ = try await bench.streamSyncer(
        DeadlineScheduler(), observer: witness, expectedCount: expected
      ).chunkedSync(chunkTime: .seconds(5))
      let longest = witness.chunks.elements.compactMap(\.remaining?.upperBound).max()
      #expect(try #require(longest) > .seconds(1e13), "\(expected)")
    }
  }

  @Test("with a count that is right, the range of the time left contains the truth")
  func timeLeft() async throws {
    let witness = Witness()
    var bench = Bench(0..<500)
    bench.processCost = { .milliseconds(5 * $0.count) }
    bench.costClass = { CostClass("\($0 % 3)") }
    _ = try await bench.streamSyncer(
      DeadlineScheduler(), observer: witness, expectedCount: 500
    ).chunkedSync(chunkTime: .seconds(1))
    #expect(witness.chunks.elements.count > 4)
    for progress in witness.chunks.elements {
      let truth = Duration.milliseconds(15 * (500 - progress.handledCount))
      let range = try #require(progress.remaining, "\(progress.handledCount) handled")
      let slack = Duration.microseconds(1)
      #expect(
        range.lowerBound <= truth + slack && range.upperBound >= truth - slack,
        "\(progress.handledCount) handled: \(range) and \(truth)")
    }
  }

  @Test("what reading takes is part of the time left")
  func timeOfReading() async throws {
    let witness = Witness()
    var bench = Bench(0..<3000)
    bench.filter = { $0 % 3 == 0 }
    let clock = bench.clock
    let report = try await bench.streamSyncer(
      DeadlineScheduler(), observer: witness, expectedCount: 1000
    ) { _ in clock.advance(by: .milliseconds(30)) }.chunkedSync(chunkTime: .seconds(1))
    for progress in witness.chunks.elements where (500..<950).contains(progress.handledCount) {
      let truth = (report.duration - progress.elapsed) / .seconds(1)
      let range = try #require(progress.remaining, "\(progress.handledCount) handled")
      let middle = (range.lowerBound + range.upperBound) / .seconds(2)
      #expect(
        middle > truth * 0.8 && middle < truth * 1.25,
        "\(progress.handledCount) handled: \(range) and \(truth)")
    }
  }
}
