import Synchronization

@testable import Syncer

typealias IntHandler = ClosureSyncHandler<Int, Int, Int, Int>
typealias IntEntry = DiffEntry<Int, Int, Int>
typealias IntSyncer = Syncer<IntHandler, ManualClock>

/// What a handler was asked to do, in order.
final class Journal: Sendable {
  private let entries = Mutex<(handled: [Int], processed: [[Int]])>(([], []))

  /// The keys that were handled.
  var handled: [Int] { entries.withLock { $0.handled } }
  /// The keys of every chunk that was processed.
  var processed: [[Int]] { entries.withLock { $0.processed } }

  func handle(_ key: Int) { entries.withLock { $0.handled.append(key) } }
  func process(_ keys: [Int]) { entries.withLock { $0.processed.append(keys) } }
}

/// A thing that failed on purpose.
struct Fault: Error, Equatable {
  var place: String
}

/// A resource that cannot be read.
struct BrokenResource: SelectableResource {
  func select() throws -> [Int] { throw Fault(place: "select") }
}

/// Syncs of whole numbers on a manual clock: what is on the left is worked off.
struct Bench: Sendable {
  let clock = ManualClock()
  let journal = Journal()
  var items: [Int]
  /// What handling an item takes.
  var cost: @Sendable (Int) -> Duration = { _ in .milliseconds(10) }
  /// What processing a chunk takes.
  var processCost: @Sendable ([Int]) -> Duration = { _ in .zero }
  var filter: @Sendable (Int) -> Bool = { _ in true }
  var costClass: @Sendable (Int) -> CostClass = { _ in "item" }
  var hint: @Sendable (Int) -> Double? = { _ in nil }
  var weight: @Sendable (Int, WeightUnit) -> Int = { _, _ in 0 }
  /// Called before an item counts as handled.
  var onHandle: @Sendable (Int) throws -> Void = { _ in }
  /// Called before a chunk counts as processed.
  var onProcess: @Sendable (HandledChunk<Int>) async throws -> Void = { _ in }

  init(_ items: some Sequence<Int>) {
    self.items = Array(items)
  }

  /// The handler that spends the costs and writes the journal.
  var handler: IntHandler {
    let bench = self
    return IntHandler(
      filter: { bench.filter($0.key) },
      costClass: { bench.costClass($0.key) },
      costHint: { bench.hint($0.key) },
      weight: { bench.weight($0.key, $1) },
      handle: { entry in
        try bench.onHandle(entry.key)
        bench.clock.advance(by: bench.cost(entry.key))
        bench.journal.handle(entry.key)
        return entry.key
      },
      processChunk: { chunk in
        try await bench.onProcess(chunk)
        bench.clock.advance(by: bench.processCost(chunk.outputs))
        bench.journal.process(chunk.outputs)
      })
  }

  func syncer(
    _ scheduler: any ChunkScheduler = MovingAverageScheduler(), order: SyncOrder = .listed,
    observer: (any SyncObserver)? = nil
  ) -> IntSyncer {
    Syncer(
      differ: Differ(left: ArrayResource(items), right: ArrayResource([])), handler: handler,
      scheduler: scheduler, order: order, clock: clock, observer: observer)
  }
}

/// Cancels the task that runs this.
func cancelCurrentTask() {
  withUnsafeCurrentTask { $0?.cancel() }
}

/// Runs work in a task of its own, so that cancelling it does not cancel the test.
func inOwnTask<Value: Sendable>(
  _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await Task { try await work() }.value
}
