import Syncer
import SyncerTesting
import TestSupport
import Testing

/// More than one item, and more than one chunk, at a time.
struct OverlapTests {
  private struct Shape: Sendable {
    var handle: @Sendable (Int) -> Int
    var process: @Sendable (Int) -> Int
  }

  private static let shapes: [Shape] = [
    Shape(handle: { _ in 1 }, process: { _ in 3 }),
    Shape(handle: { 1 + $0 * 5 % 7 }, process: { 1 + $0 * 3 % 5 }),
    Shape(handle: { 9 - $0 }, process: { _ in 0 }),
    Shape(handle: { _ in 0 }, process: { 7 - $0 }),
  ]

  @Test("all small cases: each item once, in order, with no more at work or open than allowed")
  func laws() throws {
    for shape in Self.shapes {
      for count in 0...7 {
        for cap in 1...3 {
          for handlers in 1...3 {
            for open in 1...3 {
              for overlapping in [false, true] {
                var bench = OverlapBench(
                  count: count, cap: cap, handlersAtOnce: handlers, openChunks: open,
                  overlapping: overlapping)
                bench.handleSeconds = shape.handle
                bench.processSeconds = shape.process
                try check(bench, "\(count) items, \(cap), \(handlers), \(open), \(overlapping)")
              }
            }
          }
        }
      }
    }
  }

  private func check(_ bench: OverlapBench, _ note: Comment) throws {
    let outcome = try bench.run()
    let state = outcome.state
    #expect(outcome.error == nil, note)
    #expect(outcome.report.stopReason == .completed, note)
    let chunks = stride(from: 0, to: bench.count, by: bench.cap).map {
      Array($0..<min($0 + bench.cap, bench.count))
    }
    #expect(state.processed.sorted { $0[0] < $1[0] } == chunks, note)
    #expect(state.handled.sorted() == Array(0..<bench.count), note)
    #expect(state.calls == Array(1..<chunks.count + 1), note)
    #expect(state.mostAtWork <= bench.handlersAtOnce, note)
    #expect(state.mostCalls <= (bench.overlapping ? bench.openChunks : 1), note)
    #expect(state.mostOpen <= bench.openChunks * bench.cap, note)
    #expect(state.numbers == Array(1..<chunks.count + 1), note)
    #expect(state.starts == state.starts.sorted(), note)
    #expect(!state.hasTimeGoneBack, note)
    #expect(state.ends == 1, note)
    #expect(outcome.report.chunks.map(\.number) == state.numbers, note)
    #expect(outcome.report.handledCount == bench.count, note)
    var sequential = bench
    sequential.handlersAtOnce = 1
    sequential.openChunks = 1
    #expect(try outcome.seconds <= sequential.run().seconds, note)
  }

  @Test("a chunk is filled while the one before is processed")
  func timing() throws {
    var bench = OverlapBench(count: 9, cap: 3)
    #expect(try bench.run().seconds == 18)
    bench.openChunks = 2
    let outcome = try bench.run()
    #expect(outcome.seconds == 12)
    #expect(outcome.report.chunks.map(\.start) == [.seconds(0), .seconds(3), .seconds(6)])
    #expect(outcome.report.chunks.allSatisfy { $0.duration == .seconds(6) })
    // The call is the bottleneck: the time that a chunk waits for it is not the chunk's.
    bench.processSeconds = { _ in 10 }
    let slow = try bench.run()
    #expect(slow.seconds == 33)
    #expect(slow.report.chunks.allSatisfy { $0.processing == .seconds(10) })
    bench.overlapping = true
    bench.openChunks = 3
    #expect(try bench.run().seconds == 19)
  }

  @Test("items are handled at once, and the time of an item is its own")
  func handlers() throws {
    var bench = OverlapBench(count: 8, cap: 8, handlersAtOnce: 4)
    bench.processSeconds = { _ in 0 }
    #expect(try bench.run().seconds == 2)
    bench.handleSeconds = { $0 == 0 ? 5 : 1 }
    let outcome = try bench.run()
    #expect(outcome.seconds == 5)
    #expect(outcome.state.processed == [Array(0..<8)])
    #expect(outcome.state.mostAtWork == 4)
  }

  @Test("a handler that throws loses its chunk alone, and names what was at work beside it")
  func handlerFailure() throws {
    for bad in 0..<7 {
      for handlers in 1...3 {
        for open in 1...3 {
          var bench = OverlapBench(cap: 2, handlersAtOnce: handlers, openChunks: open)
          bench.onHandle = { if $0 == bad { throw Broken(what: "\(bad)") } }
          let outcome = try bench.run()
          let note: Comment = "item \(bad), \(handlers) at once, \(open) open"
          let first = bad / 2 * 2
          #expect(outcome.error is Broken, note)
          #expect(outcome.state.processed.flatMap { $0 } == Array(0..<first), note)
          #expect(outcome.openKeys.first == first && outcome.openKeys.contains(bad), note)
          #expect(outcome.openKeys == Array(first..<first + outcome.openKeys.count), note)
          #expect(outcome.openKeys.count <= 2, note)
          #expect(outcome.report.handledCount == first, note)
          #expect(outcome.state.ends == 1, note)
        }
      }
    }
  }

  @Test("processing that fails loses at most the open chunks, and names their items")
  func processingFailure() throws {
    for bad in 1...4 {
      for handlers in 1...3 {
        for open in 1...3 {
          for overlapping in [false, true] {
            var bench = OverlapBench(
              cap: 2, handlersAtOnce: handlers, openChunks: open, overlapping: overlapping)
            bench.onProcess = { if $0.number == bad { throw Broken(what: "\(bad)") } }
            let outcome = try bench.run()
            let note: Comment = "chunk \(bad), \(handlers), \(open) open, \(overlapping)"
            let first = (bad - 1) * 2
            #expect(outcome.error is Broken, note)
            let numbers = outcome.report.chunks.map(\.number)
            #expect(numbers.filter { $0 <= bad } == Array(1..<bad), note)
            #expect(overlapping || numbers.count == bad - 1, note)
            #expect(outcome.openKeys.starts(with: first..<min(first + 2, 7)), note)
            #expect(outcome.openKeys == outcome.openKeys.sorted(), note)
            #expect(outcome.openKeys.count <= 2 * open, note)
            // Whatever was handled is processed and reported, or named.
            let processed = outcome.state.processed.flatMap { $0 }
            #expect(
              (processed + outcome.openKeys).sorted() == outcome.state.handled.sorted(), note)
            #expect(outcome.report.handledCount == processed.count, note)
          }
        }
      }
    }
  }

  @Test("failing items are isolated, whichever phase they fail in")
  func isolation() throws {
    for (handling, processing) in [(0, 5), (3, 4), (6, 0), (2, 3)] {
      for handlers in 1...3 {
        for open in 1...3 {
          for overlapping in [false, true] {
            var bench = OverlapBench(
              handlersAtOnce: handlers, openChunks: open, overlapping: overlapping)
            bench.onFailure = .isolate(maximumErrors: 2)
            bench.onHandle = { if $0 == handling { throw Broken(what: "h") } }
            bench.onProcess = { if $0.outputs.contains(processing) { throw Broken(what: "p") } }
            let outcome = try bench.run()
            let note: Comment = "\(handling), \(processing), \(handlers), \(open), \(overlapping)"
            #expect(outcome.error == nil, note)
            #expect(Set(outcome.report.failures.map(\.key)) == [handling, processing], note)
            let processed = outcome.state.processed.flatMap { $0 }.sorted()
            #expect(processed == (0..<7).filter { $0 != handling && $0 != processing }, note)
            #expect(outcome.report.handledCount == 7, note)
          }
        }
      }
    }
  }

  @Test("asked to stop, what was handled is processed or named, and nothing more is begun")
  func stopping() throws {
    for last in 0..<7 {
      for handlers in 1...3 {
        for open in 1...3 {
          for way in 0..<3 {
            let stop = SyncStop()
            var bench = OverlapBench(cap: 2, handlersAtOnce: handlers, openChunks: open)
            bench.stop = stop
            bench.onHandle = { key in
              if key != last { return }
              if way == 0 { stop.finishChunk() }
              if way == 1 { stop.endAtOnce() }
              if way == 2 { throw CancellationError() }
            }
            if way == 2 {
              bench.onHandle = { key in
                if key == last {
                  stop.finishChunk()
                  throw CancellationError()
                }
              }
            }
            let outcome = try bench.run()
            let note: Comment = "item \(last), \(handlers) at once, \(open) open, way \(way)"
            let processed = outcome.state.processed.flatMap { $0 }
            let known = (processed + outcome.openKeys).sorted()
            #expect(known == known.uniqued, note)
            let lost = way == 2 ? [last] : []
            #expect(Set(known + lost) == Set(outcome.state.handled), note)
            #expect(outcome.state.handled.count < last + handlers + 2 * open + 1, note)
            #expect(outcome.state.ends == 1, note)
            if way != 1 {
              #expect(outcome.error == nil, note)
              #expect(outcome.openKeys.isEmpty, note)
              let isLast = outcome.state.handled.count == 7 && way == 0
              #expect(outcome.report.stopReason == .cancelled || isLast, note)
            }
          }
        }
      }
    }
  }

  @Test("elements of chunks(...) come in order, and nothing runs between them")
  func sequence() throws {
    for open in 1...3 {
      let (numbers, seconds) = try VirtualTime.run(grace: .zero) { clock in
        let gauge = OverlapGauge()
        var syncer = Syncer(
          differ: Differ(left: ArrayResource(Array(0..<8)), right: ArrayResource([])),
          handler: ClosureSyncHandler<Int, Int, Int, Int>(
            handle: { entry in
              try await clock.sleep(for: .seconds(1))
              return entry.key
            },
            processChunk: { chunk in
              gauge.beginCall(chunk)
              try await clock.sleep(for: .seconds(1))
              gauge.endCall(chunk, succeeded: true)
            }), order: .listed, clock: clock)
        syncer.openChunks = open
        var numbers: [Int] = []
        for try await chunk in syncer.chunks(chunkCap: 2) {
          numbers.append(chunk.number)
          #expect(gauge.state.callsAtWork == 0)
        }
        return (numbers, clock.now.nanoseconds / 1_000_000_000)
      }
      #expect(numbers == [1, 2, 3, 4])
      #expect(seconds == (open == 1 ? 12 : 9))
    }
  }

  @Test("counts below one are refused")
  func arguments() throws {
    for (handlers, open) in [(0, 1), (1, 0)] {
      let outcome = try OverlapBench(handlersAtOnce: handlers, openChunks: open).run()
      #expect(outcome.error is SyncArgumentError)
    }
  }
}

extension [Int] {
  fileprivate var uniqued: [Int] { Set(self).sorted() }
}
