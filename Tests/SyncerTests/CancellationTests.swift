import Syncer
import Testing

struct CancellationTests {
  @Test("cancelling in a handler finishes the open chunk: what was handled is processed")
  func cancelInHandler() async throws {
    for last in 0..<7 {
      var bench = Bench(0..<7)
      bench.onHandle = { if $0 == last { cancelCurrentTask() } }
      let syncer = bench.syncer()
      let report = try await inOwnTask { try await syncer.chunkedSync(chunkCap: 3) }
      #expect(bench.journal.handled == Array(0...last), "cancelled in item \(last)")
      #expect(bench.journal.processed.flatMap { $0 } == Array(0...last), "in item \(last)")
      #expect(report.handledCount == last + 1, "cancelled in item \(last)")
      #expect(report.stopReason == .cancelled, "cancelled in item \(last)")
      #expect(report.chunks.last?.closeReason == .cancelled, "cancelled in item \(last)")
    }
  }

  @Test("cancelling in processChunk ends the sync with that chunk")
  func cancelInProcess() async throws {
    for (chunk, reason) in [(1, StopReason.cancelled), (2, .cancelled), (3, .completed)] {
      var bench = Bench(0..<7)
      bench.onProcess = { if $0.number == chunk { cancelCurrentTask() } }
      let syncer = bench.syncer()
      let report = try await inOwnTask { try await syncer.chunkedSync(chunkCap: 3) }
      #expect(report.chunks.count == chunk)
      #expect(report.stopReason == reason, "chunk \(chunk)")
      #expect(bench.journal.processed.count == chunk)
      #expect(report.handledCount == bench.journal.handled.count)
    }
  }

  @Test("cancelling between two chunks ends the sequence")
  func cancelBetweenChunks() async throws {
    let bench = Bench(0..<7)
    let chunks = bench.syncer().chunks(chunkCap: 3)
    let sizes = try await inOwnTask {
      var sizes: [Int] = []
      for try await chunk in chunks {
        sizes.append(chunk.size)
        cancelCurrentTask()
      }
      return sizes
    }
    #expect(sizes == [3])
    #expect(bench.journal.processed == [[0, 1, 2]])
  }

  @Test("ending the iteration ends the sync with no chunk open")
  func breakEndsSync() async throws {
    let bench = Bench(0..<7)
    for try await _ in bench.syncer().chunks(chunkCap: 3) { break }
    #expect(bench.journal.handled == [0, 1, 2])
    #expect(bench.journal.processed == [[0, 1, 2]])
  }

  @Test("an item whose handler gives up for the cancellation is left, the others are processed")
  func handlerGivesUp() async throws {
    for last in [0, 1, 4] {
      var bench = Bench(0..<7)
      bench.onHandle = { item in
        guard item == last else { return }
        cancelCurrentTask()
        try Task.checkCancellation()
      }
      let syncer = bench.syncer()
      let report = try await inOwnTask { try await syncer.chunkedSync(chunkCap: 3) }
      #expect(bench.journal.processed.flatMap { $0 } == Array(0..<last), "item \(last)")
      #expect(report.handledCount == last, "item \(last)")
      #expect(report.stopReason == .cancelled, "item \(last)")
      #expect(report.chunks.allSatisfy { $0.size > 0 }, "item \(last)")
    }
  }

  @Test("a CancellationError of a task that is not cancelled is a failure like any other")
  func strayCancellationError() async throws {
    var bench = Bench(0..<3)
    bench.onHandle = { if $0 == 1 { throw CancellationError() } }
    do throws(SyncFailure<Int>) {
      _ = try await bench.syncer().sync()
      Issue.record("the error was swallowed")
    } catch {
      #expect(error.underlyingError is CancellationError)
      #expect(error.openKeys == [0, 1])
    }
  }

  @Test("a task cancelled before the sync starts handles nothing")
  func cancelledBefore() async throws {
    let bench = Bench(0..<3)
    let syncer = bench.syncer()
    let report = try await inOwnTask {
      cancelCurrentTask()
      return try await syncer.sync()
    }
    #expect(report.stopReason == .cancelled)
    #expect(report.itemCount == 3)
    #expect(report.handledCount == 0)
    #expect(bench.journal.handled.isEmpty)
  }

  @Test("a second run after a cancelled one starts anew: cancelling is not for ever")
  func secondRun() async throws {
    var bench = Bench(0..<7)
    let journal = bench.journal
    bench.onHandle = { if $0 == 4 && journal.handled.count == 4 { cancelCurrentTask() } }
    let syncer = bench.syncer()
    let first = try await inOwnTask { try await syncer.chunkedSync(chunkCap: 3) }
    let second = try await syncer.chunkedSync(chunkCap: 3)
    #expect(first.stopReason == .cancelled)
    #expect(second.stopReason == .completed)
    #expect(second.chunks.map(\.size) == [3, 3, 1])
    #expect(journal.handled == Array(0...4) + Array(0..<7))
  }

  @Test("a second run starts with the scheduler as it was given")
  func schedulerStartsAnew() async throws {
    let bench = Bench(0..<400)
    let syncer = bench.syncer()
    let first = try await syncer.chunkedSync(chunkTime: .seconds(1))
    let second = try await syncer.chunkedSync(chunkTime: .seconds(1))
    #expect(first == second)
    #expect(first.chunks.first?.size == 1)
  }
}
