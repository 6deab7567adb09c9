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

// More than one chunk at a time: first calls of `processChunk` run in child tasks, and all else happens in
// the loop, as ever.
extension SyncRun {
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
  @usableFromInline
  mutating func note(
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
