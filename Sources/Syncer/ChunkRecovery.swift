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
  private func wait(afterAttempt attempt: Int) async throws {
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
      return try await handler.handle(position, of: entries)
    }
    let deadline = clock.now.advanced(by: limit)
    return try await withThrowingTaskGroup(of: Handler.Output?.self) {
      [handler, entries, clock] group in
      defer { group.cancelAll() }
      group.addTask { try await handler.handle(position, of: entries) }
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

  /// Processes a chunk again after it failed: as a whole, and then in halves.
  @usableFromInline
  mutating func recoverProcessing(
    of outputs: [Handler.Output], number: Int, from first: any Error, _ handled: TimeSource.Instant
  ) async throws {
    var error = first
    var attempt = 1
    while !recovery.isCancellation(error), recovery.policy.retries(afterAttempt: attempt, error) {
      try recovery.checkImmediateStop()
      if !Task.isCancelled { try await wait(afterAttempt: attempt) }
      // A cancelled task cannot wait: this attempt counts as the last one.
      if Task.isCancelled { break }
      try recovery.checkImmediateStop()
      let begun = clock.now
      do {
        try await processPart(outputs[...], number)
        losses.processSeconds = handled.duration(to: begun).inSeconds
        return
      } catch let next {
        error = next
        attempt += 1
      }
    }
    losses.isCleanlyProcessed = false
    let positions = handledPositions
    var isDone = [Bool](repeating: false, count: outputs.count)
    do {
      try await bisect(outputs[...], positions, number, error, &isDone)
    } catch {
      let open = positions.indices.filter { !isDone[$0] }
      if open.count == positions.count { throw error }
      // What was processed is a chunk of its own; the failure follows it.
      losses.openCount = open.count
      pendingError = (error, open.map { entries[arranged[positions[$0]]].key })
    }
  }

  /// Processes the halves of outputs that fail together, from the first to the last.
  ///
  /// `isDone` tells which outputs are processed or listed as failed.
  private mutating func bisect(
    _ outputs: ArraySlice<Handler.Output>, _ positions: [Int], _ number: Int, _ error: any Error,
    _ isDone: inout [Bool]
  ) async throws {
    if recovery.isCancellation(error) { throw error }
    if let failed = error as? ItemsFailed {
      return try leaveOut(failed, from: outputs.indices, positions, number, &isDone)
    }
    if recovery.policy.maximumErrors == nil { throw error }
    try recovery.checkImmediateStop()
    if outputs.count == 1 {
      try isolate(positions[outputs.startIndex], .processing, number, error)
      isDone[outputs.startIndex] = true
      return
    }
    let middle = outputs.startIndex + outputs.count / 2
    for half in [outputs[..<middle], outputs[middle...]] {
      do {
        try await processPart(half, number)
        for index in half.indices { isDone[index] = true }
      } catch {
        try await bisect(half, positions, number, error, &isDone)
      }
    }
  }

  /// Lists the items that `processChunk` names as failed; the others of the part are processed.
  private mutating func leaveOut(
    _ failed: ItemsFailed, from part: Range<Int>, _ positions: [Int], _ number: Int,
    _ isDone: inout [Bool]
  ) throws {
    for index in part { isDone[index] = true }
    for item in failed.items {
      precondition(
        item.position >= 0 && item.position < part.count,
        "ItemsFailed names items of the chunk, 0 to \(part.count - 1); it is \(item.position).")
      isDone[part.lowerBound + item.position] = false
    }
    for (count, item) in failed.items.enumerated() {
      let index = part.lowerBound + item.position
      do {
        try isolate(positions[index], .processing, number, item.error)
      } catch {
        throw ItemsFailed(Array(failed.items[count...]))
      }
      isDone[index] = true
    }
  }

  /// Calls `processChunk`, which starts with no completions reported.
  private func processPart(_ outputs: ArraySlice<Handler.Output>, _ number: Int) async throws {
    _ = await completions.take()
    try await handler.processChunk(
      HandledChunk(number: number, outputs: Array(outputs), completions: completions))
  }

  /// Adds what processing items took to their classes.
  @usableFromInline
  mutating func complete(_ completions: [Completion]) {
    let positions = losses.positions.isEmpty ? nil : handledPositions
    for completion in completions {
      let place = positions?[completion.position] ?? losses.first + completion.position
      tally.complete(profile(arranged[place], of: entries), seconds: completion.seconds)
    }
  }

  /// The positions of the open chunk whose items were handled, in order.
  private var handledPositions: [Int] {
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
