/// The one chunk loop: it clamps, times and orders; the scheduler only admits.
@usableFromInline
struct ChunkLoop<Handler: SyncHandler, TimeSource: Clock<Duration>> where TimeSource: Sendable {
  @usableFromInline typealias Failure = SyncFailure<Handler.Key>
  @usableFromInline typealias Entries = DiffSets<Handler.Key, Handler.Left, Handler.Right>

  @usableFromInline let handler: Handler
  @usableFromInline let clock: TimeSource
  @usableFromInline let observer: (any SyncObserver)?
  @usableFromInline let entries: Entries
  /// Positions in `entries`, in the order worked off, limited.
  @usableFromInline let arranged: Arrangement
  @usableFromInline let bounds: ChunkBounds
  @usableFromInline let order: SyncOrder
  @usableFromInline let start: TimeSource.Instant
  @usableFromInline let completions = CompletionLog()
  @usableFromInline let recovery: Recovery
  @usableFromInline let cancellation = CancellationNote()
  @usableFromInline let isTimed: Bool
  @usableFromInline let isClocked: Bool
  @usableFromInline let isObserved: Bool
  @usableFromInline let isSized: Bool

  @usableFromInline var scheduler: any ChunkScheduler
  @usableFromInline var classes = CostClassTable()
  @usableFromInline var tally = ChunkTally()
  @usableFromInline var remaining = RemainingItems()
  @usableFromInline var position = 0
  @usableFromInline var chunkCount = 0
  @usableFromInline var stopReason: StopReason?
  /// The items of finished chunks.
  @usableFromInline var finishedCount = 0
  @usableFromInline var losses = ChunkLosses()
  @usableFromInline var failures: [FailedItem<Handler.Key>] = []
  /// What ends the sync once the chunk finished before it is reported, and the keys left open.
  @usableFromInline var pendingError: (error: any Error, openKeys: [Handler.Key])?
  @usableFromInline var warnings: [SyncWarning] = []
  @usableFromInline var timeLeft: ClosedRange<Duration>?
  @usableFromInline var duration = Duration.zero

  @inlinable
  init(_ syncer: Syncer<Handler, TimeSource>, _ bounds: ChunkBounds) async throws(Failure) {
    handler = syncer.handler
    clock = syncer.clock
    observer = syncer.observer
    scheduler = syncer.scheduler
    isTimed = bounds.chunkTime != nil
    isClocked = isTimed || bounds.maximumDuration != nil
    isObserved = syncer.observer != nil
    isSized = syncer.scheduler is any SizedScheduler
    order = syncer.order
    recovery = Recovery(
      policy: syncer.onFailure, itemTimeout: syncer.itemTimeout, stop: syncer.stop)
    self.bounds = bounds
    do {
      try bounds.validate()
      try recovery.validate()
      entries = try await syncer.source()
    } catch {
      observer?.syncDidEnd(.failed, error: error, .nothing)
      throw Failure(beforeTheStart: error, order: syncer.order)
    }
    var kept: [Int]?
    for position in entries.indices {
      if entries.withEntry(at: position, handler.filter) {
        kept?.append(position)
      } else if kept == nil {
        kept = Array(0..<position)
      }
    }
    arranged = Arrangement(
      entryCount: entries.count, kept: kept, order: order, limit: bounds.itemLimit)
    start = clock.now
    if let observer {
      for place in 0..<arranged.count {
        remaining.add(profile(arranged[place], of: entries, handler))
      }
      observer.syncDidStart(progress)
    }
  }

  /// What holds of an open chunk while it is filled.
  @usableFromInline
  struct Filling {
    @usableFromInline let opened: TimeSource.Instant
    /// What the clock showed last.
    @usableFromInline var latest: TimeSource.Instant
    /// When no further item is begun, in seconds since the chunk was opened.
    @usableFromInline let endSeconds: Double

    @usableFromInline
    init(opened: TimeSource.Instant, endSeconds: Double) {
      self.opened = opened
      latest = opened
      self.endSeconds = endSeconds
    }
  }

  /// Runs one chunk: fills it item by item, processes it, and lets the scheduler learn.
  @inlinable
  mutating func nextChunk() async throws(Failure) -> ChunkRecord? {
    if let (error, openKeys) = pendingError {
      pendingError = nil
      throw failure(error, openKeys: openKeys)
    }
    guard stopReason == nil else { return nil }
    let opened = clock.now
    if let reason = reasonToStop(at: opened) {
      end(reason)
      return nil
    }
    losses = ChunkLosses(first: position)
    do {
      var open = OpenChunk(
        number: chunkCount + 1, position: position,
        targetSeconds: bounds.targetSeconds(after: start.duration(to: opened)))
      var outputs: [Handler.Output] = []
      let reason = try await withTaskCancellationHandler {
        try await fill(&open, &outputs, opened)
      } onCancel: { [cancellation] in
        cancellation.note()
      }
      if open.count == 0 {
        end(.cancelled)
        return nil
      }
      let handled = clock.now
      if !outputs.isEmpty { try await process(outputs, number: open.number, handled) }
      let closed = clock.now
      let record = await close(open, opened, handled, closed, reason)
      if let observer {
        timeLeft = remaining.time(estimatedBy: scheduler)
        observer.syncDidFinishChunk(record, progress)
      }
      if reason == .cancelled && pendingError == nil { end(.cancelled) }
      return record
    } catch {
      throw failure(error)
    }
  }

  /// Handles items until the chunk is full, past those that fail; returns why it is full.
  @inlinable
  mutating func fill(
    _ open: inout OpenChunk, _ outputs: inout [Handler.Output], _ opened: TimeSource.Instant
  ) async throws -> CloseReason {
    var filling = Filling(
      opened: opened, endSeconds: bounds.secondsLeft(after: start.duration(to: opened)))
    tally.reset()
    if isTimed { open.plannedSize = scheduler.plannedSize(for: open) }
    while true {
      do {
        // Two calls, so that the usual one is compiled without anything around the handler.
        return recovery.isDirect
          ? try await handleItems(&filling, isDirect: true, &open, &outputs)
          : try await handleItems(&filling, isDirect: false, &open, &outputs)
      } catch is CancellationError where recovery.isStopping {
        if open.count > 0 { try recovery.checkImmediateStop() }
        return .cancelled
      } catch {
        try isolate(position, .handling, open.number, error)
        let item = profile(arranged[position], of: entries, handler)
        if let reason = try pass(item, &filling, isHandled: false, &open) { return reason }
      }
    }
  }

  /// Handles items until the chunk is full or one fails.
  @inlinable @inline(__always)
  mutating func handleItems(
    _ filling: inout Filling, isDirect: Bool, _ open: inout OpenChunk,
    _ outputs: inout [Handler.Output]
  ) async throws -> CloseReason {
    let (handler, entries, arranged) = (handler, entries, arranged)
    let cap = bounds.chunkCap ?? Int.max
    let (isAsked, isProfiled) = (isTimed && !isSized, isTimed || isObserved)
    // A sized scheduler keeps to its plan and need not be asked.
    let planned = isTimed && isSized ? max(1, open.plannedSize ?? 1) : Int.max
    while position < arranged.count {
      if open.count >= cap { return .cap }
      if open.count >= planned { return .scheduler }
      let index = arranged[position]
      var item = ItemProfile(classIndex: 0)
      if isProfiled { item = profile(index, of: entries, handler) }
      if isAsked {
        let admitted = scheduler.admits(item, into: open)
        if !admitted && open.count > 0 { return .scheduler }
      }
      if isDirect {
        outputs.append(try await handler.handle(index, of: entries))
      } else {
        outputs.append(try await attemptToHandle(index))
      }
      if let reason = try pass(item, &filling, isHandled: true, &open) { return reason }
    }
    return .end
  }

  /// Goes past an item, with the time it took; returns why the chunk is full, if it is.
  @inlinable @inline(__always)
  mutating func pass(
    _ item: ItemProfile, _ filling: inout Filling, isHandled: Bool, _ open: inout OpenChunk
  ) throws -> CloseReason? {
    position += 1
    open.position += 1
    open.count += 1
    if isClocked {
      let now = clock.now
      var seconds = 0.0
      if now != filling.latest {
        filling.latest = now
        let elapsed = filling.opened.duration(to: now).inSeconds
        // Rounding may leave less than nothing beside failed attempts.
        seconds = max(0, elapsed - open.elapsedSeconds - losses.ofItem)
        open.elapsedSeconds = elapsed
      }
      if isHandled && isTimed { tally.add(item, seconds: seconds) }
      if !isHandled { losses.handleSeconds += seconds }
    }
    if isObserved { tell(item) }
    if cancellation.isNoted || recovery.isStopRequested {
      try recovery.checkImmediateStop()
      return .cancelled
    }
    return open.elapsedSeconds >= filling.endSeconds ? .maximumDuration : nil
  }

  /// Processes handled items: in one call, or as the failure policy says.
  @inlinable
  mutating func process(
    _ outputs: [Handler.Output], number: Int, _ handled: TimeSource.Instant
  ) async throws {
    do {
      try await handler.processChunk(
        HandledChunk(number: number, outputs: outputs, completions: completions))
    } catch {
      try await recoverProcessing(of: outputs, number: number, from: error, handled)
    }
  }

  /// Makes the record of a processed chunk and lets the scheduler learn from it.
  @inlinable
  mutating func close(
    _ open: OpenChunk, _ opened: TimeSource.Instant, _ handled: TimeSource.Instant,
    _ closed: TimeSource.Instant, _ reason: CloseReason
  ) async -> ChunkRecord {
    chunkCount += 1
    duration = start.duration(to: closed)
    var record = ChunkRecord(
      number: open.number, start: start.duration(to: opened), plannedSize: open.plannedSize,
      size: open.count - losses.openCount, handling: opened.duration(to: handled),
      processing: handled.duration(to: closed), target: bounds.chunkTime, closeReason: reason,
      classes: [], failedCount: losses.positions.count)
    finishedCount += record.size
    let reported = await completions.take()
    if bounds.chunkTime != nil {
      if losses.isCleanlyProcessed { complete(reported) }
      record.classes = tally.samples.map { sample in
        let typical = ItemProfile(
          classIndex: sample.classIndex, hint: sample.handling.units / Double(sample.count))
        return ClassRecord(
          costClass: classes.classes[sample.classIndex], handling: sample.handling,
          completions: sample.completions, estimate: scheduler.estimate(for: typical))
      }
      if losses.isCleanlyProcessed && !tally.samples.isEmpty {
        learn(from: record, target: open.targetSeconds)
      }
    }
    return record
  }

  /// Hands the scheduler what the chunk took, without the time that failed attempts took.
  @inlinable
  mutating func learn(from record: ChunkRecord, target: Double) {
    scheduler.record(
      ChunkSample(
        count: record.size - record.failedCount,
        handleSeconds: record.handling.inSeconds - losses.handleSeconds,
        processSeconds: record.processing.inSeconds - losses.processSeconds, targetSeconds: target,
        classes: tally.samples,
        durationSeconds: record.duration.inSeconds - losses.handleSeconds - losses.processSeconds))
    warnAboutOverhead()
  }

  @inlinable @inline(__always)
  mutating func profile(
    _ position: Int, of entries: Entries, _ handler: Handler
  ) -> ItemProfile {
    var (hint, costClass) = entries.withEntry(at: position) {
      (handler.costHint(of: $0), handler.costClass(of: $0))
    }
    if let given = hint, !(given > 0 && given.isFinite) { hint = nil }
    return ItemProfile(classIndex: classes.index(of: costClass), hint: hint)
  }
}
