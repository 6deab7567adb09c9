extension ChunkLoop {
  /// An open chunk while it is filled.
  @usableFromInline
  struct Filling {
    @usableFromInline let opened: TimeSource.Instant
    /// When no further item is begun, in seconds since the chunk was opened.
    @usableFromInline let endSeconds: Double
    /// What the clock showed last.
    @usableFromInline var latest: TimeSource.Instant
    @usableFromInline var open: OpenChunk

    @inlinable
    init(_ open: OpenChunk, opened: TimeSource.Instant, endSeconds: Double) {
      self.open = open
      self.opened = opened
      self.endSeconds = endSeconds
      latest = opened
    }

    /// Whether no further item is begun.
    @inlinable var isAtEnd: Bool { open.elapsedSeconds >= endSeconds }

    /// Counts an item that ended at a moment; returns the seconds since the one before ended,
    /// without those lost in failed attempts.
    @inlinable @inline(__always)
    mutating func pass(at now: TimeSource.Instant?, lost: Double) -> Double {
      open.position &+= 1
      open.count &+= 1
      // Reading a time in seconds takes a division: not where no time has passed.
      guard let now, now != latest else { return 0 }
      latest = now
      let elapsed = opened.duration(to: now).inSeconds
      // Rounding may leave less than nothing beside failed attempts.
      let seconds = max(0, elapsed - open.elapsedSeconds - lost)
      open.elapsedSeconds = elapsed
      return seconds
    }
  }

  /// Handles items until the chunk is full, past those that fail; returns why it is full.
  @inlinable
  mutating func fill(
    _ filling: inout Filling, _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    tally.reset()
    if isTimed { filling.open.plannedSize = scheduler.plannedSize(for: filling.open) }
    while true {
      do {
        if isPlain { return try await handlePlainly(&filling, &outputs) }
        return recovery.isDirect
          ? try await handleDirectly(&filling, &outputs)
          : try await handleItems(&filling, isPlain: false, isDirect: false, &outputs)
      } catch is CancellationError where recovery.isStopping {
        if filling.open.count > 0 { try recovery.checkImmediateStop() }
        return .cancelled
      } catch {
        try isolate(position, .handling, filling.open.number, error)
        let item = profile(arranged[position], of: entries, handler)
        losses.handleSeconds += filling.pass(at: isClocked ? clock.now : nil, lost: losses.ofItem)
        position = filling.open.position
        if isObserved { tell(item) }
        if let reason = try reasonToClose(filling) { return reason }
      }
    }
  }

  // A function for each of these, so that they are compiled without what they do not need.

  @inlinable @inline(never)
  mutating func handlePlainly(
    _ filling: inout Filling, _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    try await handleItems(&filling, isPlain: true, isDirect: true, &outputs)
  }

  @inlinable @inline(never)
  mutating func handleDirectly(
    _ filling: inout Filling, _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    try await handleItems(&filling, isPlain: false, isDirect: true, &outputs)
  }

  /// Handles items until the chunk is full or one fails.
  ///
  /// Works on copies of what changes with every item, which the compiler can keep in registers.
  @inlinable @inline(__always)
  mutating func handleItems(
    _ filling: inout Filling, isPlain: Bool, isDirect: Bool, _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    let (handler, clock, entries, arranged) = (handler, clock, entries, arranged)
    let cancellation = cancellation
    let (isTimed, isClocked) = (isPlain || isTimed, isPlain || isClocked)
    let isObserved = !isPlain && isObserved
    let (isAsked, isProfiled) = (isTimed && !scheduler.isSized, isTimed || isObserved)
    let cap = bounds.chunkCap ?? Int.max
    // A sized scheduler keeps to its plan and need not be asked.
    let planned =
      isTimed && scheduler.isSized ? max(1, filling.open.plannedSize ?? 1) : Int.max
    let most = min(cap, planned)
    var current = filling
    var latest = CostClass("")
    var streak = ChunkTally.Streak()
    var made = outputs
    outputs = []
    defer {
      filling = current
      position = current.open.position
      tally.put(streak)
      outputs = made
    }
    let room = min(arranged.count - current.open.position, most - current.open.count)
    let end = current.open.position + room
    while current.open.position < end {
      let index = isPlain ? current.open.position : arranged[current.open.position]
      let membership = isPlain ? .leftExclusive : entries.membership(at: index)
      var item = ItemProfile(classIndex: 0)
      if isProfiled {
        let (costClass, hint) = entries.withEntry(at: index, membership) {
          (handler.costClass(of: $0), handler.costHint(of: $0))
        }
        item.hint = ItemProfile.valid(hint)
        if streak.classIndex < 0 || costClass != latest {
          latest = costClass
          streak = tally.exchange(streak, for: classes.find(costClass))
        }
        item.classIndex = streak.classIndex
      }
      if isAsked {
        let admitted = scheduler.admits(item, into: current.open)
        if !admitted && current.open.count > 0 { return .scheduler }
      }
      if isDirect {
        made.append(try await handler.handle(index, membership, of: entries))
      } else {
        made.append(try await attemptToHandle(index))
      }
      let seconds = current.pass(
        at: isClocked ? clock.now : nil, lost: isDirect ? 0 : losses.ofItem)
      if isTimed { streak.add(item, seconds: seconds) }
      if isObserved {
        position = current.open.position
        tell(item)
      }
      if cancellation.isNoted || !isPlain && recovery.isStopRequested || current.isAtEnd {
        if let reason = try reasonToClose(current) { return reason }
      }
    }
    if end == arranged.count { return .end }
    return most == cap ? .cap : .scheduler
  }

  /// Why a chunk takes no further item whatever the scheduler says; nil where it may.
  @inlinable @inline(__always)
  func reasonToClose(_ filling: Filling) throws -> CloseReason? {
    if cancellation.isNoted || recovery.isStopRequested {
      try recovery.checkImmediateStop()
      return .cancelled
    }
    return filling.isAtEnd ? .maximumDuration : nil
  }

  /// What a scheduler may know of the entry at a position.
  @inlinable
  mutating func profile(
    _ position: Int, of entries: Entries, _ handler: Handler
  ) -> ItemProfile {
    let (costClass, hint) = entries.withEntry(at: position, entries.membership(at: position)) {
      (handler.costClass(of: $0), handler.costHint(of: $0))
    }
    return ItemProfile(classIndex: classes.index(of: costClass), hint: ItemProfile.valid(hint))
  }
}
