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
  /// Whether all items are of the left side alone, with one item per key, and are timed and handled
  /// as listed, with nobody looking on and nothing around the handler.
  @usableFromInline let isPlain: Bool

  @usableFromInline var scheduler: HeldScheduler
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
  /// Room for the outputs of a chunk, kept from one to the next.
  @usableFromInline var spare: [Handler.Output] = []

  @inlinable
  init(_ syncer: Syncer<Handler, TimeSource>, _ bounds: ChunkBounds) async throws(Failure) {
    handler = syncer.handler
    clock = syncer.clock
    observer = syncer.observer
    scheduler = HeldScheduler(syncer.scheduler)
    isTimed = bounds.chunkTime != nil
    isClocked = isTimed || bounds.maximumDuration != nil
    isObserved = syncer.observer != nil
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
    let isLeftAlone = entries.isLeftAlone
    let kept =
      isLeftAlone
      ? entries.positions(.leftExclusive, syncer.handler.filter)
      : entries.positions(nil, syncer.handler.filter)
    arranged = Arrangement(
      entryCount: entries.count, kept: kept, order: order, limit: bounds.itemLimit)
    isPlain =
      isTimed && !isObserved && recovery.isDirect && recovery.stop == nil
      && arranged.positions == nil && isLeftAlone
    start = clock.now
    if let observer {
      for place in 0..<arranged.count {
        remaining.add(profile(arranged[place], of: entries, handler))
      }
      observer.syncDidStart(progress)
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
      let elapsed = start.duration(to: opened)
      var filling = Filling(
        OpenChunk(
          ChunkStart(
            number: chunkCount + 1, rank: position,
            targetSeconds: bounds.targetSeconds(after: elapsed))),
        opened: opened, endSeconds: bounds.secondsLeft(after: elapsed))
      // The memory is that of the chunk before, unless a handler kept its outputs.
      var outputs = spare
      spare = []
      let reason = try await withTaskCancellationHandler {
        try await fill(&filling, &outputs)
      } onCancel: { [cancellation] in
        cancellation.note()
      }
      let open = filling.open
      if open.count == 0 {
        end(.cancelled)
        return nil
      }
      let handled = clock.now
      if !outputs.isEmpty { try await process(outputs, number: open.start.number, handled) }
      let closed = clock.now
      outputs.removeAll(keepingCapacity: true)
      spare = outputs
      let record = await close(open, opened, handled, closed, reason)
      if let observer {
        timeLeft = remaining.time(estimatedBy: scheduler.estimate)
        observer.syncDidFinishChunk(record, progress)
      }
      if reason == .cancelled && pendingError == nil { end(.cancelled) }
      return record
    } catch {
      throw failure(error)
    }
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
      number: open.start.number, start: start.duration(to: opened),
      plannedSize: isTimed ? scheduler.plan.size : nil,
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
    scheduler.learn(
      ChunkSample(
        count: record.size - record.failedCount,
        handleSeconds: record.handling.inSeconds - losses.handleSeconds,
        processSeconds: record.processing.inSeconds - losses.processSeconds, targetSeconds: target,
        classes: tally.samples,
        durationSeconds: record.duration.inSeconds - losses.handleSeconds - losses.processSeconds))
    warnAboutOverhead()
  }
}
