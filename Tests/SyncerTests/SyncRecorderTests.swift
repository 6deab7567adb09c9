import Testing

@testable import Syncer

struct SyncRecorderTests {
  /// Runs a sync of items that take 1 to 9 ms, in chunks that take 5 ms and 2 ms per item.
  private func recorded(
    _ policy: FailurePolicy = .stop, failing: Int? = nil
  ) async throws -> (recorder: SyncRecorder, report: SyncReport<Int>) {
    var bench = Bench(0..<90)
    bench.cost = { .milliseconds(1 + $0 % 9) }
    bench.processCost = { .milliseconds(5 + 2 * $0.count) }
    bench.costClass = { $0 % 2 == 0 ? "even" : "odd" }
    bench.onHandle = { if $0 == failing { throw Fault(place: "item \($0)") } }
    let recorder = SyncRecorder()
    var syncer = Syncer(
      differ: Differ(left: ArrayResource(bench.items), right: ArrayResource([])),
      handler: RecordingHandler(bench.handler, recorder, clock: bench.clock),
      scheduler: DeadlineScheduler(), order: .listed, clock: bench.clock, observer: recorder)
    syncer.onFailure = policy
    return (recorder, try await syncer.chunkedSync(chunkTime: .milliseconds(100)))
  }

  @Test("a row has what its item cost; what every chunk costs is told apart")
  func rows() async throws {
    let (recorder, report) = try await recorded()
    #expect(Set(report.chunks.map(\.size)).count > 2, "\(report.chunks.map(\.size))")
    #expect(recorder.chunkOverhead == .milliseconds(5))
    #expect(recorder.count == 90)
    let rows = (0..<90).map { key in
      "\(key % 2 == 0 ? "even" : "odd"),0.00\(1 + key % 9)000000,0.002000000,"
    }
    #expect(
      recorder.trace.split(separator: "\n").map(String.init)
        == ["class,handle_s,process_s,hint"] + rows)
  }

  @Test("an item that failed has no row, and the others keep theirs")
  func failures() async throws {
    let (recorder, report) = try await recorded(.isolate(maximumErrors: 1), failing: 40)
    #expect(report.failures.map(\.key) == [40])
    #expect(recorder.count == 89)
  }

  @Test("a sync is the same whether it is recorded or not")
  func passive() async throws {
    let (_, report) = try await recorded()
    var bench = Bench(0..<90)
    bench.cost = { .milliseconds(1 + $0 % 9) }
    bench.processCost = { .milliseconds(5 + 2 * $0.count) }
    bench.costClass = { $0 % 2 == 0 ? "even" : "odd" }
    let plain = try await bench.syncer(DeadlineScheduler()).chunkedSync(
      chunkTime: .milliseconds(100))
    #expect(plain == report)
  }

  @Test("the cost of a transaction is told apart from that of its rows, whatever the noise")
  func overhead() {
    var exact = ChunkOverhead()
    var noisy = ChunkOverhead()
    var random = SplitMix64(seed: 5)
    for size in 1...200 {
      let cost = 2_000_000 + 15_000 * Int64(size)
      exact.add(items: size, nanoseconds: cost)
      noisy.add(items: size, nanoseconds: cost + Int64(random.next(below: 1_001) - 500) * 200)
    }
    #expect(exact.nanoseconds == 2_000_000)
    #expect(abs((noisy.nanoseconds ?? 0) - 2_000_000) < 100_000)
  }

  @Test("the overhead is never negative nor more than a chunk took, and unknown of equal chunks")
  func overheadBounds() {
    let fit = { (chunks: [(Int, Int64)]) in
      chunks.reduce(into: ChunkOverhead()) { $0.add(items: $1.0, nanoseconds: $1.1) }.nanoseconds
    }
    #expect(fit([]) == nil)
    #expect(fit([(7, 100)]) == nil)
    #expect(fit([(7, 100), (7, 200), (7, 300)]) == nil)
    #expect(fit([(1, 100), (100, 100_000)]) == 0, "more per item in the larger chunk")
    #expect(fit([(1, 300), (100, 100)]) == 200, "less for more: all of the mean")
    #expect(fit([(1, 0), (2, 0)]) == 0)
  }
}
