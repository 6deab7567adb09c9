internal import Synchronization
public import Syncer

/// Handles items by preparing events, and processes a chunk by submitting them to a router.
///
/// The base handler says which events an item comes down to, none to any number; its
/// `processChunk` is called for the items whose events have all succeeded, for what remains to be
/// done in bulk, such as writing down that they are done. Every item's own time is reported, so
/// that the scheduler learns what its class costs whatever the number of workers.
///
/// Where the base handler gives hints that are about processing, the events of the largest begin first.
///
/// An event that succeeded is not run again, however often the sync's `FailurePolicy` tries the
/// chunk; only failed events are. What still fails is thrown as `ItemsFailed`, which names the
/// items.
///
/// The router has to run meanwhile, and must not be shut down before the sync has ended. Where
/// cancelling the sync's task should finish the open chunk, let the router run in another task:
/// child tasks of a cancelled task are cancelled too. `SyncStop` cancels neither.
public struct RouterSyncHandler<
  Base: SyncHandler, Event: Hashable & Sendable, TimeSource: Clock<Duration>
>: SyncHandler where TimeSource: Sendable, Base.Output == [Event] {
  public typealias Key = Base.Key
  public typealias Left = Base.Left
  public typealias Right = Base.Right
  /// The events of an item.
  public typealias Output = PreparedEvents<Event>

  /// What prepares the events.
  public let base: Base
  /// What runs them.
  public let router: Router<Event, TimeSource>

  /// Makes a handler.
  public init(_ base: Base, router: Router<Event, TimeSource>) {
    self.base = base
    self.router = router
  }

  public func filter(_ entry: DiffEntry<Key, Left, Right>) -> Bool { base.filter(entry) }

  public func costClass(of entry: DiffEntry<Key, Left, Right>) -> CostClass {
    base.costClass(of: entry)
  }

  public func costHint(of entry: DiffEntry<Key, Left, Right>) -> Double? {
    base.costHint(of: entry)
  }

  public func weight(of entry: DiffEntry<Key, Left, Right>, in unit: WeightUnit) -> Int {
    base.weight(of: entry, in: unit)
  }

  public var processingGrowsWithHint: Bool { base.processingGrowsWithHint }

  /// The workers of the router.
  public var workers: Int { router.workers }

  /// True: the workers go on with the events of the next chunk before the last of this one has ended.
  ///
  /// The base handler's `processChunk` is then called for a chunk while it may still work at another.
  public var allowsOverlappingChunks: Bool { true }

  public func handleLeftExclusive(_ key: Key, _ items: ArraySlice<Left>) async throws -> Output {
    PreparedEvents(
      try await base.handleLeftExclusive(key, items), hint: hint(of: .leftExclusive(key, items)))
  }

  public func handleRightExclusive(_ key: Key, _ items: ArraySlice<Right>) async throws -> Output {
    PreparedEvents(
      try await base.handleRightExclusive(key, items), hint: hint(of: .rightExclusive(key, items)))
  }

  public func handleIntersection(
    _ key: Key, _ left: ArraySlice<Left>, _ right: ArraySlice<Right>
  ) async throws -> Output {
    PreparedEvents(
      try await base.handleIntersection(key, left, right),
      hint: hint(of: .intersection(key, left, right)))
  }

  /// What is known of the length of an entry's events.
  private func hint(of entry: DiffEntry<Key, Left, Right>) -> Double? {
    base.processingGrowsWithHint ? ItemProfile.valid(base.costHint(of: entry)) : nil
  }

  /// Runs the events of the chunk that have not succeeded yet, then the base handler's
  /// `processChunk` for the items that are complete.
  ///
  /// - Throws: `ItemsFailed`, what the base handler throws, or `CancellationError` where the sync
  ///   was cancelled and the router with it.
  public func processChunk(_ chunk: HandledChunk<Output>) async throws {
    var errors: [Int: any Error] = [:]
    let jobs = HintOrder.longestFirst(chunk.outputs.map(\.hint)).flatMap { item in
      chunk.outputs[item].open.map { (item: item, index: $0) }
    }
    for item in chunk.outputs.indices where chunk.outputs[item].isComplete {
      await chunk.completed(item, in: chunk.outputs[item].duration)
    }
    let events = jobs.map { chunk.outputs[$0.item].events[$0.index] }
    var areAllCancelled = true
    for await done in router.submit(events) {
      let (item, index) = jobs[done.position]
      if let error = done.error {
        errors[item] = errors[item] ?? error
        areAllCancelled = areAllCancelled && error is CancellationError
      } else if chunk.outputs[item].complete(index, in: done.duration) {
        await chunk.completed(item, in: chunk.outputs[item].duration)
      }
    }
    let refused = try await processFresh(chunk)
    if errors.isEmpty && refused.isEmpty { return }
    if refused.isEmpty && areAllCancelled && Task.isCancelled { throw CancellationError() }
    let failed = refused + errors.map { ItemsFailed.Item(position: $0.key, error: $0.value) }
    throw ItemsFailed(failed)
  }

  /// Has the base handler process the items whose events have all succeeded; returns those that it
  /// names as failed, by their positions in the chunk.
  private func processFresh(_ chunk: HandledChunk<Output>) async throws -> [ItemsFailed.Item] {
    let fresh = chunk.outputs.indices.filter {
      chunk.outputs[$0].isComplete && !chunk.outputs[$0].isProcessed
    }
    if fresh.isEmpty { return [] }
    var refused: [ItemsFailed.Item] = []
    do {
      try await base.processChunk(
        HandledChunk(
          number: chunk.number, outputs: fresh.map { chunk.outputs[$0].events },
          learned: chunk.learned))
    } catch let failed as ItemsFailed {
      refused = failed.items.map { item in
        precondition(
          fresh.indices.contains(item.position),
          "ItemsFailed names items of the chunk, 0 to \(fresh.count - 1); it is \(item.position).")
        return ItemsFailed.Item(position: fresh[item.position], error: item.error)
      }
    }
    let names = Set(refused.map(\.position))
    for item in fresh where !names.contains(item) { chunk.outputs[item].markProcessed() }
    return refused
  }
}

/// The events of one item, and how far they are: what outlives a failed attempt at its chunk.
public struct PreparedEvents<Event: Hashable & Sendable>: Sendable {
  /// The events of the item.
  public let events: [Event]
  /// How long they are known to take, in a unit of the handler's; nil where nothing is known.
  public let hint: Double?
  private let progress: EventProgress

  /// Makes events none of which has run.
  public init(_ events: [Event], hint: Double? = nil) {
    self.events = events
    self.hint = hint
    progress = EventProgress(eventCount: events.count)
  }

  /// The time of the events that have succeeded, together.
  public var duration: Duration { progress.state.withLock { $0.duration } }

  /// Whether all of them have succeeded.
  public var isComplete: Bool { open.isEmpty }

  /// The indices of those that have not succeeded yet.
  var open: [Int] {
    progress.state.withLock { state in state.hasSucceeded.indices.filter { !state.hasSucceeded[$0] }
    }
  }

  var isProcessed: Bool { progress.state.withLock { $0.isProcessed } }

  /// Notes that an event has succeeded; returns whether all have.
  func complete(_ index: Int, in duration: Duration) -> Bool {
    progress.state.withLock { state in
      state.hasSucceeded[index] = true
      state.duration += duration
      return state.hasSucceeded.allSatisfy { $0 }
    }
  }

  func markProcessed() {
    progress.state.withLock { $0.isProcessed = true }
  }
}

/// How far the events of an item are.
private final class EventProgress: Sendable {
  struct State {
    var hasSucceeded: [Bool]
    var duration = Duration.zero
    var isProcessed = false
  }

  let state: Mutex<State>

  init(eventCount: Int) {
    state = Mutex(State(hasSucceeded: [Bool](repeating: false, count: eventCount)))
  }
}
