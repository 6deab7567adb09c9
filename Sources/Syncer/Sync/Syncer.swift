/// Works off the differences between two resources in chunks that take a desired time.
///
/// A syncer is a value that can be run more than once: every run selects and compares anew and
/// starts with the scheduler as it was given.
public struct Syncer<Handler: SyncHandler, TimeSource: Clock<Duration>>: Sendable
where TimeSource: Sendable {
  /// Where the entries come from.
  @usableFromInline
  typealias Source =
    @Sendable () async throws -> EntrySource<Handler.Key, Handler.Left, Handler.Right>

  @usableFromInline let source: Source
  /// What is done with the items.
  public let handler: Handler
  /// What decides when a chunk is full, as it is at the start of a run.
  public var scheduler: any ChunkScheduler
  /// The order the items are worked off in.
  public var order: SyncOrder
  /// What the chunks are timed with; it must not run backwards.
  public let clock: TimeSource
  /// Who is told about progress.
  public var observer: (any SyncObserver)?
  /// What happens when a handler or `processChunk` throws; by default it ends the sync.
  public var onFailure = FailurePolicy.stop
  /// How long one handler may take, longer than zero; nil for as long as it likes.
  ///
  /// The handler then runs in a child task, which is cancelled when the time is up: the item fails
  /// with `ItemTimedOut` as soon as the handler returns.
  public var itemTimeout: Duration?
  /// Stops the sync without cancelling its task.
  public var stop: SyncStop?
  /// How much longer the sync may go on, such as what is left of a grant or a lease; nil for as long as
  /// it likes.
  ///
  /// Asked before every item. A chunk is cut so that its processing is expected to end in time. Where there
  /// is not enough for the first item of another one, the sync ends with the stop reason `.timeLeft`. An
  /// answer of nil sets no limit.
  public var timeLeft: (@Sendable () -> Duration?)?
  /// How often the observer is told that the sync goes on, while a handler or `processChunk` runs; longer
  /// than zero, nil (the default) for not at all.
  public var heartbeat: Duration?
  /// How many items of a chunk are handled at once, at least 1; 1 by default.
  ///
  /// More than one run in child tasks, so that the handler has to bear it. Outputs stay in order. An
  /// error that ends the sync lets the items at work finish and names them.
  public var handlersAtOnce = 1
  /// How many chunks may be open at once, at least 1; 1 by default.
  ///
  /// With more, a chunk is filled while those before it are processed, so that a failure may lose
  /// as many. `processChunk` is called in order, for one chunk at a time unless the handler allows
  /// more.
  public var openChunks = 1

  @usableFromInline var concurrency: SyncConcurrency {
    SyncConcurrency(handlersAtOnce: handlersAtOnce, openChunks: openChunks)
  }

  /// Makes a syncer of the differences between two resources.
  ///
  /// - Parameters:
  ///   - differ: The two resources and their keys.
  ///   - handler: What is done with the items.
  ///   - scheduler: What decides when a chunk is full.
  ///   - order: The order of the items; by default shuffled with a fresh seed, which the report
  ///     names.
  ///   - clock: What the chunks are timed with.
  ///   - observer: Who is told about progress.
  public init(
    differ: Differ<Handler.Key, Handler.Left, Handler.Right>, handler: Handler,
    scheduler: any ChunkScheduler = DeadlineScheduler(),
    // The library's own shuffle (SyncOrder), whose fresh seed is in the report: it can be repeated.
    order: SyncOrder = .shuffled(),
    clock: TimeSource = ContinuousClock(), observer: (any SyncObserver)? = nil
  ) {
    self.source = { .known(try await differ.diff()) }
    self.handler = handler
    self.scheduler = scheduler
    self.order = order
    self.clock = clock
    self.observer = observer
  }

  /// Makes a syncer of differences found before.
  ///
  /// - Parameters:
  ///   - differences: The entries to work off.
  ///   - handler: What is done with the items.
  ///   - scheduler: What decides when a chunk is full.
  ///   - order: The order of the items; by default shuffled with a fresh seed, which the report
  ///     names.
  ///   - clock: What the chunks are timed with.
  ///   - observer: Who is told about progress.
  public init(
    differences: Differences<Handler.Key, Handler.Left, Handler.Right>, handler: Handler,
    scheduler: any ChunkScheduler = DeadlineScheduler(),
    // The library's own shuffle (SyncOrder), whose fresh seed is in the report: it can be repeated.
    order: SyncOrder = .shuffled(),
    clock: TimeSource = ContinuousClock(), observer: (any SyncObserver)? = nil
  ) {
    self.source = { .known(differences) }
    self.handler = handler
    self.scheduler = scheduler
    self.order = order
    self.clock = clock
    self.observer = observer
  }

  /// Makes a syncer of two sorted sequences, which are read while chunks are filled.
  ///
  /// - Parameters:
  ///   - differ: The two sequences and their keys.
  ///   - handler: What is done with the items.
  ///   - scheduler: What decides when a chunk is full.
  ///   - order: The order of the items: as listed, roughly, or shuffled in windows. Others need all entries
  ///     at once: they end the sync with `SyncArgumentError.orderNeedsAllEntries(_:)`.
  ///   - clock: What the chunks are timed with.
  ///   - observer: Who is told about progress.
  public init(
    differ: SortedDiffer<Handler.Key, Handler.Left, Handler.Right>, handler: Handler,
    scheduler: any ChunkScheduler = DeadlineScheduler(), order: SyncOrder = .listed,
    clock: TimeSource = ContinuousClock(), observer: (any SyncObserver)? = nil
  ) {
    self.source = { .sorted(differ) }
    self.handler = handler
    self.scheduler = scheduler
    self.order = order
    self.clock = clock
    self.observer = observer
  }

  /// Syncs in chunks and returns what was done.
  ///
  /// Cancelling the task finishes the open chunk: what was handled is processed, and the report's
  /// stop reason is `.cancelled`.
  ///
  /// - Parameters:
  ///   - chunkTime: How long a chunk should take, handling and processing together, longer than
  ///     zero. Nil means chunks of `chunkCap` items, or one chunk of everything; the scheduler is
  ///     then not consulted.
  ///   - itemLimit: The most items to handle, not negative; more than there are means all.
  ///   - chunkCap: The most items in a chunk, at least 1.
  ///   - chunkWeightCap: The most the items of a chunk may weigh together, as the handler's
  ///     `weight(of:in:)` says.
  ///   - maximumDuration: When no further item is begun, since the start, longer than zero; the
  ///     open chunk is then processed. Chunks near the end are meant to end by then. At least one
  ///     item is handled.
  /// - Returns: what was done, with a record of every chunk.
  /// - Throws: `SyncFailure` with the report of all finished chunks, the keys of the open one and
  ///   the underlying error: what a resource or handler threw, or a `SyncArgumentError`.
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

  /// Syncs in chunks, one element per finished chunk, keeping none of them.
  ///
  /// The sync advances as the sequence is iterated: nothing runs between two elements, and ending
  /// the iteration ends the sync with no chunk open, or with `openChunks` some that were handled and
  /// not processed. Parameters and errors are those of
  /// `chunkedSync(chunkTime:itemLimit:chunkCap:chunkWeightCap:maximumDuration:)`; a failure's report lists no
  /// chunks, and items left out are told to the observer.
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

  /// Syncs in one chunk of everything.
  ///
  /// - Throws: as `chunkedSync(chunkTime:itemLimit:chunkCap:chunkWeightCap:maximumDuration:)`.
  @inlinable
  public func sync() async throws(SyncFailure<Handler.Key>) -> SyncReport<Handler.Key> {
    try await chunkedSync()
  }
}

/// The finished chunks of a sync, as they finish.
public struct ChunkSequence<Handler: SyncHandler, TimeSource: Clock<Duration>>: AsyncSequence,
  Sendable
where TimeSource: Sendable {
  /// A finished chunk.
  public typealias Element = ChunkRecord
  /// The error that ends the sync early.
  public typealias Failure = SyncFailure<Handler.Key>

  @usableFromInline let syncer: Syncer<Handler, TimeSource>
  @usableFromInline let limits: SyncLimits

  @usableFromInline
  init(syncer: Syncer<Handler, TimeSource>, limits: SyncLimits) {
    self.syncer = syncer
    self.limits = limits
  }

  /// Makes an iterator; each is a sync of its own.
  @inlinable
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(sequence: self)
  }

  /// Runs the sync, chunk by chunk.
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
