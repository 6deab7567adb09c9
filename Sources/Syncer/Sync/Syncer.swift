/// A sync of two resources, in chunks of a chosen duration.
///
/// A syncer is a value that can be run more than once: every run selects and compares again, and
/// starts with the scheduler as given.
public struct Syncer<Handler: SyncHandler, TimeSource: Clock<Duration>>: Sendable
where TimeSource: Sendable {
  /// Where the entries come from.
  @usableFromInline
  typealias Source =
    @Sendable () async throws -> EntrySource<Handler.Key, Handler.Left, Handler.Right>

  @usableFromInline let source: Source
  /// The handler of items and chunks.
  public let handler: Handler
  /// The scheduler that decides when a chunk is full, as it is at the start of a run.
  public var scheduler: any ChunkScheduler
  /// The order of the items.
  public var order: SyncOrder
  /// The clock that times the chunks; it must not run backwards.
  public let clock: TimeSource
  /// The observer of the sync's progress.
  public var observer: (any SyncObserver)?
  /// The policy for errors of a handler or `processChunk`; by default they end the sync.
  public var onFailure = FailurePolicy.stop
  /// The time limit of one handler, longer than zero; nil for none.
  ///
  /// With a limit, the handler runs in a child task that is cancelled when the time is up. The item
  /// fails with `ItemTimedOut` as soon as the handler returns.
  public var itemTimeout: Duration?
  /// A switch that stops the sync without cancelling its task.
  public var stop: SyncStop?
  /// The time that the sync may still take, such as the rest of a lease; nil for no limit.
  ///
  /// It is asked before every item. A chunk is closed early enough to be processed in that time. If
  /// the time does not suffice for the first item of another chunk, the sync ends with the stop
  /// reason `.timeLeft`. An answer of nil sets no limit.
  public var timeLeft: (@Sendable () -> Duration?)?
  /// The interval at which the observer is called while a handler or `processChunk` runs; nil for
  /// never.
  ///
  /// It is longer than zero, and nil by default.
  public var heartbeat: Duration?
  /// The number of items of a chunk handled at once, at least 1; 1 by default.
  ///
  /// Above 1, items are handled in child tasks, and their outputs stay in order. An error that ends
  /// the sync lets running items finish and names them.
  public var handlersAtOnce = 1
  /// The number of chunks that may be open at once, at least 1; 1 by default.
  ///
  /// Above 1, a chunk is filled while those before it are processed, so a failure may lose as many.
  /// `processChunk` is called in order, for one chunk at a time unless the handler allows calls to
  /// overlap.
  public var openChunks = 1

  @usableFromInline var concurrency: SyncConcurrency {
    SyncConcurrency(handlersAtOnce: handlersAtOnce, openChunks: openChunks)
  }

  private init(
    source: @escaping Source, handler: Handler, scheduler: any ChunkScheduler, order: SyncOrder,
    clock: TimeSource, observer: (any SyncObserver)?
  ) {
    self.source = source
    self.handler = handler
    self.scheduler = scheduler
    self.order = order
    self.clock = clock
    self.observer = observer
  }

  /// Creates a syncer of the differences between two resources.
  ///
  /// - Parameters:
  ///   - differ: The two resources and their keys.
  ///   - handler: The handler of items and chunks.
  ///   - scheduler: The scheduler that decides when a chunk is full.
  ///   - order: The order of the items; by default shuffled with a fresh seed, which the report
  ///     names.
  ///   - clock: The clock that times the chunks.
  ///   - observer: The observer of the sync's progress.
  public init(
    differ: Differ<Handler.Key, Handler.Left, Handler.Right>, handler: Handler,
    scheduler: any ChunkScheduler = DeadlineScheduler(),
    // The library's own shuffle (SyncOrder), whose fresh seed is in the report: it can be repeated.
    order: SyncOrder = .shuffled(),
    clock: TimeSource = ContinuousClock(), observer: (any SyncObserver)? = nil
  ) {
    self.init(
      source: { .known(try await differ.diff()) }, handler: handler, scheduler: scheduler,
      order: order, clock: clock, observer: observer)
  }

  /// Creates a syncer of differences found before.
  ///
  /// - Parameters:
  ///   - differences: The entries to work off.
  ///   - handler: The handler of items and chunks.
  ///   - scheduler: The scheduler that decides when a chunk is full.
  ///   - order: The order of the items; by default shuffled with a fresh seed, which the report
  ///     names.
  ///   - clock: The clock that times the chunks.
  ///   - observer: The observer of the sync's progress.
  public init(
    differences: Differences<Handler.Key, Handler.Left, Handler.Right>, handler: Handler,
    scheduler: any ChunkScheduler = DeadlineScheduler(),
    // The library's own shuffle (SyncOrder), whose fresh seed is in the report: it can be repeated.
    order: SyncOrder = .shuffled(),
    clock: TimeSource = ContinuousClock(), observer: (any SyncObserver)? = nil
  ) {
    self.init(
      source: { .known(differences) }, handler: handler, scheduler: scheduler, order: order,
      clock: clock, observer: observer)
  }

  /// Creates a syncer of two sorted sequences, which are read while chunks are filled.
  ///
  /// - Parameters:
  ///   - differ: The two sequences and their keys.
  ///   - handler: The handler of items and chunks.
  ///   - scheduler: The scheduler that decides when a chunk is full.
  ///   - order: The order of the items: listed, roughly listed, or shuffled in windows. The others
  ///     need all entries at once, and end the sync with
  ///     `SyncArgumentError.orderNeedsAllEntries(_:)`.
  ///   - clock: The clock that times the chunks.
  ///   - observer: The observer of the sync's progress.
  public init(
    differ: SortedDiffer<Handler.Key, Handler.Left, Handler.Right>, handler: Handler,
    scheduler: any ChunkScheduler = DeadlineScheduler(), order: SyncOrder = .listed,
    clock: TimeSource = ContinuousClock(), observer: (any SyncObserver)? = nil
  ) {
    self.init(
      source: { .sorted(differ) }, handler: handler, scheduler: scheduler, order: order,
      clock: clock, observer: observer)
  }

  /// Syncs in chunks and returns a report.
  ///
  /// Cancelling the task finishes the open chunk: what was handled is processed, and the report's
  /// stop reason is `.cancelled`.
  ///
  /// - Parameters:
  ///   - chunkTime: The target duration of a chunk, handling and processing together, longer than
  ///     zero. Nil means chunks of `chunkCap` items, or one chunk of everything, without asking the
  ///     scheduler.
  ///   - itemLimit: The maximum number of items to handle, not negative.
  ///   - chunkCap: The maximum number of items in a chunk, at least 1.
  ///   - chunkWeightCap: The maximum weight of a chunk's items, as the handler's `weight(of:in:)`
  ///     returns it.
  ///   - maximumDuration: The time after which no further item is begun, longer than zero; the open
  ///     chunk is then processed. Chunks near the end aim at the time that is left. At least one
  ///     item is handled.
  /// - Returns: the report, with a record of every chunk.
  /// - Throws: `SyncFailure` with the report of all finished chunks, the keys of the open ones and
  ///   the underlying error: any error of a resource or handler, or a `SyncArgumentError`.
  @inlinable
  public func chunkedSync(
    chunkTime: Duration? = nil, itemLimit: Int? = nil, chunkCap: Int? = nil,
    chunkWeightCap: ChunkWeightCap? = nil, maximumDuration: Duration? = nil
  ) async throws(SyncFailure<Handler.Key>) -> SyncReport<Handler.Key> {
    let limits = SyncLimits(
      chunkTime: chunkTime, itemLimit: itemLimit, chunkCap: chunkCap,
      chunkWeightCap: chunkWeightCap, maximumDuration: maximumDuration)
    var run = try await AnySyncRun(self, limits)
    var records: [ChunkRecord] = []
    let failure = await run.withTasks { run, tasks -> SyncFailure<Handler.Key>? in
      do throws(SyncFailure<Handler.Key>) {
        while let record = try await run.next(&tasks) { records.append(record) }
        return nil
      } catch {
        return error
      }
    }
    if var failure {
      failure.report.chunks = records
      throw failure
    }
    return run.report(records)
  }

  /// Syncs in chunks and delivers a record per finished chunk, keeping none.
  ///
  /// The sync advances as the sequence is iterated: nothing runs between two elements. Ending the
  /// iteration ends the sync without an open chunk or, with `openChunks` above 1, with chunks that
  /// were handled and not processed. Parameters and errors are those of
  /// `chunkedSync(chunkTime:itemLimit:chunkCap:chunkWeightCap:maximumDuration:)`. The report of a
  /// failure lists no chunks; failed items go to the observer.
  @inlinable
  public func chunks(
    chunkTime: Duration? = nil, itemLimit: Int? = nil, chunkCap: Int? = nil,
    chunkWeightCap: ChunkWeightCap? = nil, maximumDuration: Duration? = nil
  ) -> ChunkSequence<Handler, TimeSource> {
    ChunkSequence(
      syncer: self,
      limits: SyncLimits(
        chunkTime: chunkTime, itemLimit: itemLimit, chunkCap: chunkCap,
        chunkWeightCap: chunkWeightCap, maximumDuration: maximumDuration))
  }

  /// Syncs all items in one chunk.
  ///
  /// - Throws: as `chunkedSync(chunkTime:itemLimit:chunkCap:chunkWeightCap:maximumDuration:)`.
  @inlinable
  public func sync() async throws(SyncFailure<Handler.Key>) -> SyncReport<Handler.Key> {
    try await chunkedSync()
  }
}

/// A sequence of the finished chunks of a sync.
public struct ChunkSequence<Handler: SyncHandler, TimeSource: Clock<Duration>>: AsyncSequence,
  Sendable
where TimeSource: Sendable {
  public typealias Element = ChunkRecord
  public typealias Failure = SyncFailure<Handler.Key>

  @usableFromInline let syncer: Syncer<Handler, TimeSource>
  @usableFromInline let limits: SyncLimits

  @usableFromInline
  init(syncer: Syncer<Handler, TimeSource>, limits: SyncLimits) {
    self.syncer = syncer
    self.limits = limits
  }

  /// Creates an iterator; each iterator runs a sync of its own.
  @inlinable
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(sequence: self)
  }

  /// An iterator that runs the sync, chunk by chunk.
  public struct AsyncIterator: AsyncIteratorProtocol {
    @usableFromInline let sequence: ChunkSequence
    @usableFromInline var run: AnySyncRun<Handler, TimeSource>?
    @usableFromInline var hasStarted = false

    @usableFromInline
    init(sequence: ChunkSequence) {
      self.sequence = sequence
    }

    /// What the scheduler has learned so far; nil before the first chunk and after a failure.
    package var learned: LearnedCosts? { run?.report([]).learned }

    /// Runs the next chunk; nil when the sync has ended.
    ///
    /// - Throws: `SyncFailure`, once; the sync has then ended.
    @inlinable
    public mutating func next() async throws(Failure) -> ChunkRecord? {
      if !hasStarted {
        hasStarted = true
        run = try await AnySyncRun(sequence.syncer, sequence.limits)
      }
      guard var current = run else { return nil }
      run = nil
      let result = await current.withTasks { run, tasks -> Result<ChunkRecord?, Failure> in
        do throws(Failure) {
          let record = try await run.next(&tasks)
          await run.settle(&tasks)
          return .success(record)
        } catch {
          return .failure(error)
        }
      }
      let record = try result.get()
      run = current
      return record
    }
  }
}
