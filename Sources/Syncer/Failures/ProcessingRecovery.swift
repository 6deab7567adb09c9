/// The outputs of a chunk whose `processChunk` failed, and how far they are.
private struct OpenOutputs<Output: Sendable>: Sendable {
  let outputs: [Output]
  /// The offsets of their items in the chunk.
  let offsets: [Int]
  /// Which of them are processed or listed as failed.
  var isDone: [Bool]

  init(_ outputs: [Output], offsets: [Int]) {
    self.outputs = outputs
    self.offsets = offsets
    isDone = [Bool](repeating: false, count: outputs.count)
  }

  /// The outputs that are left, as indices.
  var open: [Int] { isDone.indices.filter { !isDone[$0] } }

  /// Takes what an error does not name for done; returns the outputs of a part that it does.
  mutating func narrow(_ part: ArraySlice<Int>, to failed: ItemsFailed) -> [Int] {
    for index in part { isDone[index] = true }
    return failed.items.map { item in
      precondition(
        item.position >= 0 && item.position < part.count,
        "ItemsFailed names items of the chunk, 0 to \(part.count - 1); it is \(item.position).")
      let index = part[part.startIndex + item.position]
      isDone[index] = false
      return index
    }
  }
}

extension SyncRun {
  /// Processes the handled items: in one call, or as the failure policy says.
  ///
  /// - Returns: the completions that the last call reports.
  @inlinable
  mutating func process(
    _ chunk: inout OpenedChunk, _ handled: TimeSource.Instant
  ) async throws -> CompletionLog {
    let completions = CompletionLog()
    if chunk.contents.outputs.isEmpty { return completions }
    do {
      let handled = HandledChunk(
        number: chunk.start.number, outputs: chunk.contents.outputs, learned: chunk.learned,
        completions: completions)
      if supervision.heartbeat == nil {
        try await handler.processChunk(handled)
      } else {
        try await beating { try await handler.processChunk(handled) }
      }
      return completions
    } catch {
      return try await recoverProcessing(of: &chunk, from: error, handled)
    }
  }

  /// Processes a chunk again after it failed: as a whole, or what failed of it, and then in halves.
  @usableFromInline
  mutating func recoverProcessing(
    of chunk: inout OpenedChunk, from first: any Error, _ handled: TimeSource.Instant
  ) async throws -> CompletionLog {
    var work = OpenOutputs(chunk.contents.outputs, offsets: chunk.handledOffsets)
    do {
      return try await retry(work.open[...], of: &work, in: &chunk, from: first, handled)
    } catch {
      let open = work.open
      if open.count == work.outputs.count { throw error }
      // What was processed is a chunk of its own; the failure follows it.
      chunk.wasProcessedWhole = false
      chunk.unprocessedCount = open.count
      pendingError = (error, keys(of: open.map { work.offsets[$0] }, in: chunk), [])
      return CompletionLog()
    }
  }

  /// Processes a part again after a while, as often as the policy allows, and then in halves.
  private mutating func retry(
    _ part: ArraySlice<Int>, of work: inout OpenOutputs<Handler.Output>,
    in chunk: inout OpenedChunk, from first: any Error, _ handled: TimeSource.Instant
  ) async throws -> CompletionLog {
    var error = first
    var retries = supervision.policy.retries
    var part = part
    while !supervision.isCancellation(error), !(error is ChunkTooLarge),
      let wait = retries.wait(after: error)
    {
      if let failed = error as? ItemsFailed {
        chunk.wasProcessedWhole = false
        part = work.narrow(part, to: failed)[...]
        // What fails is all of the part now.
        error = failed.renumbered
      }
      try supervision.checkImmediateStop()
      if !Task.isCancelled { try await handling.sleep(wait) }
      // A cancelled task cannot wait: this attempt counts as the last one.
      if Task.isCancelled { break }
      try supervision.checkImmediateStop()
      let begun = clock.now
      do {
        let completions = try await process(part, of: work, in: chunk)
        chunk.lostProcessingSeconds = handled.duration(to: begun).inSeconds
        return completions
      } catch let next {
        error = next
      }
    }
    chunk.wasProcessedWhole = false
    try await bisect(part, of: &work, in: &chunk, error, handled)
    return CompletionLog()
  }

  /// Processes what was refused for its size in parts that are expected to be taken, in order.
  ///
  /// Nobody is marked as failed, but for an item that is refused alone.
  private mutating func divide(
    _ part: ArraySlice<Int>, of work: inout OpenOutputs<Handler.Output>,
    in chunk: inout OpenedChunk, _ first: ChunkTooLarge, _ handled: TimeSource.Instant
  ) async throws {
    chunk.wasProcessedWhole = false
    var rest = part
    var refused: (error: ChunkTooLarge, count: Int)? = (first, part.count)
    while let next = rest.first {
      if let (error, count) = refused, count == 1 {
        try isolate(work.offsets[next], .processing, in: &chunk, error)
        work.isDone[next] = true
        rest = rest.dropFirst()
        refused = nil
        continue
      }
      let items = rest.map { chunk.contents.items[work.offsets[$0]] }
      if let (error, count) = refused { note(error, of: Array(items.prefix(count))) }
      let expected = takenCount(of: items)
      let count = refused.map { expected < $0.count ? expected : $0.count / 2 } ?? expected
      let tried = rest.prefix(count)
      try supervision.checkImmediateStop()
      do {
        _ = try await process(tried, of: work, in: chunk)
        noteTaken(Array(items.prefix(count)))
      } catch let error as ChunkTooLarge {
        refused = (error, count)
        continue
      } catch {
        _ = try await retry(tried, of: &work, in: &chunk, from: error, handled)
      }
      refused = nil
      for index in tried { work.isDone[index] = true }
      rest = rest.dropFirst(count)
    }
  }

  /// Processes the halves of outputs that fail together, from the first to the last.
  private mutating func bisect(
    _ part: ArraySlice<Int>, of work: inout OpenOutputs<Handler.Output>,
    in chunk: inout OpenedChunk, _ error: any Error, _ handled: TimeSource.Instant
  ) async throws {
    if supervision.isCancellation(error) { throw error }
    if let error = error as? ChunkTooLarge {
      return try await divide(part, of: &work, in: &chunk, error, handled)
    }
    if let failed = error as? ItemsFailed {
      return try leaveOut(failed, of: part, &work, in: &chunk)
    }
    if supervision.policy.maximumErrors == nil { throw error }
    try supervision.checkImmediateStop()
    if part.count == 1 {
      try isolate(work.offsets[part[part.startIndex]], .processing, in: &chunk, error)
      work.isDone[part[part.startIndex]] = true
      return
    }
    let middle = part.startIndex + part.count / 2
    for half in [part[..<middle], part[middle...]] {
      do {
        _ = try await process(half, of: work, in: chunk)
        for index in half { work.isDone[index] = true }
      } catch {
        try await bisect(half, of: &work, in: &chunk, error, handled)
      }
    }
  }

  /// Lists the items that `processChunk` names as failed; the others of the part are processed.
  private mutating func leaveOut(
    _ failed: ItemsFailed, of part: ArraySlice<Int>, _ work: inout OpenOutputs<Handler.Output>,
    in chunk: inout OpenedChunk
  ) throws {
    for (count, index) in work.narrow(part, to: failed).enumerated() {
      do {
        try isolate(work.offsets[index], .processing, in: &chunk, failed.items[count].error)
      } catch {
        throw ItemsFailed(Array(failed.items[count...]))
      }
      work.isDone[index] = true
    }
  }

  /// Calls `processChunk` with a part of the outputs.
  private func process(
    _ part: ArraySlice<Int>, of work: OpenOutputs<Handler.Output>, in chunk: OpenedChunk
  ) async throws -> CompletionLog {
    let completions = CompletionLog()
    let handled = HandledChunk(
      number: chunk.start.number, outputs: part.map { work.outputs[$0] }, learned: chunk.learned,
      completions: completions)
    try await beating { try await handler.processChunk(handled) }
    return completions
  }
}
