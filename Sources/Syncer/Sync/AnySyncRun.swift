/// A run under whatever scheduler the syncer has: here alone its type is looked at.
///
/// The loop is compiled for the default scheduler, which it calls directly, and for the erasure of
/// all others.
@usableFromInline
struct AnySyncRun<Handler: SyncHandler, TimeSource: Clock<Duration>> where TimeSource: Sendable {
  @usableFromInline typealias Failure = SyncFailure<Handler.Key>

  @usableFromInline typealias Tasks = SyncTasks<Handler.Output, TimeSource.Instant>

  /// Whether more than one thing happens at a time.
  @usableFromInline let isConcurrent: Bool
  @usableFromInline var standard: SyncRun<Handler, DeadlineScheduler, TimeSource>?
  @usableFromInline var other: SyncRun<Handler, AnyChunkScheduler, TimeSource>?

  @inlinable
  init(_ syncer: Syncer<Handler, TimeSource>, _ limits: SyncLimits) async throws(Failure) {
    isConcurrent = syncer.concurrency.isNeeded
    if limits.chunkTime == nil {
      other = try await SyncRun(syncer, AnyChunkScheduler(CapScheduler()), limits)
    } else if let scheduler = syncer.scheduler as? DeadlineScheduler {
      standard = try await SyncRun(syncer, scheduler, limits)
    } else {
      other = try await SyncRun(syncer, AnyChunkScheduler(syncer.scheduler), limits)
    }
  }

  /// Runs until a chunk is closed; nil when the sync has ended.
  @inlinable
  mutating func next(_ tasks: inout Tasks?) async throws(Failure) -> ChunkRecord? {
    if standard != nil { return try await standard?.next(&tasks) }
    return try await other?.next(&tasks)
  }

  /// Waits for what is at work.
  @usableFromInline
  mutating func settle(_ tasks: inout Tasks?) async {
    await standard?.settle(&tasks)
    await other?.settle(&tasks)
  }

  /// Lets some of the run happen, with child tasks where it does more than one thing at a time.
  @inlinable
  mutating func withTasks<Value>(
    _ body: (inout Self, inout Tasks?) async -> Value
  ) async -> Value {
    var none: Tasks?
    if !isConcurrent { return await body(&self, &none) }
    return await withTaskGroup(of: Tasks.End.self) { group in
      var tasks: Tasks? = Tasks(group)
      let value = await body(&self, &tasks)
      tasks?.end()
      return value
    }
  }

  /// The report at this point.
  @inlinable
  func report(_ records: [ChunkRecord]) -> SyncReport<Handler.Key> {
    if let standard { return standard.report(records) }
    guard let other else { preconditionFailure("A run has a scheduler.") }
    return other.report(records)
  }
}
