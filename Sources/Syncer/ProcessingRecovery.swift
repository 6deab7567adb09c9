/// The outputs of a chunk whose `processChunk` failed, and how far they are.
private struct OpenOutputs<Output: Sendable>: Sendable {
  let outputs: [Output]
  /// Where their items stand in the order worked off.
  let positions: [Int]
  let number: Int
  /// Which of them are processed or listed as failed.
  var isDone: [Bool]

  init(_ outputs: [Output], positions: [Int], number: Int) {
    self.outputs = outputs
    self.positions = positions
    self.number = number
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

extension ChunkLoop {
  /// Processes a chunk again after it failed: as a whole, or what failed of it, and then in halves.
  @usableFromInline
  mutating func recoverProcessing(
    of outputs: [Handler.Output], number: Int, from first: any Error, _ handled: TimeSource.Instant
  ) async throws {
    var chunk = OpenOutputs(outputs, positions: handledPositions, number: number)
    do {
      try await retry(&chunk, from: first, handled)
    } catch {
      let open = chunk.open
      if open.count == outputs.count { throw error }
      // What was processed is a chunk of its own; the failure follows it.
      losses.openCount = open.count
      pendingError = (error, open.map { entries[arranged[chunk.positions[$0]]].key })
    }
  }

  private mutating func retry(
    _ chunk: inout OpenOutputs<Handler.Output>, from first: any Error,
    _ handled: TimeSource.Instant
  ) async throws {
    var error = first
    var attempt = 1
    var part = chunk.open
    while !recovery.isCancellation(error), recovery.policy.retries(afterAttempt: attempt, error) {
      if let failed = error as? ItemsFailed {
        losses.isCleanlyProcessed = false
        part = chunk.narrow(part[...], to: failed)
      }
      try recovery.checkImmediateStop()
      if !Task.isCancelled { try await wait(afterAttempt: attempt) }
      // A cancelled task cannot wait: this attempt counts as the last one.
      if Task.isCancelled { break }
      try recovery.checkImmediateStop()
      let begun = clock.now
      do {
        try await process(part[...], of: chunk)
        losses.processSeconds = handled.duration(to: begun).inSeconds
        return
      } catch let next {
        error = next
        attempt += 1
      }
    }
    losses.isCleanlyProcessed = false
    try await bisect(part[...], of: &chunk, error)
  }

  /// Processes the halves of outputs that fail together, from the first to the last.
  private mutating func bisect(
    _ part: ArraySlice<Int>, of chunk: inout OpenOutputs<Handler.Output>, _ error: any Error
  ) async throws {
    if recovery.isCancellation(error) { throw error }
    if let failed = error as? ItemsFailed { return try leaveOut(failed, of: part, &chunk) }
    if recovery.policy.maximumErrors == nil { throw error }
    try recovery.checkImmediateStop()
    if part.count == 1 {
      try isolate(chunk.positions[part[part.startIndex]], .processing, chunk.number, error)
      chunk.isDone[part[part.startIndex]] = true
      return
    }
    let middle = part.startIndex + part.count / 2
    for half in [part[..<middle], part[middle...]] {
      do {
        try await process(half, of: chunk)
        for index in half { chunk.isDone[index] = true }
      } catch {
        try await bisect(half, of: &chunk, error)
      }
    }
  }

  /// Lists the items that `processChunk` names as failed; the others of the part are processed.
  private mutating func leaveOut(
    _ failed: ItemsFailed, of part: ArraySlice<Int>, _ chunk: inout OpenOutputs<Handler.Output>
  ) throws {
    for (count, index) in chunk.narrow(part, to: failed).enumerated() {
      do {
        try isolate(chunk.positions[index], .processing, chunk.number, failed.items[count].error)
      } catch {
        throw ItemsFailed(Array(failed.items[count...]))
      }
      chunk.isDone[index] = true
    }
  }

  /// Calls `processChunk`, which starts with no completions reported.
  private func process(
    _ part: ArraySlice<Int>, of chunk: OpenOutputs<Handler.Output>
  ) async throws {
    _ = await completions.take()
    try await handler.processChunk(
      HandledChunk(
        number: chunk.number, outputs: part.map { chunk.outputs[$0] }, completions: completions))
  }
}
