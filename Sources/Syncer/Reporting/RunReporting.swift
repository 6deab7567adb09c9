extension SyncRun {
  /// The report at this point.
  @usableFromInline
  func report(_ records: [ChunkRecord]) -> SyncReport<Handler.Key> {
    SyncReport(
      chunks: records, itemCount: backlog.count, handledCount: finishedCount, failures: failures,
      stopReason: stopReason ?? .completed, order: order, duration: duration, warnings: warnings,
      foundLimits: foundLimits, learned: scheduler.learned(of: backlog.classes.classes))
  }

  /// What the scheduler has learned, where a chunk closed for this reason is the last.
  @usableFromInline
  func learned(before reason: CloseReason) -> LearnedCosts? {
    switch reason {
    case .scheduler, .cap, .weightCap, .source: nil
    case .end, .maximumDuration, .timeLeft, .cancelled:
      scheduler.learned(of: backlog.classes.classes)
    }
  }

  /// Why no further chunk is opened; nil where one is.
  @usableFromInline
  func reasonToStop(at now: TimeSource.Instant) -> StopReason? {
    if backlog.remainingCount == 0 && !backlog.mayGrow {
      return backlog.count < backlog.countBeforeLimit ? .itemLimit : .completed
    }
    if supervision.isStopping { return .cancelled }
    if isOutOfTime { return .timeLeft }
    // At least one item is handled, where there is one by then.
    if chunkCount + filled.count > 0 || backlog.remainingCount == 0,
      limits.secondsLeft(after: start.duration(to: now)) <= 0
    {
      return .maximumDuration
    }
    return nil
  }

  /// Opens no further chunk, and says so.
  @usableFromInline
  mutating func end(_ reason: StopReason, error: (any Error)? = nil) {
    stopReason = reason
    observer?.syncDidEnd(reason, error: error, progress)
  }

  /// Tells once when the overhead alone exceeds the target: no scheduler can make up for that.
  @usableFromInline
  mutating func warnAboutOverhead() {
    guard warnings.isEmpty, let target = limits.chunkTime, let overhead = scheduler.overheadSeconds,
      overhead > target.inSeconds
    else { return }
    let warning = SyncWarning.overheadAboveTarget(
      overhead: .seconds(min(overhead, longestTold)), target: target)
    warnings.append(warning)
    observer?.syncDidWarn(warning)
  }

  @usableFromInline
  var progress: SyncProgress {
    SyncProgress(
      handledCount: handledCount, itemCount: itemCount,
      chunkCount: chunkCount,
      elapsed: start.duration(to: clock.now), remaining: remainingTime,
      fraction: doneFraction)
  }

  private var handledCount: Int {
    backlog.count - backlog.remainingCount - atWorkCount - abandonedCount
  }

  /// How many items there are; of a stream that is not at its end, how many are expected.
  private var itemCount: Int? {
    guard isStreamed, backlog.mayGrow else { return backlog.count }
    return expectedCount.map { backlog.limited(max($0, backlog.count)) }
  }

  private var doneFraction: Double? {
    if !isStreamed { return remaining.doneFraction }
    guard let itemCount else { return nil }
    return itemCount > 0 ? Double(handledCount) / Double(itemCount) : 1
  }

  /// The time left; of a stream that of what was handled, in proportion to what is expected to be left.
  @usableFromInline
  mutating func timeLeft(after record: ChunkRecord) -> ClosedRange<Duration>? {
    guard var time = remaining.time(estimatedBy: scheduler.estimate) else { return nil }
    if isStreamed {
      guard let itemCount, finishedCount > 0 else { return nil }
      let share = Double(itemCount - finishedCount) / Double(finishedCount)
      time = time.scaled(by: share)
    }
    return scaled(time, after: record)
  }

  /// The time left, by how much less the work so far took than one thing after the other, or how much
  /// more with the reading of a stream.
  @usableFromInline
  mutating func scaled(
    _ time: ClosedRange<Duration>, after record: ChunkRecord
  ) -> ClosedRange<Duration> {
    if !concurrency.isNeeded && !isStreamed { return time }
    workSeconds += record.classes.reduce(record.processing.inSeconds) { $0 + $1.handling.seconds }
    guard workSeconds > (isStreamed ? 0 : duration.inSeconds) else { return time }
    return time.scaled(by: duration.inSeconds / workSeconds)
  }

  @usableFromInline
  mutating func tell(_ item: ItemProfile) {
    if isStreamed { remaining.note(item) } else { remaining.remove(item) }
    observer?.syncDidHandleItem(progress)
  }
}
