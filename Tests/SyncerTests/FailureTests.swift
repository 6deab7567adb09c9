import Syncer
import Testing

struct FailureTests {
  /// Runs a sync that must fail; returns the failure.
  private func failure(
    of syncer: IntSyncer, chunkTime: Duration? = nil, chunkCap: Int? = 3
  ) async -> SyncFailure<Int>? {
    do throws(SyncFailure<Int>) {
      _ = try await syncer.chunkedSync(chunkTime: chunkTime, chunkCap: chunkCap)
      return nil
    } catch {
      return error
    }
  }

  @Test("a throwing handler names what is open, itself last, and keeps the finished chunks")
  func throwingHandler() async throws {
    for broken in 0..<7 {
      var bench = Bench(0..<7)
      bench.onHandle = { if $0 == broken { throw Fault(place: "item \($0)") } }
      let failed = await failure(of: bench.syncer())
      let failure = try #require(failed, "item \(broken)")
      let finished = broken / 3 * 3
      #expect(failure.report.stopReason == .failed, "item \(broken)")
      #expect(failure.report.handledCount == finished, "item \(broken)")
      #expect(failure.report.itemCount == 7, "item \(broken)")
      let sizes = Array([3, 3].prefix(broken / 3))
      #expect(failure.report.chunks.map(\.size) == sizes, "item \(broken)")
      #expect(failure.openKeys == Array(finished...broken), "item \(broken)")
      let fault = failure.underlyingError as? Fault
      #expect(fault == Fault(place: "item \(broken)"))
      #expect(bench.journal.processed.flatMap { $0 } == Array(0..<finished), "item \(broken)")
    }
  }

  @Test("a throwing processChunk leaves all of its chunk open and keeps the chunks before")
  func throwingProcess() async throws {
    for broken in 1...3 {
      var bench = Bench(0..<7)
      bench.onProcess = { if $0.number == broken { throw Fault(place: "chunk \($0.number)") } }
      let failed = await failure(of: bench.syncer())
      let failure = try #require(failed, "chunk \(broken)")
      let first = (broken - 1) * 3
      #expect(failure.report.chunks.count == broken - 1, "chunk \(broken)")
      #expect(failure.report.handledCount == first, "chunk \(broken)")
      #expect(failure.openKeys == Array(first..<min(first + 3, 7)), "chunk \(broken)")
      let fault = failure.underlyingError as? Fault
      #expect(fault == Fault(place: "chunk \(broken)"))
    }
  }

  @Test("a failure inside a timed chunk is as one inside a counted chunk")
  func timedFailure() async throws {
    var bench = Bench(0..<7)
    bench.onHandle = { if $0 == 4 { throw Fault(place: "item 4") } }
    let failed = await failure(
      of: bench.syncer(FixedScheduler(size: 3)), chunkTime: .seconds(1), chunkCap: nil)
    let failure = try #require(failed)
    #expect(failure.openKeys == [3, 4])
    #expect(failure.report.chunks.map(\.size) == [3])
    #expect(failure.report.duration == .milliseconds(40))
  }

  @Test("open keys are named in the order of work")
  func shuffledOpenKeys() async throws {
    var bench = Bench(0..<10)
    bench.onProcess = { _ in throw Fault(place: "first chunk") }
    let failed = await failure(of: bench.syncer(order: .shuffled(seed: 42)))
    #expect(failed?.openKeys == [8, 3, 6])
    #expect(failed?.report.order == .shuffled(seed: 42))
  }

  @Test("a resource that cannot be read fails the sync before its first chunk")
  func throwingSelect() async throws {
    let bench = Bench(0..<3)
    let syncer = Syncer(
      differ: Differ(left: ArrayResource([1]), right: BrokenResource()), handler: bench.handler,
      order: .listed, clock: bench.clock)
    let failed = await failure(of: syncer)
    let failure = try #require(failed)
    let fault = failure.underlyingError as? Fault
    #expect(fault == Fault(place: "select"))
    #expect(failure.openKeys.isEmpty)
    #expect(failure.report.itemCount == 0)
    #expect(failure.report.chunks.isEmpty)
    #expect(bench.journal.handled.isEmpty)
  }

  @Test("the failure of chunks(...) comes once, after the finished chunks; then it has ended")
  func failingSequence() async throws {
    var bench = Bench(0..<7)
    bench.onHandle = { if $0 == 4 { throw Fault(place: "item 4") } }
    var iterator = bench.syncer().chunks(chunkCap: 3).makeAsyncIterator()
    let first = try await iterator.next()
    #expect(first?.size == 3)
    do throws(SyncFailure<Int>) {
      let second = try await iterator.next()
      Issue.record("the second chunk is \(String(describing: second))")
    } catch {
      #expect(error.openKeys == [3, 4])
      #expect(error.report.handledCount == 3)
      #expect(error.report.chunks.isEmpty, "a sequence keeps no chunks")
    }
    let handled = bench.journal.handled
    let after = try await iterator.next()
    #expect(after == nil, "an ended sync must not start anew")
    #expect(bench.journal.handled == handled)
  }

  @Test("a finished sequence stays finished")
  func finishedSequence() async throws {
    let bench = Bench(0..<2)
    var iterator = bench.syncer().chunks().makeAsyncIterator()
    var sizes: [Int?] = []
    for _ in 0..<3 { sizes.append(try await iterator.next()?.size) }
    #expect(sizes == [2, nil, nil])
    #expect(bench.journal.handled == [0, 1])
  }

  @Test("the description says what failed, after how much, and what is open")
  func description() async throws {
    var bench = Bench(0..<7)
    bench.onHandle = { if $0 == 4 { throw Fault(place: "the fifth") } }
    let failed = await failure(of: bench.syncer())
    let text = try #require(failed).description
    #expect(text.contains("3 of 7"))
    #expect(text.contains("2 items"))
    #expect(text.contains("the fifth"))
    #expect(!text.contains("\n"))
  }
}
