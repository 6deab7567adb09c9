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
    /// Handled the item at an offset of the chunk that is being filled.
    case handled(offset: Int, Result<Output, any Error>, begun: Moment, lost: Double, ended: Moment)
    /// Made the first call of `processChunk` for the chunk of a number.
    case processed(number: Int, error: (any Error)?, ended: Moment)
    /// Waited for as long as an observer may be told nothing.
    case beat
  }

  private var group: TaskGroup<End>
  /// How many calls of `processChunk` have ended, and how many of those the loop has taken.
  let ends = EndCounter()
  private var takenCount = 0
  /// Whether a task waits until an observer is told again.
  var isBeating = false

  @usableFromInline
  init(_ group: TaskGroup<End>) {
    self.group = group
  }

  /// Whether a call of `processChunk` has ended that the loop has not taken.
  @usableFromInline var hasEnded: Bool { ends.value > takenCount }

  mutating func add(_ work: sending @escaping @isolated(any) () async -> End) {
    group.addTask(operation: work)
  }

  /// Lets what still waits go, once nothing else is at work.
  @usableFromInline
  func end() { group.cancelAll() }

  /// Waits for a task to end; there has to be one.
  mutating func next() async -> End {
    guard let end = await group.next() else {
      preconditionFailure("A sync waits for a task that it has begun.")
    }
    if case .processed = end { takenCount += 1 }
    return end
  }
}

/// Counts what ends in other tasks, for a loop that does not wait.
final class EndCounter: Sendable {
  private let count = Atomic(0)

  func add() { count.add(1, ordering: .relaxed) }

  var value: Int { count.load(ordering: .relaxed) }
}

/// What handling an entry needs, apart from the loop: a task of its own can do it.
@usableFromInline
struct ItemHandling<Handler: SyncHandler, TimeSource: Clock<Duration>>: Sendable
where TimeSource: Sendable {
  let handler: Handler
  let clock: TimeSource
  let supervision: Supervision

  typealias Entries = Differences<Handler.Key, Handler.Left, Handler.Right>

  /// Handles the entry at a position within the timeout, as often as the policy allows.
  ///
  /// `lost` is the seconds of failed attempts and waiting before the one that succeeded.
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
