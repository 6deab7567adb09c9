/// The one chunk loop: it clamps, times and orders; the scheduler only admits.
@usableFromInline
struct ChunkLoop<Handler: SyncHandler, TimeSource: Clock<Duration>> where TimeSource: Sendable {
  @usableFromInline typealias Failure = SyncFailure<Handler.Key>
  @usableFromInline typealias Entry = DiffEntry<Handler.Key, Handler.Left, Handler.Right>

  @usableFromInline let handler: Handler
  @usableFromInline let clock: TimeSource
  @usableFromInline let observer: (any SyncObserver)?
  @usableFromInline let entries: DiffSets<Handler.Key, Handler.Left, Handler.Right>
  /// Positions in `entries`, in the order worked off, limited.
  @usableFromInline let arranged: [Int]
  @usableFromInline let entryCount: Int
  @usableFromInline let bounds: ChunkBounds
  @usableFromInline let order: SyncOrder
  @usableFromInline let start: TimeSource.Instant
  @usableFromInline let completions = CompletionLog()
  @usableFromInline let recovery: Recovery

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

  @usableFromInline
  init(_ syncer: Syncer<Handler, TimeSource>, _ bounds: ChunkBounds) async throws(Failure) {
    handler = syncer.handler
    clock = syncer.clock
    observer = syncer.observer
    scheduler = syncer.scheduler
    order = syncer.order
    recovery = Recovery(
      policy: syncer.onFailure, itemTimeout: syncer.itemTimeout, stop: syncer.stop)
    self.bounds = bounds
    do {
      try bounds.validate()
      try recovery.validate()
      entries = try await syncer.source()
    } catch {
      let report = SyncReport<Handler.Key>(
        chunks: [], itemCount: 0, handledCount: 0, failures: [], stopReason: .failed,
        order: syncer.order, duration: .zero, warnings: [])
      throw Failure(report: report, openKeys: [], underlyingError: error)
    }
    var positions = entries.indices.filter { [handler, entries] in handler.filter(entries[$0]) }
    entryCount = positions.count
    order.arrange(&positions)
    if let limit = bounds.itemLimit, limit < positions.count {
      positions.removeLast(positions.count - limit)
    }
    arranged = positions
    start = clock.now
    if let observer {
      for position in arranged { remaining.add(profile(of: entries[position])) }
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
    stopReason = reasonToStop(at: opened)
    if stopReason != nil { return nil }
    losses = ChunkLosses(first: position)
    do {
      var open = OpenChunk(
        number: chunkCount + 1, position: position,
        targetSeconds: bounds.targetSeconds(after: start.duration(to: opened)))
      var outputs: [Handler.Output] = []
      let reason = try await fill(&open, &outputs, opened)
      if open.count == 0 {
        stopReason = .cancelled
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
      return record
    } catch {
      throw failure(error)
    }
  }

  /// Handles items until the chunk is full; returns why it is.
  @inlinable
  mutating func fill(
    _ open: inout OpenChunk, _ outputs: inout [Handler.Output], _ opened: TimeSource.Instant
  ) async throws -> CloseReason {
    let cap = bounds.chunkCap ?? Int.max
    let isTimed = bounds.chunkTime != nil
    let isClocked = isTimed || bounds.maximumDuration != nil
    let end = bounds.maximumDuration.map { ($0 - start.duration(to: opened)).inSeconds } ?? .infinity
    tally.reset()
    if isTimed { open.plannedSize = scheduler.plannedSize(for: open) }
    while position < arranged.count {
      if open.count >= cap { return .cap }
      let entry = entries[arranged[position]]
      var item = ItemProfile(classIndex: 0)
      if isTimed {
        item = profile(of: entry)
        let admitted = scheduler.admits(item, into: open)
        if !admitted && open.count > 0 { return .scheduler }
      }
      let lostBefore = losses.handleSeconds
      var isHandled = true
      do {
        if recovery.isDirect {
          outputs.append(try await handler.handle(entry))
        } else {
          outputs.append(try await attemptToHandle(entry))
        }
      } catch is CancellationError where recovery.isStopping {
        return .cancelled
      } catch {
        try isolate(position, .handling, open.number, error)
        isHandled = false
      }
      position += 1
      open.position += 1
      open.count += 1
      if isClocked {
        let elapsed = opened.duration(to: clock.now).inSeconds
        let seconds = elapsed - open.elapsedSeconds
        if !isHandled {
          losses.handleSeconds = lostBefore + seconds
        } else if isTimed {
          tally.add(item, seconds: seconds - (losses.handleSeconds - lostBefore))
        }
        open.elapsedSeconds = elapsed
      }
      if let observer { tell(observer, entry) }
      if recovery.isStopping {
        try recovery.checkImmediateStop()
        return .cancelled
      }
      if open.elapsedSeconds >= end { return .maximumDuration }
    }
    return .end
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
      if losses.isCleanlyProcessed { for completion in reported { tally.complete(completion) } }
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
    if reason == .cancelled { stopReason = .cancelled }
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

  @inlinable
  mutating func profile(of entry: Entry) -> ItemProfile {
    var hint = handler.costHint(of: entry)
    if let given = hint, !(given > 0 && given.isFinite) { hint = nil }
    return ItemProfile(classIndex: classes.index(of: handler.costClass(of: entry)), hint: hint)
  }
}

extension ChunkLoop {
  /// The report at this point.
  @usableFromInline
  func report(_ records: [ChunkRecord]) -> SyncReport<Handler.Key> {
    SyncReport(
      chunks: records, itemCount: arranged.count, handledCount: finishedCount, failures: failures,
      stopReason: stopReason ?? .completed, order: order, duration: duration, warnings: warnings)
  }

  /// Why no further chunk is opened; nil where one is.
  @usableFromInline
  func reasonToStop(at now: TimeSource.Instant) -> StopReason? {
    if position >= arranged.count {
      return arranged.count < entryCount ? .itemLimit : .completed
    }
    if recovery.isStopping { return .cancelled }
    if let maximum = bounds.maximumDuration, chunkCount > 0, start.duration(to: now) >= maximum {
      return .maximumDuration
    }
    return nil
  }

  /// Tells once when the overhead alone exceeds the target: no scheduler can make up for that.
  @usableFromInline
  mutating func warnAboutOverhead() {
    guard warnings.isEmpty, let target = bounds.chunkTime, let overhead = scheduler.overheadSeconds,
      overhead > target.inSeconds
    else { return }
    let warning = SyncWarning.overheadAboveTarget(overhead: .seconds(overhead), target: target)
    warnings.append(warning)
    observer?.syncDidWarn(warning)
  }

  @usableFromInline
  var progress: SyncProgress {
    SyncProgress(
      handledCount: position, itemCount: arranged.count, chunkCount: chunkCount,
      elapsed: start.duration(to: clock.now), remaining: timeLeft)
  }

  @usableFromInline
  mutating func tell(_ observer: any SyncObserver, _ entry: Entry) {
    remaining.remove(profile(of: entry))
    observer.syncDidHandleItem(progress)
  }
}
