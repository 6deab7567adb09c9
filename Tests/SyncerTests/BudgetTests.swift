import Testing

@testable import Syncer

/// Syncs with a budget of time that must not be exceeded.
struct BudgetTests {
  /// Syncs items of 100 ms, and as much in processing, with so many seconds to go.
  private func run(
    _ seconds: Double, learned: LearnedCosts? = nil, count: Int = 1000, chunkTime: Double = 5
  ) async throws -> (bench: Bench, report: SyncReport<Int>) {
    var bench = Bench(0..<count)
    bench.cost = { _ in .milliseconds(100) }
    bench.processCost = { .milliseconds(50 + 100 * $0.count) }
    var syncer = bench.syncer(DeadlineScheduler(learned: learned))
    syncer.timeLeft = { [clock = bench.clock] in
      .seconds(seconds) - clock.now.sinceStart
    }
    return (bench, try await syncer.chunkedSync(chunkTime: .seconds(chunkTime)))
  }

  @Test("the last chunk is cut so that its processing ends in time", arguments: [20, 31.3, 47, 60])
  func cut(seconds: Double) async throws {
    let (bench, report) = try await run(seconds)
    let end = bench.clock.now.sinceStart / .seconds(1)
    #expect(report.stopReason == .timeLeft)
    #expect(end <= seconds && end > seconds - 6, "\(end) of \(seconds)")
    #expect(report.chunks.last?.closeReason == .timeLeft || seconds - end < 6)
    #expect(bench.journal.handled == bench.journal.processed.flatMap { $0 })
    #expect(report.handledCount < 1000)
  }

  @Test("nothing is begun that is known not to end in time")
  func nothing() async throws {
    let learned = try #require(try await run(1000, count: 100).report.learned)
    let (bench, report) = try await run(0.15, learned: learned)
    #expect(bench.journal.handled.isEmpty)
    #expect(report.stopReason == .timeLeft)
    #expect(report.chunks.isEmpty)
    let none = try await run(0)
    #expect(none.bench.journal.handled.isEmpty && none.report.stopReason == .timeLeft)
  }

  @Test("a pace that is doubted makes the first chunk small, and ends nothing")
  func remembered() async throws {
    func run(_ learned: LearnedCosts?, seconds: Double) async throws -> SyncReport<Int> {
      var bench = Bench(0..<40)
      bench.cost = { _ in .milliseconds(1) }
      bench.processCost = { .seconds(5 * $0.count) }
      var syncer = bench.syncer(DeadlineScheduler(learned: learned))
      syncer.timeLeft = { [clock = bench.clock] in .seconds(seconds) - clock.now.sinceStart }
      return try await syncer.chunkedSync(chunkTime: .seconds(5))
    }
    let learned = try #require(try await run(nil, seconds: 1000).learned)
    let second = try await run(learned, seconds: 33)
    #expect(second.handledCount >= 5, "\(second.chunks.map(\.size))")
    #expect(second.duration <= .seconds(33))
  }

  @Test("after a chunk that was cut, what it took tells whether there is time for another")
  func another() async throws {
    var bench = Bench(0..<40)
    bench.cost = { _ in .milliseconds(1) }
    // The second half takes a tenth of what the first does.
    bench.processCost = { .milliseconds($0.reduce(0) { $0 + ($1 < 8 ? 5000 : 500) }) }
    var syncer = bench.syncer(DeadlineScheduler())
    syncer.timeLeft = { [clock = bench.clock] in .seconds(50) - clock.now.sinceStart }
    let report = try await syncer.chunkedSync(chunkTime: .seconds(20))
    #expect(report.chunks.filter { $0.closeReason == .timeLeft }.count > 1)
    #expect(report.handledCount > 12 && report.duration <= .seconds(50))
  }

  @Test("what does not fit is left, and others are done where they may overtake it")
  func overtaken() async throws {
    for (order, least) in [(SyncOrder.listed, 5), (.roughlyListed, 200)] {
      var bench = Bench(0..<300)
      // Items of a tenth of a second, known beforehand, and one of 100 s.
      bench.hint = { $0 == 5 ? 1000 : 1 }
      bench.cost = { .milliseconds($0 == 5 ? 100_000 : 100) }
      var syncer = bench.syncer(DeadlineScheduler())
      syncer.order = order
      syncer.timeLeft = { [clock = bench.clock] in .seconds(60) - clock.now.sinceStart }
      let report = try await syncer.chunkedSync(chunkTime: .seconds(5))
      let handled = bench.journal.handled
      #expect(!handled.contains(5), "\(order)")
      #expect(report.handledCount >= least, "\(order): \(report.handledCount)")
      #expect(report.handledCount == handled.count && Set(handled).count == handled.count)
      #expect(report.stopReason == .timeLeft && report.duration <= .seconds(60))
      if order == .listed { #expect(report.handledCount == 5) }
    }
  }

  @Test("what is left of a stream keeps no chunk open, and none is read on once the time is spent")
  func leftOfStream() async throws {
    for order in [SyncOrder.listed, .roughlyListed, .shuffledInWindows(of: 4, seed: 1)] {
      var bench = Bench(0..<300)
      // From the twentieth on, items are known beforehand to take longer than there is.
      bench.hint = { $0 < 20 ? 1 : 1000 }
      bench.cost = { .milliseconds($0 < 20 ? 100 : 100_000) }
      let clock = bench.clock
      var syncer = bench.streamSyncer(DeadlineScheduler(), order: order) { _ in
        clock.advance(by: .milliseconds(250))
      }
      syncer.timeLeft = { .seconds(30) - clock.now.sinceStart }
      let report = try await syncer.chunkedSync(chunkTime: .seconds(5))
      #expect(bench.journal.handled.sorted() == Array(0..<20), "\(order)")
      #expect(report.stopReason == .timeLeft && report.duration <= .seconds(31), "\(order)")
      // A window is read at once.
      #expect(report.chunks.allSatisfy { $0.duration < .seconds(6.5) }, "\(order)")
    }
  }

  @Test("what chunks before it still need is not there for a chunk")
  func earlier() {
    let scheduler = DeadlineRuleTests.taught(DeadlineScheduler(), Array(repeating: 1, count: 50))
    let start = ChunkStart(targetSeconds: 5)
    let item = ItemProfile(classIndex: 0)
    func fits(_ earlierSeconds: Double, within seconds: Double) -> Bool {
      var draft = scheduler.open(start).draft
      var open = OpenChunk(start)
      open.earlierSeconds = earlierSeconds
      return scheduler.fits(item, into: open, within: seconds, &draft)
    }
    #expect(fits(0, within: 3))
    #expect(!fits(4, within: 3.9) && fits(4, within: 4.1))
  }

  @Test("a budget that is not met, or an answer of nil, changes nothing")
  func unlimited() async throws {
    let (_, wide) = try await run(1e6)
    #expect(wide.stopReason == .completed)
    var bench = Bench(0..<1000)
    bench.cost = { _ in .milliseconds(100) }
    bench.processCost = { .milliseconds(50 + 100 * $0.count) }
    let without = try await bench.syncer(DeadlineScheduler()).chunkedSync(chunkTime: .seconds(5))
    #expect(without == wide)
    var syncer = bench.syncer(DeadlineScheduler())
    syncer.timeLeft = { nil }
    #expect(try await syncer.chunkedSync(chunkTime: .seconds(5)).stopReason == .completed)
  }

  @Test("other schedulers stop when the time is up")
  func others() async throws {
    var bench = Bench(0..<1000)
    bench.cost = { _ in .milliseconds(100) }
    var syncer = bench.syncer(FixedScheduler(size: 7))
    syncer.timeLeft = { [clock = bench.clock] in .seconds(3) - clock.now.sinceStart }
    let report = try await syncer.chunkedSync(chunkTime: .seconds(1))
    #expect(report.handledCount == 30)
    #expect(report.chunks.last?.closeReason == .timeLeft)
  }

  @Test("progress goes by the hints, and items without one count as 1")
  func fraction() async throws {
    final class Fractions: SyncObserver {
      let log = Journal()
      func syncDidHandleItem(_ progress: SyncProgress) {
        log.handle(Int(((progress.fraction ?? 0) * 100).rounded()))
      }
    }
    let fractions = Fractions()
    var bench = Bench(0..<4)
    bench.hint = { $0 == 3 ? nil : Double(1 + 2 * $0) }
    _ = try await bench.syncer(observer: fractions).chunkedSync(chunkTime: .seconds(1))
    // 1, 3, 5 and 1 of 10.
    #expect(fractions.log.handled == [10, 40, 90, 100])
  }

  @Test("a heartbeat must be longer than zero")
  func wrongHeartbeat() async throws {
    var syncer = Bench(0..<1).syncer(observer: ObserverGroup([]))
    syncer.heartbeat = .zero
    let failure = await #expect(throws: SyncFailure<Int>.self) { try await syncer.sync() }
    #expect(failure?.underlyingError as? SyncArgumentError == .heartbeatNotPositive(.zero))
  }
}
