internal import Synchronization
internal import Syncer
internal import SyncerTesting

/// The handler of a simulated sync in which things go wrong.
///
/// A call that fails takes as long as one that succeeds: the failure shows at its end.
struct FaultyHandler: MachineHandler {
  typealias Key = UInt32

  let base: SimulatedHandler
  let life: SimulatedLife

  var machine: SimulatedMachine { base.machine }

  func costClass(of entry: DiffEntry<UInt32, Void, Never>) -> CostClass {
    base.costClass(of: entry)
  }

  func costHint(of entry: DiffEntry<UInt32, Void, Never>) -> Double? { base.costHint(of: entry) }

  func weight(of entry: DiffEntry<UInt32, Void, Never>, in unit: WeightUnit) -> Int {
    base.weight(of: entry, in: unit)
  }

  var processingGrowsWithHint: Bool { base.processingGrowsWithHint }

  var workers: Int { base.workers }

  var allowsOverlappingChunks: Bool { base.allowsOverlappingChunks }

  func handleLeftExclusive(_ key: UInt32, _ items: ArraySlice<Void>) async throws -> HandledItem {
    try await handle(Int(key))
  }

  func handleRightExclusive(_ key: UInt32, _ items: ArraySlice<Never>) async throws -> HandledItem {
    try await handle(Int(key))
  }

  func handleIntersection(
    _ key: UInt32, _ left: ArraySlice<Void>, _ right: ArraySlice<Never>
  ) async throws -> HandledItem {
    try await handle(Int(key))
  }

  private func handle(_ item: Int) async throws -> HandledItem {
    try await life.living(on: machine) {
      let handled = HandledItem(item: item, handleTime: try await machine.handle(item))
      if life.faults.items.failsHandling(item) {
        throw SimulatedFault(subject: .handler(item: item))
      }
      return handled
    }
  }

  func processChunk(_ chunk: HandledChunk<HandledItem>) async throws {
    try await life.living(on: machine) {
      guard let subject = life.faults.items.failsProcessing(chunk.outputs) else {
        return try await base.processChunk(chunk)
      }
      let number = base.chunksBefore + chunk.number
      _ = try await machine.process(chunk.outputs, chunk: number, isCommitted: false)
      throw SimulatedFault(subject: subject)
    }
  }
}

/// Which items and chunks of a run fail, whichever process has them.
final class ItemFailures: Sendable {
  private let plan: FaultPlan
  private let chunkProbability: Double
  private let state: Mutex<State>

  private struct State: ~Copyable {
    let chunkStream: RandomStream
    /// Items that failed once, for those that fail only then.
    var failedOnce: [FaultPlan.Kinds: Set<Int>] = [:]
  }

  init(_ settings: FaultSettings, _ workload: Workload, _ seeds: StreamSeeds) {
    plan = FaultPlan(settings, workload, seeds)
    chunkProbability = settings.chunkProbability
    state = Mutex(State(chunkStream: seeds.stream("faults/chunks")))
  }

  func failsHandling(_ item: Int) -> Bool {
    fails(item, .handling, .transientHandling)
  }

  /// What makes a call of `processChunk` fail; nil where nothing does.
  func failsProcessing(_ items: [HandledItem]) -> SimulatedFault.Subject? {
    let failing = items.first { fails($0.item, .processing, .transientProcessing) }
    if let failing { return .processing(item: failing.item) }
    guard chunkProbability > 0 else { return nil }
    return state.withLock { $0.chunkStream.uniform() < chunkProbability } ? .chunk : nil
  }

  private func fails(
    _ item: Int, _ always: FaultPlan.Kinds, _ once: FaultPlan.Kinds
  ) -> Bool {
    let kinds = plan[item]
    if kinds.contains(always) { return true }
    guard kinds.contains(once) else { return false }
    return state.withLock { $0.failedOnce[once, default: []].insert(item).inserted }
  }
}

/// What goes wrong in one process, life after life.
final class FaultInjector: Sendable {
  let items: ItemFailures
  private let crashes: Mutex<CrashMoments>

  init(_ items: ItemFailures, _ crashes: CrashSettings, _ seeds: StreamSeeds, process: Int) {
    self.items = items
    self.crashes = Mutex(CrashMoments(crashes, seeds, process: process))
  }

  func nextCrash(after now: Int64) -> Int64 { crashes.withLock { $0.next(after: now) } }
}

extension FaultPlan.Kinds: Hashable {}

/// The process that runs a sync, from its start to its end or to the crash that ends it.
final class SimulatedLife: Sendable {
  let faults: FaultInjector
  let stop = SyncStop()
  /// When the process dies, in nanoseconds.
  let crashMoment: Int64
  private let cancelMoment: Int64
  private let crashed = Atomic<Bool>(false)
  private let cancelled = Atomic<Bool>(false)

  /// Begins a life on a machine, whose time then ends with the next crash.
  init(_ faults: FaultInjector, cancelMoment: Int64?, on machine: SimulatedMachine) {
    self.faults = faults
    self.cancelMoment = cancelMoment ?? .max
    crashMoment = faults.nextCrash(after: machine.clock.now.nanoseconds)
    machine.endTime(at: crashMoment)
    lookAtTheTime(machine)
  }

  var hasCrashed: Bool { crashed.load(ordering: .relaxed) }
  /// Whether the sync was asked to stop because its time had come.
  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Does some work, in which the process may die.
  func living<Value>(
    on machine: SimulatedMachine, _ work: () async throws -> Value
  ) async throws -> Value {
    defer { lookAtTheTime(machine) }
    do {
      return try await work()
    } catch is VirtualTimeExhausted where crashMoment < VirtualClock.limit {
      // Nothing that the sync would still do happens: the second stage of stopping sees to it.
      // Where other things happen meanwhile, the machine has slept until then.
      machine.clock.advance(nanoseconds: max(0, crashMoment - machine.clock.now.nanoseconds))
      crashed.store(true, ordering: .relaxed)
      stop.endAtOnce()
      throw CancellationError()
    }
  }

  private func lookAtTheTime(_ machine: SimulatedMachine) {
    guard machine.clock.now.nanoseconds >= cancelMoment, !isCancelled else { return }
    cancelled.store(true, ordering: .relaxed)
    stop.finishChunk()
  }
}
