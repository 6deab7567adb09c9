/// The report of a sync.
public struct SyncReport<Key: Hashable & Sendable>: Sendable, Equatable {
  /// The finished chunks, in order; empty if the sync was iterated as `chunks(...)`.
  public var chunks: [ChunkRecord]
  /// The number of items to handle, after filter and limit; of a stream that was not read to its
  /// end, the number read.
  public var itemCount: Int
  /// The number of items in finished chunks, including those that failed.
  public var handledCount: Int
  /// The items that failed and were left out, in the order of failure.
  public var failures: [FailedItem<Key>]
  /// The reason the sync ended.
  public var stopReason: StopReason
  /// The order of the items, with its seed.
  public var order: SyncOrder
  /// The time from the start of the first chunk to the end of the last.
  public var duration: Duration
  /// The conditions that kept chunks from their target, each once.
  public var warnings: [SyncWarning]
  /// The limits of the destination that were found by `ChunkTooLarge`.
  public var foundLimits: [FoundLimit] = []
  /// The costs learned, for the scheduler of the next sync; nil if the scheduler keeps none.
  public var learned: LearnedCosts?
}

/// A condition that keeps chunks from their target, and that only the user can change.
public enum SyncWarning: Sendable, Equatable, CustomStringConvertible {
  /// The fixed overhead of a chunk exceeds its target.
  case overheadAboveTarget(overhead: Duration, target: Duration)

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
  /// `maximumDuration` had passed; the open chunk was finished.
  case maximumDuration = "maximum duration"
  /// The time that `Syncer.timeLeft` allows did not suffice for another item.
  case timeLeft = "time left"
  /// The task was cancelled or `SyncStop` used; the open chunk was finished.
  case cancelled
  /// A handler or `processChunk` threw; see `SyncFailure`.
  case failed
}

/// A finished chunk.
public struct ChunkRecord: Sendable, Equatable {
  /// The number of the chunk, from 1.
  public var number: Int
  /// The time from the start of the sync to the opening of the chunk.
  public var start: Duration
  /// The size the scheduler planned; nil if it plans none.
  public var plannedSize: Int?
  /// The number of items in the chunk, including those that failed.
  public var size: Int
  /// The number of items that failed and were left out.
  public var failedCount: Int
  /// The time spent in the handlers.
  public var handling: Duration
  /// The time between handling and processing while other chunks were processed; zero with one open
  /// chunk.
  public var waiting = Duration.zero
  /// The time spent in `processChunk`, without the time it shared with the chunk before.
  public var processing: Duration
  /// The target duration of the chunk; nil for a sync without chunk time.
  public var target: Duration?
  /// The reason the chunk took no more items.
  public var closeReason: CloseReason
  /// The items by class, without those whose handler failed; empty for a sync without chunk time.
  public var classes: [ClassRecord]

  /// The duration of the chunk: handling and processing, without waiting.
  public var duration: Duration { handling + processing }

  /// The time from the start of the sync to the end of `processChunk`.
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
  /// The chunk had `chunkCap` items, or as many as the destination accepts.
  case cap
  /// The next item would have made the chunk heavier than `chunkWeightCap`, or than a limit found.
  case weightCap = "weight cap"
  /// There were no more items.
  case end
  /// The sync's `maximumDuration` had passed.
  case maximumDuration = "maximum duration"
  /// The chunk's time was up while the source had delivered no further item.
  case source
  /// Another item might not have been processed in the time left.
  case timeLeft = "time left"
  /// The sync was asked to stop.
  case cancelled
}

/// The items of one class in a finished chunk.
public struct ClassRecord: Sendable, Equatable {
  /// The class.
  public var costClass: CostClass
  /// The handling of the items: their units and seconds.
  public var handling: CostMoments
  /// The processing of the items whose completion was reported.
  public var completions: CostMoments
  /// The scheduler's estimate for such an item, before it learned from this chunk.
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
