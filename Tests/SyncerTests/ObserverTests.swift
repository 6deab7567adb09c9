import Synchronization
import Syncer
import Testing

/// Keeps everything it is told.
private final class Witness: SyncObserver {
  private let told = Mutex<(started: [SyncProgress], items: [SyncProgress], chunks: [Finished])>(
    ([], [], []))
  private let ends = Mutex<[String]>([])

  struct Finished: Sendable {
    var record: ChunkRecord
    var progress: SyncProgress
  }

  var started: [SyncProgress] { told.withLock { $0.started } }
  var items: [SyncProgress] { told.withLock { $0.items } }
  var chunks: [Finished] { told.withLock { $0.chunks } }
  /// How syncs ended: the reason, the error if there is one, the items handled.
  var endings: [String] { ends.withLock { $0 } }

  func syncDidStart(_ progress: SyncProgress) { told.withLock { $0.started.append(progress) } }

  func syncDidHandleItem(_ progress: SyncProgress) { told.withLock { $0.items.append(progress) } }

  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    told.withLock { $0.chunks.append(Finished(record: chunk, progress: progress)) }
  }

  func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
    let fault = error.map { ", \($0)" } ?? ""
    ends.withLock { $0.append("\(reason.rawValue)\(fault), \(progress.handledCount)") }
  }
}

/// One item per chunk, each expected to take 2 s with a deviation of 1 s, known from 100 items.
private struct OpinionatedScheduler: ChunkScheduler {
  func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission { .close }
  func estimate(for item: ItemProfile) -> CostEstimate? {
    CostEstimate(seconds: 2, deviationSeconds: 1, observations: 100)
  }
}

/// One item per chunk, each expected to take longer than the universe is old.
private struct DespondentScheduler: ChunkScheduler {
  func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission { .close }
  func estimate(for item: ItemProfile) -> CostEstimate? {
    CostEstimate(seconds: 1e300, deviationSeconds: 0, observations: 100)
  }
}

/// Uses the defaults of the protocol.
private struct SilentObserver: SyncObserver {}

struct ObserverTests {
  @Test("time left without measure is a range all the same: co3sim fuzz found it was a trap")
  func endlessTimeLeft() async throws {
    let witness = Witness()
    _ = try await Bench(0..<3).syncer(DespondentScheduler(), observer: witness).chunkedSync(
      chunkTime: .seconds(1))
    #expect(witness.chunks.first?.progress.remaining == .seconds(1e15)...Duration.seconds(1e15))
  }

  @Test("progress counts the items handled, the open chunk's included, and the chunks finished")
  func counts() async throws {
    let witness = Witness()
    let bench = Bench(0..<8)
    let report = try await bench.syncer(FixedScheduler(size: 3), observer: witness).chunkedSync(
      chunkTime: .seconds(1), itemLimit: 7)
    #expect(witness.started.map(\.handledCount) == [0])
    #expect(witness.started.map(\.itemCount) == [7])
    #expect(witness.items.map(\.handledCount) == [1, 2, 3, 4, 5, 6, 7])
    #expect(witness.items.map(\.chunkCount) == [0, 0, 0, 1, 1, 1, 2])
    #expect(witness.items.map(\.elapsed) == (1...7).map { .milliseconds(10 * $0) })
    #expect(witness.chunks.map(\.progress.chunkCount) == [1, 2, 3])
    #expect(witness.chunks.map(\.progress.handledCount) == [3, 6, 7])
    #expect(witness.chunks.map(\.record) == report.chunks)
  }

  @Test("no time left is claimed before anything is known, nor by a scheduler that learns nothing")
  func unknownAtFirst() async throws {
    let deadline = Witness()
    _ = try await Bench(0..<9).syncer(DeadlineScheduler(), observer: deadline).chunkedSync(
      chunkTime: .seconds(1))
    #expect(deadline.started.allSatisfy { $0.remaining == nil })
    #expect(deadline.items.first?.remaining == nil)
    let fixed = Witness()
    _ = try await Bench(0..<9).syncer(FixedScheduler(size: 2), observer: fixed).chunkedSync(
      chunkTime: .seconds(1))
    #expect(fixed.chunks.allSatisfy { $0.progress.remaining == nil })
  }

  @Test("the range of the time left contains the truth for items of constant cost")
  func constantCost() async throws {
    let witness = Witness()
    var bench = Bench(0..<500)
    bench.processCost = { .milliseconds(5 * $0.count) }
    _ = try await bench.syncer(DeadlineScheduler(), observer: witness).chunkedSync(
      chunkTime: .seconds(1))
    #expect(witness.chunks.count > 4)
    for finished in witness.chunks {
      let left = 500 - finished.progress.handledCount
      let truth = Duration.milliseconds(15 * left)
      let range = try #require(finished.progress.remaining, "chunk \(finished.record.number)")
      // The mean of floating-point seconds may be off by a nanosecond.
      let slack = Duration.microseconds(1)
      #expect(
        range.lowerBound <= truth + slack && range.upperBound >= truth - slack,
        "chunk \(finished.record.number): \(range) and \(truth)")
    }
    #expect(witness.chunks.last?.progress.remaining == .zero ... .zero)
  }

  @Test("the range is two deviations of the sum either way, never below zero")
  func rangeByHand() async throws {
    let witness = Witness()
    _ = try await Bench(0..<5).syncer(OpinionatedScheduler(), observer: witness).chunkedSync(
      chunkTime: .seconds(1))
    for finished in witness.chunks {
      let left = Double(5 - finished.progress.handledCount)
      // Single items vary by 1 s^2 each; the mean itself by a hundredth of that, for all alike.
      let margin = 2 * (left + left * left / 100).squareRoot()
      let range = try #require(finished.progress.remaining)
      let lower = range.lowerBound / .seconds(1)
      let upper = range.upperBound / .seconds(1)
      #expect(abs(lower - max(0, 2 * left - margin)) < 1e-6, "\(left) items left")
      #expect(abs(upper - (2 * left + margin)) < 1e-6, "\(left) items left")
    }
  }

  @Test("a class not met yet counts as at most the costliest known")
  func unknownClass() async throws {
    let witness = Witness()
    var bench = Bench(0..<20)
    bench.costClass = { $0 < 10 ? "known" : "later" }
    _ = try await bench.syncer(DeadlineScheduler(), observer: witness).chunkedSync(
      chunkTime: .milliseconds(20))
    let first = try #require(witness.chunks.first)
    let range = try #require(first.progress.remaining)
    #expect(range.upperBound >= .milliseconds(10 * (20 - first.progress.handledCount)))
  }

  @Test("the end is told once, with its reason")
  func ends() async throws {
    let witness = Witness()
    var bench = Bench(0..<8)
    let stop = SyncStop()
    bench.onHandle = { if $0 == 4 { stop.finishChunk() } }
    var syncer = bench.syncer(FixedScheduler(size: 3), observer: witness)
    _ = try await syncer.chunkedSync(chunkTime: .seconds(1), itemLimit: 4)
    _ = try await syncer.chunkedSync(chunkTime: .seconds(1), maximumDuration: .milliseconds(15))
    syncer.stop = stop
    for try await _ in syncer.chunks(chunkTime: .seconds(1)) {}
    _ = try await syncer.chunkedSync(chunkTime: .seconds(1))
    syncer.stop = nil
    _ = try await syncer.chunkedSync(chunkTime: .seconds(1))
    #expect(
      witness.endings == [
        "item limit, 4", "maximum duration, 2", "cancelled, 5", "cancelled, 0", "completed, 8",
      ])
  }

  @Test("an end by an error is told with it, also where the sync never got to start")
  func endsByErrors() async throws {
    let witness = Witness()
    var bench = Bench(0..<8)
    bench.onHandle = { if $0 == 4 { throw Fault(place: "handler") } }
    await #expect(throws: SyncFailure<Int>.self) {
      try await bench.syncer(FixedScheduler(size: 3), observer: witness).chunkedSync(
        chunkTime: .seconds(1))
    }
    let unreadable = Syncer(
      differ: Differ(left: BrokenResource(), right: ArrayResource([])), handler: bench.handler,
      order: .listed, clock: bench.clock, observer: witness)
    await #expect(throws: SyncFailure<Int>.self) { try await unreadable.sync() }
    #expect(witness.started.count == 1)
    #expect(
      witness.endings == [
        #"failed, Fault(place: "handler"), 5"#, #"failed, Fault(place: "select"), 0"#,
      ])
  }

  @Test("an observer changes nothing of the sync")
  func observerIsPassive() async throws {
    let watched = try await Bench(0..<300).syncer(
      DeadlineScheduler(), observer: SilentObserver()
    ).chunkedSync(chunkTime: .seconds(1))
    let alone = try await Bench(0..<300).syncer(DeadlineScheduler()).chunkedSync(
      chunkTime: .seconds(1))
    #expect(watched == alone)
  }
}
