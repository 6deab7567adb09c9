internal import Synchronization
internal import Syncer
internal import SyncerTesting

/// A machine that works off one workload on virtual time: costs and load, no decisions.
final class SimulatedMachine: Sendable {
  let workload: Workload
  let workers: Int
  let processingGrowsWithHint: Bool
  /// What a call of `processChunk` does not take more of.
  let largestChunk: [ChunkWeightCap.Limit]
  let clock: VirtualClock
  /// How many items of a chunk are handled at once.
  let handlersAtOnce: Int
  /// Whether what takes time sleeps on the clock, so that other things can happen meanwhile.
  let isConcurrent: Bool
  private let hasConstantLoad: Bool
  /// Whether every chunk has the same overhead.
  let hasConstantOverhead: Bool
  let ledger: ProcessedItems?
  /// When the machine goes down, in nanoseconds.
  let end = Atomic<Int64>(VirtualClock.limit)
  let state: Mutex<State>

  struct State: ~Copyable {
    var load: LoadProfile
    let overhead: Distribution
    let overheadStream: RandomStream
    var overheads: [Int64] = []
    /// What chunks cost that were not told of yet, by their numbers: they may end in another order.
    var meters: [Int: ChunkMeter] = [:]
    /// The memory of the chunk told of last, for the next one.
    var spare = ChunkMeter()
    /// When each worker is done with what chunks that may overlap have given it, in nanoseconds.
    var freeAt: [Int64]
  }

  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init(
    _ scenario: Scenario, _ workload: Workload, replication: Int, ledger: ProcessedItems? = nil,
    clock: VirtualClock = VirtualClock(), process: Int = 1
  ) throws(ScenarioError) {
    self.ledger = ledger
    self.clock = clock
    isConcurrent = clock.executor != nil
    handlersAtOnce = scenario.sync.handlersAtOnce
    let seeds = StreamSeeds(seed: scenario.seed, replication: replication)
    let load = try LoadProfile(scenario.load, seeds)
    self.workload = workload
    workers = scenario.workload.workers
    processingGrowsWithHint = scenario.workload.processingGrowsWithHint
    largestChunk = scenario.workload.largestChunk
    hasConstantLoad = load.isConstant
    hasConstantOverhead = scenario.workload.chunkOverhead.constantSeconds != nil
    state = Mutex(
      State(
        load: load, overhead: scenario.workload.chunkOverhead,
        overheadStream: seeds.stream("overhead" + StreamSeeds.suffix(ofProcess: process)),
        freeAt: [Int64](repeating: 0, count: scenario.workload.workers)))
  }

  /// Lets work fail with `VirtualTimeExhausted` that would end after a moment, in nanoseconds.
  func endTime(at moment: Int64) { end.store(moment, ordering: .relaxed) }

  /// The time some work takes that starts at a moment, in nanoseconds.
  func elapsed(work: Int64, at start: Int64) -> Int64 {
    hasConstantLoad ? work : state.withLock { $0.load.elapsed(work: work, at: start) }
  }

  /// Why work failed with `VirtualTimeExhausted`, where no crash is to come.
  func exhausted(_ scenario: Scenario) -> ScenarioError {
    isLoadExhausted ? LoadProfile.tooRestless(scenario) : Workload.tooLong(scenario)
  }

  /// Whether the load changed too often for the run to go on.
  var isLoadExhausted: Bool { hasConstantLoad ? false : state.withLock { $0.load.isExhausted } }

  /// The fixed cost of the chunk of that number: the same for every scheduler.
  func overhead(ofChunk number: Int) -> Int64 {
    state.withLock { state in
      while state.overheads.count < number {
        state.overheads.append(
          Nanoseconds.rounding(state.overhead.sample(state.overheadStream)))
      }
      return state.overheads[number - 1]
    }
  }

  /// Spends an item's handling; returns the time it took under the load of the moment.
  ///
  /// - Throws: `VirtualTimeExhausted`, and `CancellationError` where other things happen meanwhile.
  @inline(__always)
  func handle(_ item: Int) async throws -> Int64 {
    isConcurrent ? try await sleepHandling(of: item) : try spendHandling(of: item)
  }

  /// Spends the processing of a chunk: its overhead, then its items, on all workers.
  ///
  /// - Parameters:
  ///   - items: The items of the chunk.
  ///   - number: The number of the chunk in the run.
  ///   - isCommitted: Whether the items are processed at the end, not only the time gone.
  /// - Returns: the time every item took on its worker, in the order of the items.
  /// - Throws: `VirtualTimeExhausted`, and `CancellationError` where other things happen meanwhile.
  func process(
    _ items: [HandledItem], chunk number: Int, isCommitted: Bool = true
  ) async throws -> [Int64] {
    let overhead = overhead(ofChunk: number)
    let (times, overheadTime) =
      isConcurrent
      ? try await sleepProcessing(of: items, overhead: overhead)
      : try spendProcessing(of: items, overhead: overhead)
    guard isCommitted else { return times }
    ledger?.add(items, chunk: number)
    state.withLock { state in
      var meter = state.meters.removeValue(forKey: number) ?? state.spare
      state.spare = ChunkMeter()
      meter.add(
        items, times, workload, workers: workers, overhead: overhead, took: overheadTime,
        handlersAtOnce: handlersAtOnce)
      state.meters[number] = meter
    }
    return times
  }

  private func spendHandling(of item: Int) throws(VirtualTimeExhausted) -> Int64 {
    let now = clock.now.nanoseconds
    let time = elapsed(work: workload.handle(item), at: now)
    try spend(time, from: now)
    return time
  }

  private func spend(_ time: Int64, from now: Int64) throws(VirtualTimeExhausted) {
    if time > end.load(ordering: .relaxed) - now { throw VirtualTimeExhausted() }
    clock.advance(nanoseconds: time, from: now)
  }

  private func spendProcessing(
    of items: [HandledItem], overhead: Int64
  ) throws(VirtualTimeExhausted) -> (times: [Int64], overhead: Int64) {
    let overheadTime = elapsed(work: overhead, at: clock.now.nanoseconds)
    try spend(overheadTime, from: clock.now.nanoseconds)
    if workload.processNanoseconds.isEmpty { return ([], overheadTime) }
    let start = clock.now.nanoseconds
    var schedule = WorkerSchedule(workers: workers)
    var times = [Int64](repeating: 0, count: items.count)
    for place in turns(of: items) {
      // All workers are slowed alike, so the schedule is made in unloaded time and stretched.
      let span = schedule.add(workload.process(items[place].item))
      let begin = elapsed(work: span.start, at: start)
      times[place] = elapsed(work: span.end, at: start) - begin
    }
    try spend(elapsed(work: schedule.makespan, at: start), from: start)
    return (times, overheadTime)
  }

  /// The places of a chunk's items in the order workers take them: the longest first, as far as hints
  /// tell.
  func turns(of items: [HandledItem]) -> [Int] {
    if workers == 1 || workload.hints.isEmpty || !processingGrowsWithHint {
      return Array(items.indices)
    }
    return HintOrder.longestFirst(items.map { workload.hint($0.item) })
  }

  /// What a chunk really cost, which is then forgotten.
  func takeTruth(ofChunk number: Int) -> ChunkTruth {
    state.withLock { state in
      guard var meter = state.meters.removeValue(forKey: number) else { return ChunkTruth() }
      let truth = meter.take()
      state.spare = meter
      return truth
    }
  }

  /// Forgets what chunks cost that nobody will be told of, as the process has died.
  func dropTruths() {
    state.withLock { $0.meters = [:] }
  }
}

/// The items processed, call by call: for checking that none is lost or done twice.
final class ProcessedItems: Sendable {
  private let calls = Mutex<[(chunk: Int, items: [Int])]>([])
  private let atWork = Mutex<(now: Int, most: Int)>((0, 0))

  /// The items of every call, in the order of the chunks: one before another may end later.
  var chunks: [[Int]] {
    calls.withLock { $0 }.enumerated()
      .sorted { ($0.element.chunk, $0.offset) < ($1.element.chunk, $1.offset) }
      .map(\.element.items)
  }

  /// How many calls there were.
  var count: Int { calls.withLock { $0.count } }

  /// The items processed since there were so many calls.
  func items(since count: Int) -> Set<Int> {
    Set(calls.withLock { $0.dropFirst(count).flatMap(\.items) })
  }

  /// The most items that were handled at once, where more than one may be.
  var mostAtWork: Int { atWork.withLock { $0.most } }

  func begin() {
    atWork.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
  }

  func end() { atWork.withLock { $0.now -= 1 } }

  /// Adds the items of a call for the chunk of a number.
  func add(_ handled: [HandledItem], chunk number: Int) {
    calls.withLock { $0.append((number, handled.map(\.item))) }
  }
}

/// A handled item on its way into processing, with the time its handling took.
struct HandledItem: Sendable {
  var item: Int
  var handleTime: Int64
}
