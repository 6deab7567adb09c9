import Syncer
import Testing

/// Stopping in two stages, also while something is going wrong.
struct StopTests {
  /// How a sync is asked to stop.
  enum Way: CaseIterable {
    case finishChunk
    case endAtOnce
    case cancelTask
  }

  private func ask(_ stop: SyncStop, _ way: Way) {
    switch way {
    case .finishChunk: stop.finishChunk()
    case .endAtOnce: stop.endAtOnce()
    case .cancelTask: cancelCurrentTask()
    }
  }

  /// Runs a sync in a task of its own; returns its report or its failure.
  private func run(
    _ bench: Bench, _ policy: FailurePolicy, _ stop: SyncStop, cap: Int? = 3
  ) async throws -> (report: SyncReport<Int>, openKeys: [Int], error: (any Error)?) {
    var syncer = bench.syncer()
    syncer.onFailure = policy
    syncer.stop = stop
    let ready = syncer
    return try await inOwnTask {
      do throws(SyncFailure<Int>) {
        return (try await ready.chunkedSync(chunkCap: cap), [], nil)
      } catch {
        return (error.report, error.openKeys, error.underlyingError)
      }
    }
  }

  @Test("the first stage processes the open chunk, the second names it and ends")
  func stages() async throws {
    for last in 0..<7 {
      for way in Way.allCases {
        let stop = SyncStop()
        var bench = Bench(0..<7)
        bench.onHandle = { if $0 == last { ask(stop, way) } }
        let outcome = try await run(bench, .stop, stop)
        let note: Comment = "\(way) in item \(last)"
        let processed = bench.journal.processed.flatMap { $0 }
        #expect(bench.journal.handled == Array(0...last), note)
        #expect(processed + outcome.openKeys == Array(0...last), note)
        if way == .endAtOnce {
          #expect(outcome.openKeys == Array(last / 3 * 3...last), note)
          #expect(outcome.error is CancellationError, note)
          #expect(outcome.report.stopReason == .failed, note)
        } else {
          #expect(outcome.error == nil, note)
          #expect(outcome.report.stopReason == .cancelled, note)
        }
      }
    }
  }

  @Test("the second stage follows the first, and the first does not take the second back")
  func stageOrder() {
    let stop = SyncStop()
    #expect(!stop.isRequested)
    stop.finishChunk()
    #expect(stop.isRequested && !stop.isImmediate)
    stop.endAtOnce()
    stop.finishChunk()
    #expect(stop.isImmediate)
  }

  @Test("a sync asked to stop before it starts handles nothing and loses nothing")
  func stoppedBefore() async throws {
    for way in [Way.finishChunk, .endAtOnce] {
      let stop = SyncStop()
      ask(stop, way)
      let bench = Bench(0..<3)
      let outcome = try await run(bench, .stop, stop)
      #expect(outcome.report.stopReason == .cancelled)
      #expect(bench.journal.handled.isEmpty)
    }
  }

  @Test("an item that would be tried again is left when the sync stops; its chunk is processed")
  func stopDuringRetry() async throws {
    for way in Way.allCases {
      for last in [0, 1, 4] {
        let stop = SyncStop()
        var bench = Bench(0..<7)
        bench.onHandle = { item in
          guard item == last else { return }
          ask(stop, way)
          throw Fault(place: "item \(item)")
        }
        let outcome = try await run(bench, .retry(attempts: 3), stop)
        let note: Comment = "\(way) in item \(last)"
        let processed = bench.journal.processed.flatMap { $0 }
        #expect(processed + outcome.openKeys == Array(0..<last), note)
        #expect(outcome.report.failures.isEmpty, note)
        if way != .endAtOnce {
          #expect(outcome.error == nil, note)
          #expect(outcome.report.stopReason == .cancelled, note)
        }
      }
    }
  }

  @Test("a chunk whose processing failed once is processed all the same by a sync that stops")
  func stopDuringProcessingRetry() async throws {
    let stop = SyncStop()
    var bench = Bench(0..<7)
    let calls = Journal()
    bench.onProcess = { chunk in
      calls.process(chunk.outputs)
      if calls.processed.count == 1 {
        stop.finishChunk()
        throw Fault(place: "first call")
      }
    }
    let outcome = try await run(bench, .retry(attempts: 2), stop)
    #expect(outcome.error == nil)
    #expect(bench.journal.processed == [[0, 1, 2]])
    #expect(outcome.report.stopReason == .cancelled)
  }

  @Test("a cancelled sync that cannot wait tells the error, not that it was cancelled")
  func cancelledWhileWaiting() async throws {
    for isolates in [false, true] {
      var bench = Bench(0..<3)
      let calls = Journal()
      bench.onProcess = { chunk in
        calls.process(chunk.outputs)
        if chunk.outputs.contains(1) { throw Fault(place: "item 1") }
      }
      // The task is cancelled while the clock sleeps before the second attempt.
      bench.clock.cancelsSleep = true
      let fallback = isolates ? FailurePolicy.isolate(maximumErrors: 1) : nil
      let outcome = try await run(bench, .retry(attempts: 2, then: fallback), SyncStop())
      if isolates {
        #expect(outcome.error == nil, "bisected, as if the task had been cancelled before")
        #expect(bench.journal.processed == [[0], [2]])
        #expect(outcome.report.failures.map(\.key) == [1])
      } else {
        #expect((outcome.error as? Fault) == Fault(place: "item 1"))
        #expect(outcome.openKeys == [0, 1, 2])
      }
    }
  }

  @Test("a handler that gives up in the second stage ends the sync with nothing processed")
  func givesUpInSecondStage() async throws {
    let stop = SyncStop()
    var bench = Bench(0..<7)
    bench.onHandle = { item in
      guard item == 4 else { return }
      stop.endAtOnce()
      throw CancellationError()
    }
    let outcome = try await run(bench, .stop, stop)
    #expect(bench.journal.processed == [[0, 1, 2]])
    #expect(outcome.openKeys == [3])
    #expect(outcome.error is CancellationError)
  }

  @Test("stopping at every call of a bisection loses nothing and does nothing twice")
  func stopWhileBisecting() async throws {
    for way in Way.allCases {
      for gives in [false, true] where way != .finishChunk || !gives {
        for call in 1...8 {
          let stop = SyncStop()
          var bench = Bench(0..<8)
          let calls = Journal()
          bench.onProcess = { chunk in
            calls.process(chunk.outputs)
            if calls.processed.count == call {
              ask(stop, way)
              if gives { throw CancellationError() }
            }
            if chunk.outputs.contains(5) { throw Fault(place: "item 5") }
          }
          let outcome = try await run(bench, .isolate(maximumErrors: 1), stop, cap: nil)
          let note: Comment = "\(way) in call \(call)\(gives ? ", which gives up" : "")"
          let processed = bench.journal.processed.flatMap { $0 }
          let failed = outcome.report.failures.map(\.key)
          #expect((processed + failed + outcome.openKeys).sorted() == Array(0..<8), note)
          #expect(outcome.report.chunks.map(\.size).reduce(0, +) == processed.count + failed.count)
          if way == .endAtOnce { #expect(calls.processed.count <= max(call, 7), note) }
          if way != .endAtOnce && !gives {
            #expect(processed == [0, 1, 2, 3, 4, 6, 7], note)
            #expect(outcome.error == nil, note)
          }
        }
      }
    }
  }
}
