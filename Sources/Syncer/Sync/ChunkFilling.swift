extension SyncRun {
  /// Handles items until the chunk is full, past those that fail or wait; returns why it is full.
  @inlinable
  mutating func fill(
    _ chunk: inout OpenedChunk, _ tasks: inout Tasks?
  ) async throws -> CloseReason {
    defer {
      chunk.contents.moments.flush()
      backlog.closeChunk()
    }
    var scale = ChunkScale(limits.chunkWeightCap, foundLimits)
    while true {
      let reason = try await fillFromHand(&chunk, on: &scale, &tasks)
      if tasks != nil && (reason == nil || reason == .end || reason == .cap) {
        if let stop = try await awaitQueue(&chunk, &tasks) { return stop }
        // Where some that waited were taken back, there is more to be handled.
        if reason == .end && backlog.remainingCount > 0
          || reason == .cap && chunk.contents.items.count < countCap
        {
          if cancellation.isSet || supervision.isStopping {
            try supervision.checkImmediateStop()
            return .cancelled
          }
          if chunk.isAtEnd { return .maximumDuration }
          continue
        }
      }
      if let reason { return reason }
      if let reason = try await readOn(&chunk, &tasks) { return reason }
    }
  }

  /// Handles items that are at hand; returns why the chunk is full, nil where more has to be read.
  @inlinable
  mutating func fillFromHand(
    _ chunk: inout OpenedChunk, on scale: inout ChunkScale, _ tasks: inout Tasks?
  ) async throws -> CloseReason? {
    // Copies of what does not change, which the compiler need not read again after every call.
    let (handler, clock, scheduler) = (handler, clock, scheduler)
    let (entries, base) = (entries.latest, entries.base)
    let (isSupervised, isAsked) = (supervision.isNeeded, chunk.plan.isAsked)
    let (cancellation, stop, cap) = (cancellation, supervision.stop, countCap)
    let (isWeighed, isBudgeted, isObserved) = (scale.isNeeded, timeLeft != nil, observer != nil)
    let handlesInTasks = tasks != nil && handlesItemsInTasks
    let most = min(cap, chunk.plan.size ?? .max)
    while chunk.contents.items.count < most {
      guard let item = nextItem(handler, entries, base) else { break }
      if isBudgeted && isOutOfTime(for: item.profile, in: &chunk) {
        guard leave(item) else { return endInTime(chunk) }
        chunk.leavesItems = true
        continue
      }
      if isWeighed {
        guard let fits = try weigh(item, on: &scale, in: &chunk) else { continue }
        if !fits { return .weightCap }
      }
      if isAsked {
        chunk.view.count = chunk.contents.items.count
        switch scheduler.admits(item.profile, into: chunk.view, &chunk.draft) {
        case .take: break
        // The first of a chunk is taken whatever the scheduler says.
        case _ where chunk.view.count == 0: break
        case .later where backlog.postpone(item): continue
        case .close, .later:
          backlog.putBack(item)
          return .scheduler
        }
      }
      if isWeighed { scale.take() }
      if handlesInTasks {
        try await begin(item, of: &chunk, &tasks)
      } else {
        do {
          var lost = 0.0
          let output =
            // What waited may have been read before the others.
            isSupervised || item.entry < base
            ? try await attemptToHandle(item.entry, lost: &lost)
            : try await handler.handle(item.entry - base, of: entries)
          let seconds = chunk.add(item, output, at: clock.now, lost: lost)
          if isAsked { scheduler.observe(item.profile, seconds: seconds, in: &chunk.draft) }
        } catch is CancellationError where supervision.isStopping {
          backlog.putBack(item)
          if !chunk.contents.items.isEmpty { try supervision.checkImmediateStop() }
          return .cancelled
        } catch {
          try leaveOut(item, of: &chunk, error)
        }
        if isObserved { tell(item.profile) }
        if tasks?.hasEnded == true { try await takeEnds(&chunk, &tasks) }
      }
      if cancellation.isSet || stop?.isRequested == true {
        try supervision.checkImmediateStop()
        return .cancelled
      }
      if chunk.isAtEnd { return .maximumDuration }
    }
    return reasonToClose(chunk, most: most)
  }

  /// Hands out the next item at hand, those in line first.
  @inlinable @inline(__always)
  mutating func nextItem(
    _ handler: Handler, _ entries: EntryWindow<Handler.Key, Handler.Left, Handler.Right>.Block,
    _ base: Int
  ) -> BacklogItem? {
    if let waiting = backlog.nextInLine() { return waiting }
    guard let entry = backlog.nextEntry() else { return nil }
    return backlog.item(entry, handler.classAndHint(entry - base, of: entries))
  }

  /// Why a chunk takes no more of what is at hand; nil where more has to be read.
  @usableFromInline
  mutating func reasonToClose(
    _ chunk: borrowing OpenedChunk, most: Int
  ) -> CloseReason? {
    let count = chunk.contents.items.count
    if backlog.isDry && count < most { return nil }
    if chunk.leavesItems && count < most { return endInTime(chunk) }
    if backlog.remainingCount == 0 && !backlog.isDry { return .end }
    return count == countCap ? .cap : .scheduler
  }

  /// Whether what is left of the budget is too little for an item like this.
  @usableFromInline
  mutating func isOutOfTime(for item: ItemProfile, in chunk: inout OpenedChunk) -> Bool {
    guard let left = timeLeft?() else { return false }
    // The clock, not the end of the item before: something else may have taken time.
    let now = clock.now
    var open = OpenChunk(
      chunk.start, count: chunk.contents.items.count,
      elapsedSeconds: chunk.opened.duration(to: now).inSeconds)
    open.earlierSeconds = filled.reduce(0) { sum, earlier in
      let expected = scheduler.processingSeconds(of: earlier.chunk.draft)
      let since = earlier.begun.map { $0.duration(to: now).inSeconds } ?? 0
      return sum + (earlier.isProcessed ? 0 : max(0, expected - since))
    }
    return !scheduler.fits(item, into: open, within: left.inSeconds, &chunk.draft)
  }

  /// Whether nothing is left of the budget, whatever an item may take.
  @usableFromInline var isBudgetSpent: Bool {
    if let left = timeLeft?() { left <= .zero } else { false }
  }

  /// Leaves an item for which there is too little time, so that another one may overtake it.
  ///
  /// - Returns: whether one may.
  @usableFromInline
  mutating func leave(_ item: BacklogItem) -> Bool {
    let isLeft = !isBudgetSpent && backlog.setAside(item)
    if !isLeft { backlog.putBack(item) }
    return isLeft
  }

  /// Closes a chunk into which nothing more fits; the sync ends where it has not one item.
  ///
  /// What a chunk takes is known when it is processed: there may be time for another one then.
  @usableFromInline
  mutating func endInTime(_ chunk: borrowing OpenedChunk) -> CloseReason {
    isOutOfTime = chunk.contents.items.isEmpty
    return .timeLeft
  }

  /// Whether the chunk can bear the item, which goes back where not; nil where it fails for its weight.
  @inlinable
  mutating func weigh(
    _ item: BacklogItem, on scale: inout ChunkScale, in chunk: inout OpenedChunk
  ) throws -> Bool? {
    let isFirst = chunk.contents.items.isEmpty
    switch scale.weigh({ weight(of: item, in: $0) }, isFirst: isFirst) {
    case .fits: return true
    case .isTooMuch:
      backlog.putBack(item)
      return false
    case .fails(let error):
      try leaveOut(item, of: &chunk, error)
      if observer != nil { tell(item.profile) }
      return nil
    }
  }

  /// What an item weighs.
  @inlinable
  func weight(of item: BacklogItem, in unit: WeightUnit) -> Int {
    let (block, position) = entries.find(item.entry)
    return block.withEntry(at: position) { handler.weight(of: $0, in: unit) }
  }

  /// Lists an item whose handler failed; where the policy does not allow that, throws the error.
  @usableFromInline
  mutating func leaveOut(
    _ item: BacklogItem, of chunk: inout OpenedChunk, _ error: any Error
  ) throws {
    chunk.contents.items.append(item)
    try isolate(chunk.contents.items.count - 1, .handling, in: &chunk, error)
    chunk.lostHandlingSeconds += chunk.lap(at: clock.now, lost: 0)
  }
}
