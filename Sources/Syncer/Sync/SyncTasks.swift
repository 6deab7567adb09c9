internal import Synchronization

/// The child tasks of a sync that does more than one thing at a time: handlers, and calls of
/// `processChunk`.
///
/// A sync that does one thing at a time has none. Every task says itself when it began and ended: the
/// loop may learn of it later.
@usableFromInline
struct SyncTasks<Output: Sendable, Moment: Sendable> {
  /// What a task did, once it is done.
  @usableFromInline
  enum End: Sendable {
    /// Handled items of the chunk that is being filled.
    case handled([ItemEnd<Output, Moment>])
    /// Made the first call of `processChunk` for the chunk of a number.
    case processed(number: Int, error: (any Error)?, ended: Moment)
    /// Waited for as long as an observer may be told nothing.
    case beat
  }

  @usableFromInline var group: TaskGroup<End>
  /// How many calls of `processChunk` have ended, and how many of those the loop has taken.
  let ends = EndCounter()
  @usableFromInline var takenCount = 0
  /// Whether a task waits until an observer is told again.
  @usableFromInline var isBeating = false

  @usableFromInline
  init(_ group: TaskGroup<End>) {
    self.group = group
  }

  /// Whether a call of `processChunk` has ended that the loop has not taken.
  @usableFromInline var hasEnded: Bool { ends.value > takenCount }

  @inlinable
  mutating func add(_ work: sending @escaping @isolated(any) () async -> End) {
    group.addTask(operation: work)
  }

  /// Lets what still waits go, once nothing else is at work.
  @usableFromInline
  func end() { group.cancelAll() }

  /// Waits for a task to end; there has to be one.
  @inlinable
  mutating func next() async -> End {
    guard let end = await group.next() else {
      preconditionFailure("A sync waits for a task that it has begun.")
    }
    if case .processed = end { takenCount += 1 }
    return end
  }
}

/// How handling an item ended, by the offset of the item in the chunk.
@usableFromInline
struct ItemEnd<Output: Sendable, Moment: Sendable>: Sendable {
  @usableFromInline let offset: Int
  @usableFromInline let result: Result<Output, any Error>
  @usableFromInline let begun: Moment
  /// The seconds of failed attempts and of waiting between them.
  @usableFromInline let lost: Double
  @usableFromInline let ended: Moment

  @inlinable
  init(
    offset: Int, _ result: Result<Output, any Error>, begun: Moment, lost: Double, ended: Moment
  ) {
    self.offset = offset
    self.result = result
    self.begun = begun
    self.lost = lost
    self.ended = ended
  }
}

/// Counts what ends in other tasks, for a loop that does not wait.
@usableFromInline
final class EndCounter: Sendable {
  private let count = Atomic(0)

  func add() { count.add(1, ordering: .relaxed) }

  var value: Int { count.load(ordering: .relaxed) }
}

/// What handling an entry needs, apart from the loop: a task of its own can do it.
@usableFromInline
struct ItemHandling<Handler: SyncHandler, TimeSource: Clock<Duration>>: Sendable
where TimeSource: Sendable {
  @usableFromInline let handler: Handler
  @usableFromInline let clock: TimeSource
  @usableFromInline let supervision: Supervision

  @usableFromInline typealias Entries = Differences<Handler.Key, Handler.Left, Handler.Right>
  @usableFromInline typealias Window = EntryWindow<Handler.Key, Handler.Left, Handler.Right>
  @usableFromInline typealias Ends = [ItemEnd<Handler.Output, TimeSource.Instant>]

  @usableFromInline
  init(handler: Handler, clock: TimeSource, supervision: Supervision) {
    self.handler = handler
    self.clock = clock
    self.supervision = supervision
  }

  /// Handles an item, and others in the queue until some time is over, one fails or the sync is to stop.
  @inlinable
  func handle(
    _ first: ItemQueue.Item, andThen queue: ItemQueue, of entries: Window, for seconds: Double
  ) async -> Ends {
    let start = clock.now
    var ends: Ends = []
    var begun = start
    var next: ItemQueue.Item? = first
    while let item = next {
      var lost = 0.0
      let result: Result<Handler.Output, any Error>
      do {
        let (block, position) = entries.find(item.entry)
        let output =
          supervision.needsAttempts
          ? try await attempt(position, of: block, lost: &lost)
          : try await handler.handle(position, of: block)
        result = .success(output)
      } catch {
        result = .failure(error)
        if supervision.policy.maximumErrors == nil { queue.close() }
      }
      let ended = clock.now
      ends.append(ItemEnd(offset: item.offset, result, begun: begun, lost: lost, ended: ended))
      if case .failure = result { break }
      if supervision.isStopping || start.duration(to: ended).inSeconds >= seconds { break }
      begun = ended
      next = queue.next()
    }
    return ends
  }

  /// Handles the entry at a position within the timeout, as often as the policy allows.
  ///
  /// `lost` is the seconds of failed attempts and waiting before the one that succeeded.
  @usableFromInline
  func attempt(
    _ position: Int, of entries: Entries, lost: inout Double
  ) async throws -> Handler.Output {
    let first = clock.now
    var retries = supervision.policy.retries
    while true {
      let begun = clock.now
      do {
        let output = try await handleInTime(position, of: entries)
        lost = first.duration(to: begun).inSeconds
        return output
      } catch {
        guard let wait = retries.wait(after: error) else { throw error }
        if !supervision.isStopping { try await sleep(wait) }
        // The item is left to the next sync: it has not failed for good.
        if supervision.isStopping { throw CancellationError() }
      }
    }
  }

  /// Waits before the next attempt; not to the end where the task is cancelled meanwhile.
  func sleep(_ wait: Duration) async throws {
    if wait == .zero { return }
    do {
      try await clock.sleep(until: clock.now.advanced(by: wait.atMostACentury), tolerance: nil)
    } catch is CancellationError where Task.isCancelled {
      // Whoever waits looks at the cancellation.
    }
  }

  private func handleInTime(
    _ position: Int, of entries: Entries
  ) async throws -> Handler.Output {
    guard let limit = supervision.itemTimeout else {
      return try await handler.handle(position, of: entries)
    }
    let deadline = clock.now.advanced(by: limit.atMostACentury)
    let attempt = TimedAttempt()
    let output = try await withThrowingTaskGroup(of: Handler.Output?.self) {
      [handler, clock] group in
      defer { group.cancelAll() }
      group.addTask {
        try await TimedAttempt.$current.withValue(attempt) {
          try await handler.handle(position, of: entries)
        }
      }
      group.addTask {
        do { try await clock.sleep(until: deadline, tolerance: nil) } catch { return nil }
        throw ItemTimedOut(limit: limit)
      }
      while let output = try await group.next() {
        // Nil is the alarm, cancelled with the sync: what the handler still makes is not lost.
        if let output { return output }
      }
      throw CancellationError()
    }
    attempt.succeed()
    return output
  }
}

/// An attempt to handle an item that may come too late.
final class TimedAttempt: Sendable {
  /// The attempt that the task is a part of; nil where there is no timeout.
  @TaskLocal static var current: TimedAttempt?

  private let actions = Mutex<[@Sendable () -> Void]>([])

  /// Does something once the output is taken, and never where the attempt was given up.
  func onSuccess(_ action: @escaping @Sendable () -> Void) {
    actions.withLock { $0.append(action) }
  }

  /// Tells that the output was taken.
  fileprivate func succeed() {
    for action in actions.withLock({ $0 }) { action() }
  }
}
