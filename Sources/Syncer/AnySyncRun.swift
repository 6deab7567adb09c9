/// A run under whatever scheduler the syncer has: here alone its type is looked at.
///
/// The loop is compiled for the default scheduler, which it calls directly, and for the erasure of
/// all others.
@usableFromInline
struct AnySyncRun<Handler: SyncHandler, TimeSource: Clock<Duration>> where TimeSource: Sendable {
  @usableFromInline typealias Failure = SyncFailure<Handler.Key>

  @usableFromInline var standard: SyncRun<Handler, DeadlineScheduler, TimeSource>?
  @usableFromInline var other: SyncRun<Handler, AnyChunkScheduler, TimeSource>?

  @inlinable
  init(_ syncer: Syncer<Handler, TimeSource>, _ limits: SyncLimits) async throws(Failure) {
    if limits.chunkTime == nil {
      other = try await SyncRun(syncer, AnyChunkScheduler(CapScheduler()), limits)
    } else if let scheduler = syncer.scheduler as? DeadlineScheduler {
      standard = try await SyncRun(syncer, scheduler, limits)
    } else {
      other = try await SyncRun(syncer, AnyChunkScheduler(syncer.scheduler), limits)
    }
  }

  /// Runs one chunk; nil when the sync has ended.
  @inlinable
  mutating func next() async throws(Failure) -> ChunkRecord? {
    if standard != nil { return try await standard?.next() }
    return try await other?.next()
  }

  /// The report at this point.
  @inlinable
  func report(_ records: [ChunkRecord]) -> SyncReport<Handler.Key> {
    if let standard { return standard.report(records) }
    guard let other else { preconditionFailure("A run has a scheduler.") }
    return other.report(records)
  }
}
