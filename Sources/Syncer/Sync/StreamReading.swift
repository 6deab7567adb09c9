// Reading a stream while chunks are filled.
extension SyncRun {
  /// Reads some entries; what is thrown is kept until those before it are handled.
  @inlinable
  mutating func read() async {
    guard var stream = stream.take() else { return }
    let begun = clock.now
    do {
      let goesOn = try await beating { [handler] in
        try await stream.reader.read(
          stream.readCount, { handler.filter($0) }, &stream.incoming)
      }
      stream.hasEnded = !goesOn
    } catch {
      stream.failure = error
      stream.hasEnded = true
    }
    stream.adapt(to: begun.duration(to: clock.now))
    takeIn(&stream)
    self.stream = stream
  }

  /// Takes what was read into the backlog.
  @usableFromInline
  mutating func takeIn(_ stream: inout EntryStream<Handler.Key, Handler.Left, Handler.Right>) {
    if stream.isReady {
      let (block, positions) = stream.take()
      entries.append(block)
      // The tasks that are at work do not know these entries.
      queue = ItemQueue()
      backlog.add(block.count, positions)
    }
    if stream.hasEnded { backlog.end(isWhole: stream.failure == nil) }
  }

  /// Reads until there is something to hand out, while no chunk is filled.
  @inlinable
  mutating func readAhead(_ tasks: inout Tasks?) async {
    while finished.isEmpty, backlog.remainingCount == 0, backlog.mayGrow,
      reasonToStop(at: clock.now) == nil
    {
      if let failure = stream?.failure {
        pendingError = (failure, [], [])
        return
      }
      if isBudgetSpent {
        isOutOfTime = true
      } else {
        await read()
      }
      while tasks?.hasEnded == true { await awaitProcessing(&tasks) }
    }
  }

  /// Reads until there is something to add to a chunk.
  ///
  /// - Returns: why the chunk takes no more; nil where it goes on.
  @inlinable
  mutating func readOn(
    _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws -> CloseReason? {
    repeat {
      if let failure = stream?.failure { throw failure }
      await read()
      // Reading takes time of the chunk, and is no cost of the next item.
      _ = chunk.lap(at: max(clock.now, chunk.latest), lost: 0)
      if cancellation.isSet || supervision.isStopping {
        try supervision.checkImmediateStop()
        return .cancelled
      }
      if tasks?.hasEnded == true { try await takeEnds(&chunk, &tasks) }
      guard let last = chunk.contents.items.last else {
        // All that was read was left: as long as there is time, something may come that fits.
        if isBudgetSpent { return endInTime(chunk) }
        continue
      }
      if chunk.isAtEnd { return .maximumDuration }
      // What is left makes the chunk no longer, so that nobody else looks at the clock.
      if backlog.isDry || chunk.leavesItems {
        if chunk.view.elapsedSeconds >= chunk.start.targetSeconds { return .source }
        if isOutOfTime(for: last.profile, in: &chunk) { return .timeLeft }
      }
    } while backlog.isDry
    return nil
  }

  /// Drops the entries that neither an open chunk nor an item that waits needs.
  @usableFromInline
  mutating func dropEntries() {
    var needed = entries.base
    for item in backlog.line[backlog.head...] { needed = min(needed, item.entry) }
    for filled in filled {
      for item in filled.chunk.contents.items { needed = min(needed, item.entry) }
    }
    entries.drop(before: needed)
  }
}
