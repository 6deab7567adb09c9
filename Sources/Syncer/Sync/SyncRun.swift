/// The one chunk loop: works off a backlog, chunk by chunk.
///
/// It clamps, times and orders; the scheduler only admits. Nothing of a chunk is kept here.
@usableFromInline
struct SyncRun<Handler: SyncHandler, Scheduler: ChunkScheduler, TimeSource: Clock<Duration>>
where TimeSource: Sendable {
  @usableFromInline typealias Failure = SyncFailure<Handler.Key>
  @usableFromInline
  typealias OpenedChunk = Chunk<Handler.Output, Scheduler.Draft, TimeSource.Instant>
  @usableFromInline typealias Tasks = SyncTasks<Handler.Output, TimeSource.Instant>

  @usableFromInline let handler: Handler
  @usableFromInline let clock: TimeSource
  @usableFromInline let observer: (any SyncObserver)?
  @usableFromInline let limits: SyncLimits
  @usableFromInline let order: SyncOrder
  @usableFromInline let start: TimeSource.Instant
  @usableFromInline let supervision: Supervision
  @usableFromInline let concurrency: SyncConcurrency
  @usableFromInline let cancellation = CancellationFlag()

  /// The entries at hand.
  @usableFromInline var entries: EntryWindow<Handler.Key, Handler.Left, Handler.Right>
  /// How many are expected, where they come from a stream; nil where nobody knows.
  @usableFromInline let expectedCount: Int?
  /// Whether they come from a stream.
  @usableFromInline let isStreamed: Bool
  /// Where more come from; nil where all are at hand, and while some are read.
  @usableFromInline var stream: EntryStream<Handler.Key, Handler.Left, Handler.Right>?
  @usableFromInline var scheduler: Scheduler
  @usableFromInline var backlog: Backlog
  /// Those not handled yet, for the time left; empty where nobody is told.
  @usableFromInline var remaining = RemainingItems()
  @usableFromInline var chunkCount = 0
  /// The items of finished chunks.
  @usableFromInline var finishedCount = 0
  @usableFromInline var failures: [FailedItem<Handler.Key>] = []
  @usableFromInline var stopReason: StopReason?
  /// What ends the sync once the chunks finished before it are reported, and the keys left open: of
  /// chunks that were filled, and of the one being filled.
  @usableFromInline
  var pendingError: (error: any Error, filledKeys: [Handler.Key], fillingKeys: [Handler.Key])?
  @usableFromInline var warnings: [SyncWarning] = []
  /// The limits that `processChunk` has refused chunks by.
  @usableFromInline var foundLimits: [FoundLimit] = []
  @usableFromInline var remainingTime: ClosedRange<Duration>?
  /// What the sync may still take, as its caller says.
  @usableFromInline let timeLeft: (@Sendable () -> Duration?)?
  /// Whether that was not enough for another item.
  @usableFromInline var isOutOfTime = false
  @usableFromInline var duration = Duration.zero
  /// What the items of closed chunks took, one after the other, in seconds.
  @usableFromInline var workSeconds = 0.0
  /// The chunks that are filled and not closed, in order; empty where one is open at a time.
  @usableFromInline var filled: [FilledChunk<OpenedChunk, TimeSource.Instant>] = []
  /// The records of closed chunks that were not given out yet.
  @usableFromInline var finished: [ChunkRecord] = []
  /// How many items of the chunk being filled tasks have, or will have.
  @usableFromInline var atWorkCount = 0
  /// How many tasks handle them, and the items that wait for one.
  @usableFromInline var handlerTaskCount = 0
  @usableFromInline var queue = ItemQueue()
  @usableFromInline var runLength: RunLength
  /// How many of them were given up, and are not in the backlog again yet.
  @usableFromInline var abandonedCount = 0
  /// When the chunk before was closed, where more than one may be open.
  @usableFromInline var latestClosed: TimeSource.Instant?
  /// Whether `processChunk` failed for good: no chunk is processed any more.
  @usableFromInline var isProcessingLost = false
  /// The memory of the chunk before, for the next one.
  @usableFromInline var spare = ChunkContents<Handler.Output>()

  @inlinable
  init(
    _ syncer: Syncer<Handler, TimeSource>, _ scheduler: Scheduler, _ limits: SyncLimits
  ) async throws(Failure) {
    handler = syncer.handler
    clock = syncer.clock
    observer = syncer.observer
    order = syncer.order
    supervision = Supervision(
      policy: syncer.onFailure, itemTimeout: syncer.itemTimeout, stop: syncer.stop,
      heartbeat: syncer.observer == nil ? nil : syncer.heartbeat)
    concurrency = syncer.concurrency
    timeLeft = syncer.timeLeft
    runLength = RunLength(targetSeconds: limits.chunkTime?.inSeconds ?? .infinity)
    self.scheduler = scheduler
    self.limits = limits
    let handler = syncer.handler
    do {
      try limits.validate()
      try concurrency.validate()
      try supervision.validate()
      try order.validate()
      switch try await syncer.source() {
      case .known(let entries):
        self.entries = EntryWindow(entries)
        (isStreamed, expectedCount) = (false, nil)
        backlog = Backlog(
          entryCount: entries.count, kept: entries.positions { handler.filter($0) }, order: order,
          limit: limits.itemLimit, knownClasses: scheduler.knownClasses,
          hint: { handler.classAndHint($0, of: entries).hint })
      case .sorted(let differ):
        entries = EntryWindow()
        (isStreamed, expectedCount) = (true, differ.expectedCount)
        stream = try EntryStream(differ, order)
        backlog = Backlog(
          streamIn: order, limit: limits.itemLimit, knownClasses: scheduler.knownClasses)
      }
    } catch {
      observer?.syncDidEnd(.failed, error: error, .nothing)
      throw Failure(beforeTheStart: error, order: syncer.order)
    }
    start = clock.now
    if let observer {
      let entries = entries.latest
      for rank in 0..<backlog.count {
        let entry = backlog[rank]
        remaining.add(backlog.item(entry, handler.classAndHint(entry, of: entries)).profile)
      }
      observer.syncDidStart(progress)
    }
  }

  /// Runs until a chunk is closed; nil when the sync has ended.
  ///
  /// Without tasks the chunk is filled, processed and closed before another is opened.
  @inlinable
  mutating func next(_ tasks: inout Tasks?) async throws(Failure) -> ChunkRecord? {
    while true {
      if !finished.isEmpty { return finished.removeFirst() }
      if let lost = pendingError, filled.isEmpty {
        pendingError = nil
        throw failure(lost.error, openKeys: lost.filledKeys + lost.fillingKeys)
      }
      if isProcessingLost {
        await settle(&tasks)
        await closeSettled()
        continue
      }
      guard stopReason == nil || !filled.isEmpty else { return nil }
      if tasks != nil {
        beginProcessing(&tasks)
        if let first = filled.first, first.isProcessed {
          await closeProcessed()
          continue
        }
      }
      if filled.count < concurrency.openChunks && pendingError == nil {
        if isStreamed {
          await readAhead(&tasks)
          if pendingError != nil || !finished.isEmpty { continue }
        }
        let now = clock.now
        guard let reason = reasonToStop(at: now) else {
          if let record = try await fillNext(at: now, &tasks) { return record }
          continue
        }
        if filled.isEmpty {
          end(reason)
          return nil
        }
      }
      await awaitProcessing(&tasks)
    }
  }

  /// Fills a chunk, and processes it where it is the only one.
  ///
  /// - Returns: its record, where it is closed; nil where it is not, or took no item.
  @inlinable
  mutating func fillNext(
    at now: TimeSource.Instant, _ tasks: inout Tasks?
  ) async throws(Failure) -> ChunkRecord? {
    var chunk = open(at: now)
    do {
      let reason = try await withTaskCancellationHandler {
        let reason = try await fill(&chunk, &tasks)
        if tasks != nil, let error = await finishItems(of: &chunk, &tasks) { throw error }
        return reason
      } onCancel: { [cancellation] in
        cancellation.set()
      }
      // Asked to stop, before the first item was handled.
      if chunk.contents.items.isEmpty { return nil }
      if tasks != nil {
        enqueue(chunk, reason)
        return nil
      }
      let handled = clock.now
      chunk.learned = learned(before: reason)
      let completions = try await process(&chunk, handled)
      let times = ChunkTimes(handled: handled, began: handled, closed: clock.now)
      return close(chunk, times, reason, await completions.close())
    } catch {
      guard tasks != nil else {
        throw failure(error, openKeys: keys(of: chunk.handledOffsets, in: chunk))
      }
      _ = await finishItems(of: &chunk, after: error, &tasks)
      lose(chunk, error)
      return nil
    }
  }

  /// Opens a chunk and lets the scheduler plan it.
  @inlinable
  mutating func open(at now: TimeSource.Instant) -> OpenedChunk {
    if isStreamed { dropEntries() }
    let elapsed = start.duration(to: now)
    let chunkStart = ChunkStart(
      number: chunkCount + filled.count + 1, rank: backlog.count - backlog.remainingCount,
      targetSeconds: limits.targetSeconds(after: elapsed), workers: max(1, handler.workers),
      isOrderFree: backlog.isOrderFree, handlersAtOnce: concurrency.handlersAtOnce,
      processingGrowsWithHint: handler.processingGrowsWithHint)
    let (plan, draft) = scheduler.open(chunkStart)
    // The memory is that of the chunk before, unless a handler kept its outputs.
    var contents = spare
    spare = ChunkContents()
    contents.reset()
    return OpenedChunk(
      chunkStart, plan: plan, draft: draft, opened: now,
      endSeconds: limits.secondsLeft(after: elapsed), contents: contents)
  }

  /// Makes the record of a processed chunk, lets the scheduler learn from it, and tells.
  @inlinable
  mutating func close(
    _ chunk: consuming OpenedChunk, _ times: ChunkTimes<TimeSource.Instant>,
    _ reason: CloseReason, _ completions: [Completion]
  ) -> ChunkRecord {
    chunkCount += 1
    duration = start.duration(to: times.closed)
    if chunk.wasProcessedWhole {
      chunk.complete(completions)
      if !foundLimits.isEmpty { noteTaken(chunk.handledOffsets.map { chunk.contents.items[$0] }) }
    }
    let record = record(of: chunk, times, reason)
    finishedCount += record.size
    if chunk.wasProcessedWhole && !record.classes.isEmpty { learn(from: chunk, record) }
    if let observer {
      remainingTime = timeLeft(after: record)
      observer.syncDidFinishChunk(record, progress)
    }
    if reason == .cancelled && pendingError == nil { end(.cancelled) }
    spare = chunk.contents
    return record
  }

  @inlinable
  func record(
    of chunk: borrowing OpenedChunk, _ times: ChunkTimes<TimeSource.Instant>,
    _ reason: CloseReason
  ) -> ChunkRecord {
    ChunkRecord(
      number: chunk.start.number, start: start.duration(to: chunk.opened),
      plannedSize: chunk.plan.size, size: chunk.contents.items.count - chunk.unprocessedCount,
      handling: chunk.opened.duration(to: times.handled),
      processing: times.began.duration(to: times.closed),
      target: limits.chunkTime, closeReason: reason,
      classes: limits.chunkTime == nil ? [] : chunk.contents.moments.samples.map(classRecord),
      failedCount: chunk.failedOffsets.count, waiting: times.handled.duration(to: times.began))
  }

  /// A class of a chunk, with what the scheduler took its items to cost before it learned.
  @inlinable
  func classRecord(_ sample: ClassSample) -> ClassRecord {
    let typical = ItemProfile(
      classIndex: sample.classIndex, hint: sample.handling.units / Double(sample.count))
    return ClassRecord(
      costClass: backlog.classes.classes[sample.classIndex], handling: sample.handling,
      completions: sample.completions, estimate: scheduler.estimate(for: typical))
  }

  /// Hands the scheduler what the chunk took, without the time that failed attempts took.
  @inlinable
  mutating func learn(from chunk: borrowing OpenedChunk, _ record: ChunkRecord) {
    let (handling, processing) = (chunk.lostHandlingSeconds, chunk.lostProcessingSeconds)
    scheduler.learn(
      ChunkSample(
        count: record.size - record.failedCount,
        handleSeconds: record.handling.inSeconds - handling,
        processSeconds: record.processing.inSeconds - processing,
        targetSeconds: chunk.start.targetSeconds, classes: chunk.contents.moments.samples,
        durationSeconds: record.duration.inSeconds - handling - processing), from: chunk.draft)
    warnAboutOverhead()
  }
}
