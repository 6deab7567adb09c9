import Syncer
import Testing

/// How the exhaustive cases are scheduled.
enum LoopKind: String, CaseIterable, Sendable {
  /// No chunk time: chunks by count.
  case untimed
  /// Two items per chunk.
  case fixed
  /// The moving average, on items of 10 ms at a target of 1 s.
  case movingAverage

  var chunkTime: Duration? { self == .untimed ? nil : .seconds(1) }

  var scheduler: any ChunkScheduler {
    self == .fixed ? FixedScheduler(size: 2) : MovingAverageScheduler()
  }
}

/// Always gives the same answer.
private struct StubbornScheduler: ChunkScheduler {
  var answer: Admission
  func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission { answer }
}

struct ChunkLoopTests {
  private static let limits = [nil, 0, 1, 2, 3, 4, 5, 6, 7]
  private static let caps = [nil, 1, 2, 3, 4]

  @Test("every item is handled once, in order, in chunks within the cap, whatever the arguments")
  func exhaustive() async throws {
    for kind in LoopKind.allCases {
      for count in 0...6 {
        for limit in Self.limits {
          for cap in Self.caps { try await checkCase(kind, count: count, limit: limit, cap: cap) }
        }
      }
    }
  }

  private func checkCase(_ kind: LoopKind, count: Int, limit: Int?, cap: Int?) async throws {
    let bench = Bench(0..<count)
    let report = try await bench.syncer(kind.scheduler).chunkedSync(
      chunkTime: kind.chunkTime, itemLimit: limit, chunkCap: cap)
    let wanted = Array((0..<count).prefix(limit ?? count))
    let sizes = report.chunks.map(\.size)
    let size = min(cap ?? .max, kind == .fixed ? 2 : .max)
    let reasons: [CloseReason] = [.cap, .scheduler]
    let laws: [(Bool, String)] = [
      (bench.journal.handled == wanted, "each item once and in order"),
      (bench.journal.processed.flatMap { $0 } == wanted, "what is handled is processed"),
      (bench.journal.processed.map(\.count) == sizes, "records tell the true sizes"),
      (sizes.allSatisfy { $0 >= 1 && $0 <= size }, "no chunk is empty or over the cap"),
      (kind == .movingAverage || sizes.dropLast().allSatisfy { $0 == size }, "chunks are full"),
      (report.chunks.map(\.number) == Array(0..<sizes.count).map { $0 + 1 }, "numbers from 1"),
      (report.itemCount == wanted.count, "itemCount"),
      (report.handledCount == wanted.count, "handledCount"),
      (report.stopReason == (wanted.count < count ? .itemLimit : .completed), "stopReason"),
      (report.chunks.last.map { $0.closeReason == .end } ?? true, "the last chunk ends the items"),
      (report.chunks.dropLast().allSatisfy { reasons.contains($0.closeReason) }, "closeReason"),
      (report.order == .listed, "order"),
      (report.duration == .milliseconds(10 * wanted.count), "duration"),
    ]
    for (holds, law) in laws where !holds {
      Issue.record("\(law): \(kind), \(count) items, limit \(limit ?? -1), cap \(cap ?? -1)")
    }
  }

  @Test("chunks(...) gives the records of chunkedSync", arguments: LoopKind.allCases)
  func sequenceEqualsReport(kind: LoopKind) async throws {
    for count in 0...6 {
      for cap in Self.caps {
        let report = try await Bench(0..<count).syncer(kind.scheduler).chunkedSync(
          chunkTime: kind.chunkTime, chunkCap: cap)
        var records: [ChunkRecord] = []
        let chunks = Bench(0..<count).syncer(kind.scheduler).chunks(
          chunkTime: kind.chunkTime, chunkCap: cap)
        for try await record in chunks { records.append(record) }
        #expect(records == report.chunks, "\(count) items, cap \(cap ?? -1)")
      }
    }
  }

  @Test("a record tells when the chunk started and what its two phases took")
  func recordTimes() async throws {
    var bench = Bench(0..<5)
    bench.processCost = { .milliseconds(100 * $0.count) }
    let report = try await bench.syncer(FixedScheduler(size: 2)).chunkedSync(
      chunkTime: .seconds(1))
    #expect(report.chunks.map(\.start) == [.zero, .milliseconds(220), .milliseconds(440)])
    #expect(report.chunks.map(\.handling) == [20, 20, 10].map { .milliseconds($0) })
    #expect(report.chunks.map(\.processing) == [200, 200, 100].map { .milliseconds($0) })
    #expect(report.chunks.map(\.duration) == [220, 220, 110].map { .milliseconds($0) })
    #expect(report.chunks.map(\.target) == [.seconds(1), .seconds(1), .seconds(1)])
    #expect(report.chunks.map(\.plannedSize) == [2, 2, 2])
    #expect(report.duration == .milliseconds(550))
  }

  @Test("without chunk time the scheduler is not consulted and plans nothing")
  func untimedPlansNothing() async throws {
    let report = try await Bench(0..<3).syncer(StubbornScheduler(answer: .close)).sync()
    #expect(report.chunks.map(\.size) == [3])
    #expect(report.chunks.map(\.plannedSize) == [nil])
    #expect(report.chunks.map(\.target) == [nil])
    #expect(report.chunks.flatMap(\.classes).isEmpty)
  }

  @Test("a scheduler that never admits gives chunks of one")
  func neverAdmits() async throws {
    let report = try await Bench(0..<4).syncer(StubbornScheduler(answer: .close)).chunkedSync(
      chunkTime: .seconds(1), chunkCap: 3)
    #expect(report.chunks.map(\.size) == [1, 1, 1, 1])
    #expect(report.chunks.map(\.closeReason) == [.scheduler, .scheduler, .scheduler, .end])
  }

  @Test("a scheduler that always admits fills every chunk to the cap")
  func alwaysAdmits() async throws {
    let report = try await Bench(0..<7).syncer(StubbornScheduler(answer: .take)).chunkedSync(
      chunkTime: .seconds(1), chunkCap: 3)
    #expect(report.chunks.map(\.size) == [3, 3, 1])
    #expect(report.chunks.map(\.closeReason) == [.cap, .cap, .end])
  }

  @Test("filtered entries are not handled and count for nothing, not even for the limit")
  func filtered() async throws {
    var bench = Bench(0..<10)
    bench.filter = { $0 % 2 == 1 }
    let report = try await bench.syncer().chunkedSync(itemLimit: 3)
    #expect(bench.journal.handled == [1, 3, 5])
    #expect(report.itemCount == 3)
    #expect(report.stopReason == .itemLimit)
    let whole = try await bench.syncer().chunkedSync(itemLimit: 5)
    #expect(whole.stopReason == .completed)
  }

  @Test("a limit above the count means the count")
  func limitAboveCount() async throws {
    let bench = Bench(0..<3)
    let report = try await bench.syncer().chunkedSync(
      chunkTime: .seconds(1), itemLimit: 1000, chunkCap: 1000)
    #expect(report.itemCount == 3)
    #expect(report.handledCount == 3)
    #expect(report.stopReason == .completed)
    #expect(report.chunks.allSatisfy { $0.size > 0 })
  }

  @Test("arguments that can make no sense end the sync before it reads anything")
  func argumentErrors() async throws {
    let cases: [(Duration?, Int?, Int?, SyncArgumentError)] = [
      (.zero, nil, nil, .chunkTimeNotPositive(.zero)),
      (.seconds(-5), nil, nil, .chunkTimeNotPositive(.seconds(-5))),
      (nil, -1, nil, .itemLimitNegative(-1)),
      (nil, nil, 0, .chunkCapBelowOne(0)),
      (nil, nil, -5, .chunkCapBelowOne(-5)),
    ]
    for (time, limit, cap, wanted) in cases {
      let bench = Bench(0..<3)
      do throws(SyncFailure<Int>) {
        _ = try await bench.syncer().chunkedSync(
          chunkTime: time, itemLimit: limit, chunkCap: cap)
        Issue.record("\(wanted) was not thrown")
      } catch {
        let thrown = error.underlyingError as? SyncArgumentError
        #expect(thrown == wanted)
        #expect(error.openKeys.isEmpty)
        #expect(error.report.stopReason == .failed)
        #expect(error.description.contains(wanted.description))
        #expect(wanted.description.contains("but it is"), "the value is named")
      }
      #expect(bench.journal.handled.isEmpty)
    }
  }
}
