// Items handled in child tasks, where several are handled at once or an observer is told of time that passes.
extension SyncRun {
  /// Whether items have tasks of their own: one at a time the loop handles itself, which costs a fraction
  /// of that, unless an observer is told of time that passes.
  @usableFromInline
  var handlesItemsInTasks: Bool { concurrency.handlersAtOnce > 1 || supervision.heartbeat != nil }

  /// Has an item handled, and returns when there is a place for another one.
  @inlinable
  mutating func begin(
    _ item: BacklogItem, of chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws {
    queue.append((chunk.contents.items.count, item.entry))
    chunk.contents.items.append(item)
    atWorkCount += 1
    beginTasks(&tasks)
    try await awaitPlace(beside: (runLength.count - 1) * concurrency.handlersAtOnce, &chunk, &tasks)
  }

  /// Waits until no item of the chunk waits for a task; returns why the chunk takes no more, where some do.
  @inlinable
  mutating func awaitQueue(
    _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws -> CloseReason? {
    try await awaitPlace(beside: 1, &chunk, &tasks)
    if queue.count == 0 { return nil }
    // None is begun where the sync is to stop.
    try supervision.checkImmediateStop()
    return .cancelled
  }

  /// Waits while all tasks are at work and so many items wait for them.
  @inlinable
  mutating func awaitPlace(
    beside waitingCount: Int, _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws {
    while handlerTaskCount >= concurrency.handlersAtOnce && queue.count >= waitingCount {
      try await takeIn(&chunk, &tasks)
    }
    if let pendingError { throw pendingError.error }
  }

  /// Begins tasks for the items that wait, as many as there may be.
  @inlinable
  mutating func beginTasks(_ tasks: inout Tasks?) {
    while handlerTaskCount < concurrency.handlersAtOnce, let item = queue.next() {
      handlerTaskCount += 1
      tasks?.add { [handling, queue, entries, seconds = runLength.seconds] in
        .handled(await handling.handle(item, andThen: queue, of: entries, for: seconds))
      }
    }
  }

  /// Takes calls of `processChunk` that have ended, between items that the loop handles itself.
  @inlinable
  mutating func takeEnds(
    _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws {
    while tasks?.hasEnded == true { try await takeIn(&chunk, &tasks) }
    if let pendingError { throw pendingError.error }
  }

  /// Waits for something that is at work to end, while a chunk is filled.
  @inlinable
  mutating func takeIn(
    _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws {
    switch await nextEnd(of: &tasks) {
    case .handled(let ends):
      handlerTaskCount -= 1
      var taken = 0.0
      if let first = ends.first, let last = ends.last {
        taken = first.begun.duration(to: last.ended).inSeconds
        runLength.note(ends.count, seconds: taken)
      }
      // Only the last may have failed.
      for end in ends { try take(end, &chunk) }
      withdraw(from: &chunk, ifEachTakes: taken)
      if pendingError == nil && !supervision.isStopping { beginTasks(&tasks) }
    case .processed(let number, let error, let ended):
      await note(number, (error, ended))
      beginProcessing(&tasks)
    case .beat, nil: break
    }
  }

  /// Takes the items that wait for a task back, where the time would not suffice if each took as long as
  /// those that ended: they were admitted when that was not known.
  @usableFromInline
  mutating func withdraw(from chunk: inout OpenedChunk, ifEachTakes seconds: Double) {
    let target = chunk.plan.isAsked ? chunk.start.targetSeconds : .infinity
    let left = min(target, chunk.endSeconds) - chunk.view.elapsedSeconds
    let needed = seconds * Double(queue.count) / Double(concurrency.handlersAtOnce)
    if needed <= min(left, timeLeft?()?.inSeconds ?? .infinity) { return }
    // Those before one that was left out for its weight keep their places.
    while queue.popLast(at: chunk.contents.items.count - 1) {
      backlog.putBack(chunk.contents.items.removeLast())
      atWorkCount -= 1
    }
  }

  /// Takes an item that has ended.
  @inlinable
  mutating func take(_ end: ItemEnd<Handler.Output, TimeSource.Instant>, _ chunk: inout OpenedChunk)
    throws
  {
    atWorkCount -= 1
    let item = chunk.contents.items[end.offset]
    _ = chunk.lap(at: max(end.ended, chunk.latest), lost: 0)
    switch end.result {
    case .success(let output):
      chunk.early.append((end.offset, output))
      let seconds = max(0, end.begun.duration(to: end.ended).inSeconds - end.lost)
      chunk.contents.moments.add(item.profile, seconds: seconds)
      // Others are handled meanwhile: the chunk has lost a part of that time only.
      chunk.lostHandlingSeconds += end.lost / Double(concurrency.handlersAtOnce)
      if chunk.plan.isAsked {
        scheduler.observe(item.profile, seconds: seconds, in: &chunk.draft)
      }
    case .failure(let error) where error is CancellationError && supervision.isStopping:
      giveUp(end.offset, of: &chunk)
      return
    case .failure(let error):
      try isolate(end.offset, .handling, in: &chunk, error)
    }
    if observer != nil { tell(item.profile) }
  }

  /// Gives an item up that was not handled: it goes back to the backlog.
  @usableFromInline
  mutating func giveUp(_ offset: Int, of chunk: inout OpenedChunk) {
    chunk.abandonedOffsets.append(offset)
    abandonedCount += 1
  }

  /// Waits for the items of a chunk that are at work, and puts its outputs in order; those that were not
  /// begun are given up where the sync is to end.
  ///
  /// - Parameters:
  ///   - chunk: The chunk.
  ///   - failure: The error that ends the sync, if there was one.
  ///   - tasks: The tasks.
  /// - Returns: the first error that ends the sync.
  @inlinable
  mutating func finishItems(
    of chunk: inout OpenedChunk, after failure: (any Error)? = nil, _ tasks: inout Tasks?
  ) async -> (any Error)? {
    var first = failure
    while atWorkCount > 0 {
      if first != nil || pendingError != nil || supervision.isStopping {
        for item in queue.removeAll() {
          atWorkCount -= 1
          giveUp(item.offset, of: &chunk)
        }
        if atWorkCount == 0 { break }
      }
      do { try await takeIn(&chunk, &tasks) } catch { first = first ?? error }
    }
    for item in chunk.arrange().reversed() { backlog.putBack(item) }
    abandonedCount = 0
    chunk.contents.moments.flush()
    return first ?? pendingError?.error
  }
}
