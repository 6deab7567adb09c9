/// A filled chunk on its way through `processChunk`, where more than one chunk may be open.
@usableFromInline
struct FilledChunk<OpenedChunk: Sendable, Moment: Sendable>: Sendable {
  var chunk: OpenedChunk
  let reason: CloseReason
  /// When its last item was handled.
  let handled: Moment
  let completions = CompletionLog()
  /// When `processChunk` was called; nil where the chunk waits for its turn.
  var begun: Moment?
  /// How the call ended.
  var end: (error: (any Error)?, moment: Moment)?

  var isAtWork: Bool { begun != nil && end == nil }
  @usableFromInline var isProcessed: Bool { end != nil }
}

// More than one thing at a time: first calls of `processChunk` run in child tasks, items too where several
// are handled at once, and all else happens in the loop, as ever.
extension SyncRun {
  // MARK: Items

  /// Whether items have tasks of their own: one at a time the loop handles itself, which costs a fraction
  /// of that, unless an observer is told of time that passes.
  @usableFromInline
  var handlesItemsInTasks: Bool { concurrency.handlersAtOnce > 1 || supervision.heartbeat != nil }

  /// Begins to handle an item, and returns when there is a place for another one.
  @usableFromInline
  mutating func begin(
    _ item: BacklogItem, of chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws {
    let offset = chunk.contents.items.count
    chunk.contents.items.append(item)
    atWorkCount += 1
    let (block, position) = entries.find(item.entry)
    tasks?.add { [handling, clock] in
      let begun = clock.now
      var lost = 0.0
      let result: Result<Handler.Output, any Error>
      do {
        result = .success(try await handling.attempt(position, of: block, lost: &lost))
      } catch {
        result = .failure(error)
      }
      return .handled(offset: offset, result, begun: begun, lost: lost, ended: clock.now)
    }
    while atWorkCount >= concurrency.handlersAtOnce { try await takeIn(&chunk, &tasks) }
    if let pendingError { throw pendingError.error }
  }

  /// Takes calls of `processChunk` that have ended, between items that the loop handles itself.
  @usableFromInline
  mutating func takeEnds(
    _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws {
    while tasks?.hasEnded == true { try await takeIn(&chunk, &tasks) }
    if let pendingError { throw pendingError.error }
  }

  /// Waits for something that is at work to end, while a chunk is filled.
  private mutating func takeIn(
    _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws {
    switch await nextEnd(of: &tasks) {
    case .handled(let offset, let result, let begun, let lost, let ended):
      atWorkCount -= 1
      let item = chunk.contents.items[offset]
      _ = chunk.lap(at: max(ended, chunk.latest), lost: 0)
      switch result {
      case .success(let output):
        chunk.early.append((offset, output))
        let seconds = max(0, begun.duration(to: ended).inSeconds - lost)
        chunk.contents.moments.add(item.profile, seconds: seconds)
        // Others are handled meanwhile: the chunk has lost a part of that time only.
        chunk.lostHandlingSeconds += lost / Double(concurrency.handlersAtOnce)
        if chunk.plan.isAsked {
          scheduler.observe(item.profile, seconds: seconds, in: &chunk.draft)
        }
      case .failure(let error) where error is CancellationError && supervision.isStopping:
        chunk.abandonedOffsets.append(offset)
        abandonedCount += 1
        return
      case .failure(let error):
        try isolate(offset, .handling, in: &chunk, error)
      }
      if observer != nil { tell(item.profile) }
    case .processed(let number, let error, let ended):
      await note(number, (error, ended))
      beginProcessing(&tasks)
    case .beat, nil: break
    }
  }

  /// Waits for the items of a chunk that are at work, and puts its outputs in order.
  ///
  /// - Returns: the first error that ends the sync.
  @usableFromInline
  mutating func finishItems(
    of chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async -> (any Error)? {
    var first: (any Error)?
    while atWorkCount > 0 {
      do { try await takeIn(&chunk, &tasks) } catch { first = first ?? error }
    }
    for item in chunk.arrange().reversed() { backlog.putBack(item) }
    abandonedCount = 0
    chunk.contents.moments.flush()
    return first ?? pendingError?.error
  }

  /// Notes what ends the sync while a chunk is filled: those before it are still processed.
  @usableFromInline
  mutating func lose(_ chunk: OpenedChunk, _ error: any Error) {
    let openKeys = keys(of: chunk.handledOffsets, in: chunk)
    if pendingError != nil {
      pendingError?.fillingKeys += openKeys
    } else if !openKeys.isEmpty || !supervision.isCancellation(error) {
      pendingError = (error, [], openKeys)
    }
  }

  // MARK: Chunks

  /// Lets a filled chunk wait for its turn to be processed.
  @usableFromInline
  mutating func enqueue(_ chunk: OpenedChunk, _ reason: CloseReason) {
    var chunk = chunk
    chunk.learned = learned(before: reason)
    filled.append(FilledChunk(chunk: chunk, reason: reason, handled: clock.now))
  }

  /// Calls `processChunk` for the chunks whose turn it is.
  @usableFromInline
  mutating func beginProcessing(_ tasks: inout Tasks?) {
    for index in filled.indices where filled[index].begun == nil {
      if isProcessingLost || supervision.isStopImmediate { return }
      if index > 0 && !handler.allowsOverlappingChunks { return }
      let begun = clock.now
      filled[index].begun = begun
      let chunk = filled[index].chunk
      if chunk.contents.outputs.isEmpty {
        filled[index].end = (nil, begun)
        continue
      }
      let number = chunk.start.number
      let handled = HandledChunk(
        number: number, outputs: chunk.contents.outputs, learned: chunk.learned,
        completions: filled[index].completions)
      let ends = tasks?.ends
      tasks?.add { [handler, clock] in
        defer { ends?.add() }
        do {
          try await handler.processChunk(handled)
          return .processed(number: number, error: nil, ended: clock.now)
        } catch {
          return .processed(number: number, error: error, ended: clock.now)
        }
      }
    }
  }

  /// Waits for a call of `processChunk`, while no chunk is filled; ends the sync where none is to come.
  @usableFromInline
  mutating func awaitProcessing(_ tasks: inout Tasks?) async {
    if filled.contains(where: \.isAtWork) {
      if case .processed(let number, let error, let ended) = await nextEnd(of: &tasks) {
        await note(number, (error, ended))
      }
    } else {
      // The second stage of stopping: nothing more is begun.
      giveUp(pendingError?.error ?? CancellationError(), [], pendingError?.fillingKeys ?? [])
    }
  }

  /// Waits for all calls of `processChunk`: nothing runs when this returns.
  @usableFromInline
  mutating func settle(_ tasks: inout Tasks?) async {
    while filled.contains(where: \.isAtWork) {
      guard case .processed(let number, let error, let ended) = await nextEnd(of: &tasks),
        let index = filled.firstIndex(where: { $0.chunk.start.number == number })
      else { return }
      filled[index].end = (error, ended)
    }
  }

  /// Notes how a call ended, and closes the chunks that are done.
  private mutating func note(
    _ number: Int, _ end: (error: (any Error)?, moment: TimeSource.Instant)
  ) async {
    guard let index = filled.firstIndex(where: { $0.chunk.start.number == number }) else { return }
    filled[index].end = end
    await closeProcessed()
  }

  /// Closes the chunks that are processed, in order.
  @usableFromInline
  mutating func closeProcessed() async {
    while !isProcessingLost, var next = filled.first, let begun = next.begun, let end = next.end {
      filled.removeFirst()
      let fillingKeys = pendingError?.fillingKeys ?? []
      var closed = max(end.moment, latestClosed ?? end.moment)
      var completions = next.completions
      if let error = end.error {
        do {
          completions = try await recoverProcessing(of: &next.chunk, from: error, begun)
        } catch {
          return giveUp(error, keys(of: next.chunk.handledOffsets, in: next.chunk), fillingKeys)
        }
        closed = clock.now
      }
      if next.chunk.unprocessedCount > 0, let lost = pendingError {
        giveUp(lost.error, lost.filledKeys, fillingKeys)
      }
      finished.append(close(next, begun, closed, await completions.close()))
    }
  }

  /// Closes what was processed although a chunk before it was not; nothing is at work any more.
  @usableFromInline
  mutating func closeSettled() async {
    isProcessingLost = false
    for next in filled {
      if let begun = next.begun, let end = next.end, end.error == nil {
        let closed = max(end.moment, latestClosed ?? end.moment)
        finished.append(close(next, begun, closed, await next.completions.close()))
      } else {
        let lost = keys(of: next.chunk.handledOffsets, in: next.chunk)
        pendingError?.filledKeys += lost
      }
    }
    filled = []
  }

  private mutating func close(
    _ filled: FilledChunk<OpenedChunk, TimeSource.Instant>, _ begun: TimeSource.Instant,
    _ closed: TimeSource.Instant, _ completions: [Completion]
  ) -> ChunkRecord {
    // The time a chunk waits for its turn, or for workers that have the chunk before, is not its own.
    let began = min(max(begun, latestClosed ?? begun), closed)
    latestClosed = closed
    var chunk = filled.chunk
    chunk.lostProcessingSeconds = min(
      chunk.lostProcessingSeconds, began.duration(to: closed).inSeconds)
    let times = ChunkTimes(handled: filled.handled, began: began, closed: closed)
    return close(chunk, times, filled.reason, completions)
  }

  /// Ends the sync by an error of `processChunk`: no other call is begun.
  private mutating func giveUp(
    _ error: any Error, _ filledKeys: [Handler.Key], _ fillingKeys: [Handler.Key]
  ) {
    isProcessingLost = true
    pendingError = (error, filledKeys, fillingKeys)
  }
}
