extension ChunkLoop {
  /// An open chunk while it is filled.
  @usableFromInline
  struct Filling {
    @usableFromInline let opened: TimeSource.Instant
    /// When no further item is begun, in seconds since the chunk was opened.
    @usableFromInline let endSeconds: Double
    /// What the clock showed last.
    @usableFromInline var latest: TimeSource.Instant
    /// Whether no further item is begun; found where a time is noted, as most are looked at after
    /// items that took none.
    @usableFromInline var isAtEnd: Bool
    @usableFromInline var open: OpenChunk

    @inlinable
    init(_ open: OpenChunk, opened: TimeSource.Instant, endSeconds: Double) {
      self.open = open
      self.opened = opened
      self.endSeconds = endSeconds
      latest = opened
      isAtEnd = open.elapsedSeconds >= endSeconds
    }

    /// Notes a moment later than the latest; returns the seconds between them, without those lost in
    /// failed attempts.
    ///
    /// Not inlined, so that the loop need not carry the times along past items that took none.
    @inlinable @inline(never)
    mutating func pass(at now: TimeSource.Instant, lost: Double) -> Double {
      latest = now
      let elapsed = opened.duration(to: now).inSeconds
      // Rounding may leave less than nothing beside failed attempts.
      let seconds = max(0, elapsed - open.elapsedSeconds - lost)
      open.elapsedSeconds = elapsed
      isAtEnd = elapsed >= endSeconds
      return seconds
    }
  }

  /// Handles items until the chunk is full, past those that fail; returns why it is full.
  @inlinable
  mutating func fill(
    _ filling: inout Filling, _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    tally.reset()
    if isTimed { scheduler.open(filling.open.start) }
    while true {
      do {
        if isPlain {
          return !scheduler.plan.isAsked
            ? try await handleAsPlanned(&filling, &outputs)
            : try await handlePlainly(&filling, &outputs)
        }
        return recovery.isDirect
          ? try await handleDirectly(&filling, &outputs)
          : try await handleItems(
            &filling, isPlain: false, isDirect: false, isSized: !scheduler.plan.isAsked, &outputs)
      } catch is CancellationError where recovery.isStopping {
        if filling.open.count > 0 { try recovery.checkImmediateStop() }
        return .cancelled
      } catch {
        try isolate(position, .handling, filling.open.start.number, error)
        let item = profile(arranged[position], of: entries, handler)
        if isClocked { losses.handleSeconds += filling.pass(at: clock.now, lost: losses.ofItem) }
        position += 1
        filling.open.count += 1
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
    try await handleItems(&filling, isPlain: true, isDirect: true, isSized: false, &outputs)
  }

  @inlinable @inline(never)
  mutating func handleAsPlanned(
    _ filling: inout Filling, _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    try await handleItems(&filling, isPlain: true, isDirect: true, isSized: true, &outputs)
  }

  @inlinable @inline(never)
  mutating func handleDirectly(
    _ filling: inout Filling, _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    try await handleItems(
      &filling, isPlain: false, isDirect: true, isSized: !scheduler.plan.isAsked, &outputs)
  }

  /// Handles items until the chunk is full or one fails.
  ///
  /// Works on copies of the place and the outputs, which change with every item and which the
  /// compiler can keep in registers.
  @inlinable @inline(__always)
  mutating func handleItems(
    _ filling: inout Filling, isPlain: Bool, isDirect: Bool, isSized: Bool,
    _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    let (handler, clock, entries, arranged) = (handler, clock, entries, arranged)
    let cancellation = cancellation
    let (isTimed, isClocked) = (isPlain || isTimed, isPlain || isClocked)
    let isObserved = !isPlain && isObserved
    let (isAsked, isProfiled) = (isTimed && !isSized, isTimed || isObserved)
    if isProfiled { meetFirstClass() }
    let (end, reasonAtEnd) = end(of: filling)
    let opened = filling.open
    var place = position
    let (begun, first) = (place, place - opened.count)
    var made = outputs
    outputs = []
    // Outputs that say nothing are only counted; other types may hold a Void among other values.
    let nothing = Handler.Output.self == Void.self ? () as? Handler.Output : nil
    defer {
      if let nothing { made += Array(repeating: nothing, count: place - begun) }
      filling.open.count = place - first
      position = place
      tally.settle()
      outputs = made
    }
    while place < end {
      let index = isPlain ? place : arranged[place]
      let membership = isPlain ? .leftExclusive : entries.membership(at: index)
      var item = ItemProfile(classIndex: 0)
      if isProfiled {
        let (costClass, hint) = handler.classAndHint(index, membership, of: entries)
        item.hint = hint
        if costClass != tally.costClass {
          tally.turn(to: costClass, classes.index(of: costClass))
        }
        item.classIndex = tally.classIndex
      }
      if isAsked {
        var chunk = opened
        chunk.count = place - first
        chunk.elapsedSeconds = filling.open.elapsedSeconds
        let admitted = scheduler.admits(item, into: chunk)
        if !admitted && place > first { return .scheduler }
      }
      let output =
        isDirect
        ? try await handler.handle(index, membership, of: entries)
        : try await attemptToHandle(index)
      if nothing == nil { made.append(output) }
      place += 1
      let now = isClocked ? clock.now : filling.latest
      if now != filling.latest {
        let seconds = filling.pass(at: now, lost: isDirect ? 0 : losses.ofItem)
        if isTimed { tally.add(item, seconds: seconds) }
        if isAsked { scheduler.observe(item, seconds: seconds) }
      } else if isTimed {
        tally.add(item, seconds: nil)
        if isAsked { scheduler.observe(item, seconds: 0) }
      }
      if isObserved {
        position = place
        tell(item)
      }
      if cancellation.isNoted || !isPlain && recovery.isStopRequested || filling.isAtEnd {
        if let reason = try reasonToClose(filling) { return reason }
      }
    }
    return reasonAtEnd
  }

  /// Where a chunk ends at the latest, and why.
  @inlinable
  func end(of filling: Filling) -> (place: Int, reason: CloseReason) {
    let cap = bounds.chunkCap ?? Int.max
    let most = isTimed ? min(cap, scheduler.plan.size ?? cap) : cap
    let first = position - filling.open.count
    if arranged.count - first <= most { return (arranged.count, .end) }
    return (first + most, most == cap ? .cap : .scheduler)
  }

  /// Gives the tally a class to compare with.
  @inlinable @inline(never)
  mutating func meetFirstClass() {
    guard tally.classIndex < 0 else { return }
    let index = profile(arranged[position], of: entries, handler).classIndex
    tally.turn(to: classes.classes[index], index)
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
    let (costClass, hint) = handler.classAndHint(
      position, entries.membership(at: position), of: entries)
    return ItemProfile(classIndex: classes.index(of: costClass), hint: hint)
  }
}
