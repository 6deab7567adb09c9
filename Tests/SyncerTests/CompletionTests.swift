import Synchronization
import Testing

@testable import Syncer

/// Keeps the samples it is given; a class, so that the test sees them.
final class SampleLog: Sendable {
  private let kept = Mutex<[ChunkSample]>([])
  var samples: [ChunkSample] { kept.withLock { $0 } }
  func add(_ sample: ChunkSample) { kept.withLock { $0.append(sample) } }
}

/// Three items per chunk, and a log of what it could have learned.
struct LoggingScheduler: ChunkScheduler {
  let log: SampleLog
  func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission { chunk.count < 3 ? .take : .close }

  func learn(_ sample: ChunkSample, from draft: Void) { log.add(sample) }
}

struct CompletionTests {
  @Test("completions reported inside processChunk reach the scheduler by class")
  func byClass() async throws {
    let log = SampleLog()
    var bench = Bench(0..<5)
    bench.costClass = { $0 % 2 == 0 ? "even" : "odd" }
    bench.onProcess = { chunk in
      for (position, key) in chunk.outputs.enumerated() where key != 3 {
        await chunk.completed(position, in: .seconds(key + 1))
      }
    }
    let report = try await bench.syncer(LoggingScheduler(log: log)).chunkedSync(
      chunkTime: .seconds(1))
    // Chunk 1 has the items 0, 1, 2, chunk 2 has 3 and 4; item 3 reports nothing.
    #expect(log.samples.map(\.count) == [3, 2])
    let first = try #require(log.samples.first)
    #expect(first.classes.map(\.classIndex) == [0, 1])
    #expect(first.classes.map(\.completions.count) == [2, 1])
    #expect(first.classes.map(\.completions.seconds) == [4, 2])
    #expect(first.classes.map(\.completions.longestSeconds) == [3, 2])
    let second = try #require(log.samples.last)
    #expect(second.classes.map(\.classIndex) == [1, 0], "classes in the order of the chunk")
    #expect(second.classes.map(\.completions.count) == [0, 1])
    #expect(second.classes.map(\.completions.seconds) == [0, 5])
    #expect(report.chunks.last?.classes.map(\.costClass) == ["odd", "even"])
    #expect(report.chunks.last?.classes.map(\.completions.count) == [0, 1])
  }

  @Test("a sample tells what handling took by class, and what both phases took")
  func handlingByClass() async throws {
    let log = SampleLog()
    var bench = Bench(0..<3)
    bench.costClass = { $0 == 1 ? "slow" : "fast" }
    bench.cost = { $0 == 1 ? .seconds(2) : .milliseconds(250) }
    bench.processCost = { _ in .milliseconds(500) }
    _ = try await bench.syncer(LoggingScheduler(log: log)).chunkedSync(chunkTime: .seconds(4))
    let sample = try #require(log.samples.first)
    #expect(sample.handleSeconds == 2.5)
    #expect(sample.processSeconds == 0.5)
    #expect(sample.durationSeconds == 3)
    #expect(sample.targetSeconds == 4)
    #expect(sample.classes.map(\.handling.count) == [2, 1])
    #expect(sample.classes.map(\.handling.seconds) == [0.5, 2])
  }

  @Test("the order in which tasks report does not reach the scheduler")
  func orderOfArrival() async throws {
    var totals: [Double] = []
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
      let log = SampleLog()
      var bench = Bench(0..<3)
      bench.onProcess = { chunk in
        for position in order {
          // 0.1 + 0.2 + 0.3 depends on the order of the additions.
          await chunk.completed(position, in: .milliseconds(100 * (position + 1)))
        }
      }
      _ = try await bench.syncer(LoggingScheduler(log: log)).chunkedSync(chunkTime: .seconds(1))
      totals.append(try #require(log.samples.first?.classes.first).completions.seconds)
    }
    #expect(Set(totals).count == 1)
  }

  @Test("completions of concurrent jobs are all counted")
  func concurrentJobs() async throws {
    let log = SampleLog()
    var bench = Bench(0..<3)
    bench.onProcess = { chunk in
      await withTaskGroup(of: Void.self) { group in
        for position in chunk.outputs.indices {
          group.addTask { await chunk.completed(position, in: .seconds(1)) }
        }
      }
    }
    _ = try await bench.syncer(LoggingScheduler(log: log)).chunkedSync(chunkTime: .seconds(1))
    let sample = try #require(log.samples.first?.classes.first)
    #expect(sample.completions.count == 3)
    #expect(sample.completions.seconds == 3)
  }

  @Test("completions without a chunk time are accepted and do nothing")
  func untimed() async throws {
    var bench = Bench(0..<3)
    bench.onProcess = { await $0.completed(0, in: .seconds(1)) }
    let report = try await bench.syncer().sync()
    #expect(report.chunks.map(\.size) == [3])
    #expect(report.chunks.flatMap(\.classes).isEmpty)
  }

  @Test("a completion that comes when its chunk is closed is not charged to the next one")
  func lateCompletions() async throws {
    let log = SampleLog()
    let first = Mutex<HandledChunk<Int>?>(nil)
    var bench = Bench(0..<4)
    bench.onProcess = { chunk in
      if let late = first.withLock({ $0 }) {
        await late.completed(2, in: .seconds(9))
      } else {
        first.withLock { $0 = chunk }
      }
    }
    _ = try await bench.syncer(LoggingScheduler(log: log)).chunkedSync(chunkTime: .seconds(1))
    #expect(log.samples.map(\.count) == [3, 1])
    #expect(log.samples.flatMap(\.classes).allSatisfy { $0.completions.count == 0 })
  }
}
