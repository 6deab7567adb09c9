/// What a sync did.
public struct SyncReport<Key: Hashable & Sendable>: Sendable, Equatable {
  /// The finished chunks, in order; empty where the sync was consumed as `chunks(...)`.
  public var chunks: [ChunkRecord]
  /// The items the sync set out to handle: what is left after filter and limit; of a stream that was
  /// not read to its end, those that were read.
  public var itemCount: Int
  /// The items of finished chunks, those that failed included.
  public var handledCount: Int
  /// The items that failed and were left out, in the order they were found to fail.
  public var failures: [FailedItem<Key>]
  /// Why the sync ended.
  public var stopReason: StopReason
  /// The order worked off, with its seed.
  public var order: SyncOrder
  /// From the start of the first chunk to the end of the last.
  public var duration: Duration
  /// What stands in the way of the target, each once.
  public var warnings: [SyncWarning]
  /// The limits of the destination that `processChunk` refused chunks by (`ChunkTooLarge`).
  public var foundLimits: [FoundLimit] = []
  /// What the scheduler has learned, for that of the next sync; nil where it keeps nothing.
  public var learned: LearnedCosts?
}

/// Something that keeps a sync from meeting its target and that nobody but the user can change.
public enum SyncWarning: Sendable, Equatable, CustomStringConvertible {
  /// A chunk takes longer than its target before its first item.
  case overheadAboveTarget(overhead: Duration, target: Duration)

  /// A sentence with the values and the remedy.
  public var description: String {
    switch self {
    case .overheadAboveTarget(let overhead, let target):
      "Every chunk takes about \(overhead) whatever its items, which is more than its target of "
        + "\(target); raise chunkTime, or make processChunk cheaper."
    }
  }
}

/// Why a sync ended.
public enum StopReason: String, Sendable, Equatable {
  /// Every entry was handled.
  case completed
  /// The item limit was reached; entries remain.
  case itemLimit = "item limit"
  /// `maximumDuration` was over; the chunk open at that moment was finished.
  case maximumDuration = "maximum duration"
  /// The time that `Syncer.timeLeft` allows was not enough for another item.
  case timeLeft = "time left"
  /// The task was cancelled, or `SyncStop` used; the chunk open at that moment was finished.
  case cancelled
  /// A handler or `processChunk` threw; see `SyncFailure`.
  case failed
}

/// A finished chunk.
public struct ChunkRecord: Sendable, Equatable {
  /// The number of the chunk, from 1.
  public var number: Int
  /// When the chunk was opened, since the start of the sync.
  public var start: Duration
  /// The size the scheduler intended, nil where it plans none.
  public var plannedSize: Int?
  /// The items the chunk had, those that failed included.
  public var size: Int
  /// How many of them failed and were left out.
  public var failedCount: Int
  /// Time spent in the handlers.
  public var handling: Duration
  /// Time between the two, in which other chunks were processed; zero where one is open at a time.
  public var waiting = Duration.zero
  /// Time spent in `processChunk`; without that in which it still worked at the chunk before.
  public var processing: Duration
  /// The time the chunk was meant to take, nil for a sync without chunk time.
  public var target: Duration?
  /// Why the chunk took no more items.
  public var closeReason: CloseReason
  /// The chunk's items by class, without those whose handler failed; empty for a sync without
  /// chunk time.
  public var classes: [ClassRecord]

  /// Time the chunk took: without waiting, that from opening it to the end of `processChunk`.
  public var duration: Duration { handling + processing }

  /// When `processChunk` ended, since the start of the sync.
  public var end: Duration { start + handling + waiting + processing }

  @usableFromInline
  init(
    number: Int, start: Duration, plannedSize: Int?, size: Int, handling: Duration,
    processing: Duration, target: Duration?, closeReason: CloseReason, classes: [ClassRecord],
    failedCount: Int = 0, waiting: Duration = .zero
  ) {
    self.number = number
    self.start = start
    self.plannedSize = plannedSize
    self.size = size
    self.failedCount = failedCount
    self.handling = handling
    self.waiting = waiting
    self.processing = processing
    self.target = target
    self.closeReason = closeReason
    self.classes = classes
  }
}

/// Why a chunk took no more items.
public enum CloseReason: String, Sendable, Equatable {
  /// The scheduler did not admit the next item.
  case scheduler
  /// The chunk had `chunkCap` items, or as many as the destination was found to take.
  case cap
  /// The next item would have made the chunk heavier than `chunkWeightCap`, or than a limit found.
  case weightCap = "weight cap"
  /// There were no more items.
  case end
  /// The sync's `maximumDuration` was over.
  case maximumDuration = "maximum duration"
  /// The chunk's time was up, and the source had not told of a further item.
  case source
  /// One more item might not have been processed in the time that is left.
  case timeLeft = "time left"
  /// The sync was asked to stop.
  case cancelled
}

/// The items of one class in a finished chunk.
public struct ClassRecord: Sendable, Equatable {
  /// The class.
  public var costClass: CostClass
  /// The items of the class, and what handling them took.
  public var handling: CostMoments
  /// What processing them took, for those whose completion was reported.
  public var completions: CostMoments
  /// What the scheduler expected an item of these to cost, before it learned from this chunk.
  public var estimate: CostEstimate?

  @usableFromInline
  init(
    costClass: CostClass, handling: CostMoments, completions: CostMoments, estimate: CostEstimate?
  ) {
    self.costClass = costClass
    self.handling = handling
    self.completions = completions
    self.estimate = estimate
  }
}
