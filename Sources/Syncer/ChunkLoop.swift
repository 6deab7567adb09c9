/// The arguments of a chunked sync.
@usableFromInline
struct ChunkBounds: Sendable {
  @usableFromInline var chunkTime: Duration?
  @usableFromInline var itemLimit: Int?
  @usableFromInline var chunkCap: Int?

  @usableFromInline
  init(chunkTime: Duration?, itemLimit: Int?, chunkCap: Int?) {
    self.chunkTime = chunkTime
    self.itemLimit = itemLimit
    self.chunkCap = chunkCap
  }

  func validate() throws(SyncArgumentError) {
    if let chunkTime, chunkTime <= .zero { throw .chunkTimeNotPositive(chunkTime) }
    if let chunkCap, chunkCap < 1 { throw .chunkCapBelowOne(chunkCap) }
    if let itemLimit, itemLimit < 0 { throw .itemLimitNegative(itemLimit) }
  }
}

/// The one chunk loop: it clamps, times and orders; the scheduler only admits.
@usableFromInline
struct ChunkLoop<Handler: SyncHandler, TimeSource: Clock<Duration>> where TimeSource: Sendable {
  @usableFromInline typealias Failure = SyncFailure<Handler.Key>

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

  @usableFromInline var scheduler: any ChunkScheduler
  @usableFromInline var classes = CostClassTable()
  @usableFromInline var tally = ChunkTally()
  @usableFromInline var remaining = RemainingItems()
  @usableFromInline var position = 0
  @usableFromInline var chunkCount = 0
  @usableFromInline var stopReason: StopReason?
  @usableFromInline var isProcessing = false
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
    self.bounds = bounds
    do {
      try bounds.validate()
      entries = try await syncer.source()
    } catch {
      let report = SyncReport(
        chunks: [], itemCount: 0, handledCount: 0, stopReason: .failed, order: syncer.order,
        duration: .zero, warnings: [])
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
    guard stopReason == nil else { return nil }
    if position >= arranged.count {
      stopReason = arranged.count < entryCount ? .itemLimit : .completed
      return nil
    }
    if Task.isCancelled {
      stopReason = .cancelled
      return nil
    }
    let first = position
    let opened = clock.now
    do {
      var open = OpenChunk(
        number: chunkCount + 1, position: position,
        targetSeconds: bounds.chunkTime?.inSeconds ?? .infinity)
      var outputs: [Handler.Output] = []
      let reason = try await fill(&open, &outputs, opened)
      if open.count == 0 {
        stopReason = .cancelled
        return nil
      }
      let handled = clock.now
      isProcessing = true
      try await handler.processChunk(
        HandledChunk(number: open.number, outputs: outputs, completions: completions))
      isProcessing = false
      let closed = clock.now
      let record = await close(open, opened, handled, closed, reason)
      if let observer {
        timeLeft = remaining.time(estimatedBy: scheduler)
        observer.syncDidFinishChunk(record, progress)
      }
      return record
    } catch {
      throw failure(error, first: first)
    }
  }

  /// Handles items until the chunk is full; returns why it is.
  @inlinable
  mutating func fill(
    _ open: inout OpenChunk, _ outputs: inout [Handler.Output], _ opened: TimeSource.Instant
  ) async throws -> CloseReason {
    let cap = bounds.chunkCap ?? Int.max
    let timed = bounds.chunkTime != nil
    tally.reset()
    if timed { open.plannedSize = scheduler.plannedSize(for: open) }
    while position < arranged.count {
      if open.count >= cap { return .cap }
      let entry = entries[arranged[position]]
      var item = ItemProfile(classIndex: 0)
      if timed {
        item = profile(of: entry)
        let admitted = scheduler.admits(item, into: open)
        if !admitted && open.count > 0 { return .scheduler }
      }
      do {
        outputs.append(try await handler.handle(entry))
      } catch is CancellationError where Task.isCancelled {
        return .cancelled
      }
      position += 1
      open.position += 1
      open.count += 1
      if timed {
        let elapsed = opened.duration(to: clock.now).inSeconds
        tally.add(item, seconds: elapsed - open.elapsedSeconds)
        open.elapsedSeconds = elapsed
      }
      if let observer { tell(observer, entry) }
      if Task.isCancelled { return .cancelled }
    }
    return .end
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
      size: open.count, handling: opened.duration(to: handled),
      processing: handled.duration(to: closed), target: bounds.chunkTime, closeReason: reason,
      classes: [])
    for completion in await completions.take() where bounds.chunkTime != nil {
      tally.complete(completion)
    }
    if bounds.chunkTime != nil {
      record.classes = tally.samples.map { sample in
        let typical = ItemProfile(
          classIndex: sample.classIndex, hint: sample.handling.units / Double(sample.count))
        return ClassRecord(
          costClass: classes.classes[sample.classIndex], handling: sample.handling,
          completions: sample.completions, estimate: scheduler.estimate(for: typical))
      }
      scheduler.record(
        ChunkSample(
          count: open.count, handleSeconds: record.handling.inSeconds,
          processSeconds: record.processing.inSeconds, targetSeconds: open.targetSeconds,
          classes: tally.samples, durationSeconds: record.duration.inSeconds))
      warnAboutOverhead()
    }
    if reason == .cancelled { stopReason = .cancelled }
    return record
  }

  @inlinable
  mutating func profile(
    of entry: DiffEntry<Handler.Key, Handler.Left, Handler.Right>
  ) -> ItemProfile {
    var hint = handler.costHint(of: entry)
    if let given = hint, !(given > 0 && given.isFinite) { hint = nil }
    return ItemProfile(classIndex: classes.index(of: handler.costClass(of: entry)), hint: hint)
  }
}

extension ChunkLoop {
  /// The report at this point.
  @usableFromInline
  func report(_ records: [ChunkRecord]) -> SyncReport {
    SyncReport(
      chunks: records, itemCount: arranged.count, handledCount: position,
      stopReason: stopReason ?? .completed, order: order, duration: duration, warnings: warnings)
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
  mutating func tell(
    _ observer: any SyncObserver, _ entry: DiffEntry<Handler.Key, Handler.Left, Handler.Right>
  ) {
    remaining.remove(profile(of: entry))
    observer.syncDidHandleItem(progress)
  }

  /// The failure for what was thrown while the chunk from `first` was open.
  @usableFromInline
  mutating func failure(_ error: any Error, first: Int) -> Failure {
    stopReason = .failed
    duration = start.duration(to: clock.now)
    let handled = position
    position = first
    // Where processChunk threw, every item of the chunk was handled and none of them failed.
    let last = handled < arranged.count && !isProcessing ? handled + 1 : handled
    return Failure(
      report: report([]), openKeys: arranged[first..<last].map { entries[$0].key },
      underlyingError: error)
  }
}
