/// How a sync deals with what goes wrong, and whether it was asked to stop.
@usableFromInline
struct Recovery: Sendable {
  @usableFromInline let policy: FailurePolicy
  @usableFromInline let itemTimeout: Duration?
  @usableFromInline let stop: SyncStop?
  /// Whether handlers are called with nothing around them.
  @usableFromInline let isDirect: Bool

  @usableFromInline
  init(policy: FailurePolicy, itemTimeout: Duration?, stop: SyncStop?) {
    self.policy = policy
    self.itemTimeout = itemTimeout
    self.stop = stop
    isDirect = policy.attempts == 1 && itemTimeout == nil
  }

  @usableFromInline
  func validate() throws(SyncArgumentError) {
    if let itemTimeout, itemTimeout <= .zero { throw .itemTimeoutNotPositive(itemTimeout) }
  }

  @inlinable var isStopping: Bool { isStopRequested || Task.isCancelled }

  @inlinable var isStopRequested: Bool { stop?.isRequested ?? false }

  /// Gives the open chunk up where that was asked for.
  @usableFromInline
  func checkImmediateStop() throws {
    if let stop, stop.isImmediate { throw CancellationError() }
  }

  /// Whether an error means that the work was cancelled, not that it failed.
  func isCancellation(_ error: any Error) -> Bool {
    error is CancellationError && isStopping
  }
}

/// What failures cost the open chunk.
@usableFromInline
struct ChunkLosses: Sendable {
  /// Where the chunk starts in the order worked off.
  @usableFromInline var first = 0
  /// Where the items that failed stand in the order worked off.
  @usableFromInline var positions: [Int] = []
  /// Seconds of failed attempts and of waiting between them.
  @usableFromInline var handleSeconds = 0.0
  @usableFromInline var processSeconds = 0.0
  /// Seconds of failed attempts at the item at work.
  @usableFromInline var ofItem = 0.0
  /// Whether the last call of `processChunk` took the whole chunk and succeeded.
  @usableFromInline var isCleanlyProcessed = true
  /// The items at the end of the chunk that were handled and not processed.
  @usableFromInline var openCount = 0

  @usableFromInline
  init(first: Int = 0) {
    self.first = first
  }
}

extension ChunkLoop {
  /// Handles the entry at a position within the timeout, as often as the policy allows.
  @usableFromInline
  mutating func attemptToHandle(_ position: Int) async throws -> Handler.Output {
    let first = clock.now
    var attempt = 1
    losses.ofItem = 0
    while true {
      let begun = clock.now
      do {
        let output = try await handleInTime(position)
        losses.ofItem = first.duration(to: begun).inSeconds
        losses.handleSeconds += losses.ofItem
        return output
      } catch {
        guard recovery.policy.retries(afterAttempt: attempt, error) else { throw error }
        if !recovery.isStopping { try await wait(afterAttempt: attempt) }
        // The item is left to the next sync: it has not failed for good.
        if recovery.isStopping { throw CancellationError() }
      }
      attempt += 1
    }
  }

  /// Waits before the next attempt; not to the end where the task is cancelled meanwhile.
  func wait(afterAttempt attempt: Int) async throws {
    let wait = recovery.policy.backoff.wait(afterAttempt: attempt)
    if wait == .zero { return }
    do {
      try await clock.sleep(until: clock.now.advanced(by: wait), tolerance: nil)
    } catch is CancellationError where Task.isCancelled {
      // Whoever waits looks at the cancellation.
    }
  }

  private func handleInTime(_ position: Int) async throws -> Handler.Output {
    guard let limit = recovery.itemTimeout else {
      return try await handler.handle(position, entries.membership(at: position), of: entries)
    }
    let deadline = clock.now.advanced(by: limit)
    return try await withThrowingTaskGroup(of: Handler.Output?.self) {
      [handler, entries, clock] group in
      defer { group.cancelAll() }
      group.addTask {
        try await handler.handle(position, entries.membership(at: position), of: entries)
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
  }

  /// Lists an item as failed; where the policy does not allow that, throws the error.
  @usableFromInline
  mutating func isolate(
    _ position: Int, _ phase: FailedItem<Handler.Key>.Phase, _ chunk: Int, _ error: any Error
  ) throws {
    guard let maximum = recovery.policy.maximumErrors, failures.count < maximum else {
      if phase == .handling { self.position += 1 }
      throw error
    }
    let item = FailedItem(
      key: entries[arranged[position]].key, phase: phase, chunk: chunk, error: error)
    failures.append(item)
    losses.positions.append(position)
    observer?.syncDidFailItem(item, progress)
  }

  /// Adds what processing items took to their classes.
  @usableFromInline
  mutating func complete(_ completions: [Completion]) {
    let positions = losses.positions.isEmpty ? nil : handledPositions
    for completion in completions {
      let place = positions?[completion.position] ?? losses.first + completion.position
      tally.complete(profile(arranged[place], of: entries, handler), seconds: completion.seconds)
    }
  }

  /// The positions of the open chunk whose items were handled, in order.
  var handledPositions: [Int] {
    let failed = Set(losses.positions)
    return (losses.first..<position).filter { !failed.contains($0) }
  }

  /// The failure that ends the sync while a chunk is open.
  @usableFromInline
  mutating func failure(_ error: any Error) -> Failure {
    failure(error, openKeys: handledPositions.map { entries[arranged[$0]].key })
  }

  @usableFromInline
  mutating func failure(_ error: any Error, openKeys: [Handler.Key]) -> Failure {
    end(.failed, error: error)
    duration = start.duration(to: clock.now)
    return Failure(report: report([]), openKeys: openKeys, underlyingError: error)
  }
}
