import Syncer
import SyncerTesting
import SyncerSimulation

/// Does nothing with an item, as fast as that can be done.
struct NoopHandler: SyncHandler {
  func handleLeftExclusive(_ key: Int, _ items: ArraySlice<Int>) async throws {}
  func handleRightExclusive(_ key: Int, _ items: ArraySlice<Int>) async throws {}
  func handleIntersection(
    _ key: Int, _ left: ArraySlice<Int>, _ right: ArraySlice<Int>
  ) async throws {}
  func processChunk(_ chunk: HandledChunk<Void>) async throws {}
}

/// Spends virtual time on items of eight classes that follow each other at random.
struct ClassedHandler: SyncHandler {
  let classes = (0..<8).map { CostClass("class-\($0)") }
  let classOfItem: [UInt8]
  let clock: VirtualClock

  func costClass(of entry: DiffEntry<Int, Int, Int>) -> CostClass {
    classes[Int(classOfItem[entry.key])]
  }

  func handleLeftExclusive(_ key: Int, _ items: ArraySlice<Int>) async throws {
    clock.advance(by: .nanoseconds(100_000 + 20_000 * Int(classOfItem[key])))
  }

  func handleRightExclusive(_ key: Int, _ items: ArraySlice<Int>) async throws {}

  func handleIntersection(
    _ key: Int, _ left: ArraySlice<Int>, _ right: ArraySlice<Int>
  ) async throws {}

  func processChunk(_ chunk: HandledChunk<Void>) async throws {}
}

/// What the loop costs beside a handler's own work, in nanoseconds per item.
struct LoopBenchmark {
  private let count = 2_000_000
  private let items: [Int]
  private let sets: Differences<Int, Int, Int>
  private let classOfItem: [UInt8]

  init() {
    items = Array(0..<count)
    sets = Differences(distinctLeft: items, keys: items)
    classOfItem = items.map { UInt8((UInt64($0) &* 0x9E37_79B9_7F4A_7C15) >> 61) }
  }

  func run() async throws {
    let samples = try await Measure.samples(
      rounds: 25,
      [
        { try await bare(NoopHandler()) },
        { try await synced(NoopHandler(), FixedScheduler(size: 10_000), VirtualClock()) },
        { try await synced(NoopHandler(), FixedScheduler(size: 10_000), ContinuousClock()) },
        { try await capped(NoopHandler()) },
        { try await classed(FixedScheduler(size: 20_000)) },
        { try await classed(DeadlineScheduler()) },
      ])
    func perItem(_ seconds: Double) -> Double { seconds * 1e9 / Double(count) }
    let least = samples.map { perItem(Measure.least($0)) }
    let median = samples.map { perItem(Measure.median($0)) }
    func printMore(_ work: Int, than other: Int, _ name: String, atMost limit: Double? = nil) {
      let more = least[work] - least[other]
      Ratio(
        name: name, target: limit.map { "<= \(figure($0, 0))" } ?? "",
        measured: "\(figure(more, 1)) (\(figure(least[work], 1)) and \(figure(least[other], 1)); "
          + "by medians \(figure(median[work] - median[other], 1)))",
        isMet: limit.map { more <= $0 }
      ).printLine()
    }
    let times = least[1] / least[0]
    Ratio(
      name: "loop, no-op handler, fixed scheduler, virtual clock: times a bare loop",
      target: "<= 3", measured: figure(times), isMet: times <= 3
    ).printLine()
    printMore(1, than: 0, "the same, ns per item more", atMost: 8)
    printMore(2, than: 0, "the same on the system's clock, of which a reading takes most")
    printMore(3, than: 0, "the same by chunkCap alone, without chunk time")
    printMore(
      5, than: 4, "DeadlineScheduler, 8 classes, virtual time: ns per item more than a fixed one",
      atMost: 25)
  }

  private func bare<Handler: SyncHandler>(_ handler: Handler) async throws -> Double
  where Handler.Left == Int, Handler.Key == Int {
    try await Measure.seconds {
      var outputs: [Handler.Output] = []
      for index in items.indices {
        outputs.append(try await handler.handleLeftExclusive(items[index], items[index...index]))
      }
      if outputs.count != count { throw Failure("the bare loop lost items") }
    }
  }

  private func synced<TimeSource: Clock<Duration>>(
    _ handler: NoopHandler, _ scheduler: some ChunkScheduler, _ clock: TimeSource
  ) async throws -> Double {
    let syncer = Syncer(
      differences: sets, handler: handler, scheduler: scheduler, order: .listed, clock: clock)
    return try await Measure.seconds { _ = try await syncer.chunkedSync(chunkTime: .seconds(5)) }
  }

  private func capped(_ handler: NoopHandler) async throws -> Double {
    let syncer = Syncer(
      differences: sets, handler: handler, order: .listed, clock: VirtualClock())
    return try await Measure.seconds { _ = try await syncer.chunkedSync(chunkCap: 10_000) }
  }

  private func classed(_ scheduler: some ChunkScheduler) async throws -> Double {
    let clock = VirtualClock()
    let syncer = Syncer(
      differences: sets, handler: ClassedHandler(classOfItem: classOfItem, clock: clock),
      scheduler: scheduler, order: .listed, clock: clock)
    return try await Measure.seconds { _ = try await syncer.chunkedSync(chunkTime: .seconds(5)) }
  }
}
