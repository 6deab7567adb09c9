/// Is told how a sync is going, while it goes.
///
/// Calls come from the task that runs the sync, one at a time, and their time counts as the
/// chunk's: return quickly.
public protocol SyncObserver: Sendable {
  /// The differences are known and the first chunk is about to open.
  func syncDidStart(_ progress: SyncProgress)
  /// An item was handled.
  func syncDidHandleItem(_ progress: SyncProgress)
  /// A chunk was processed.
  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress)
  /// An item failed and was left out.
  func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress)
  /// Something stands in the way of the target; told once per sync.
  func syncDidWarn(_ warning: SyncWarning)
  /// The sync has ended, for a reason; told last, and also where it never got to start.
  ///
  /// The error is that of a sync that failed. Whoever stops iterating `chunks(...)` ends a sync
  /// that nobody is told of.
  func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress)
}

extension SyncObserver {
  /// Does nothing.
  @inlinable public func syncDidStart(_ progress: SyncProgress) {}
  /// Does nothing.
  @inlinable public func syncDidHandleItem(_ progress: SyncProgress) {}
  /// Does nothing.
  @inlinable public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {}
  /// Does nothing.
  @inlinable
  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {}
  /// Does nothing.
  @inlinable public func syncDidWarn(_ warning: SyncWarning) {}
  /// Does nothing.
  @inlinable
  public func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {}
}

/// How far a sync has come.
public struct SyncProgress: Sendable, Equatable {
  /// Items handled so far, those of the open chunk included.
  public var handledCount: Int
  /// Items the sync set out to handle.
  public var itemCount: Int
  /// Chunks finished.
  public var chunkCount: Int
  /// Time since the start.
  public var elapsed: Duration
  /// Time left as a range, from the class estimates; nil while nothing is known.
  ///
  /// The range is two standard deviations either way; a class not met yet counts as costing
  /// between nothing and as much as the costliest known class.
  public var remaining: ClosedRange<Duration>?

  /// That of a sync that never got to start.
  @usableFromInline
  static var nothing: SyncProgress {
    SyncProgress(handledCount: 0, itemCount: 0, chunkCount: 0, elapsed: .zero, remaining: nil)
  }

  @usableFromInline
  init(
    handledCount: Int, itemCount: Int, chunkCount: Int, elapsed: Duration,
    remaining: ClosedRange<Duration>?
  ) {
    self.handledCount = handledCount
    self.itemCount = itemCount
    self.chunkCount = chunkCount
    self.elapsed = elapsed
    self.remaining = remaining
  }
}

/// The items not handled yet, by class, kept for the estimate of time left.
@usableFromInline
struct RemainingItems: Sendable {
  private var counts: [Int] = []
  private var units: [Double] = []

  @usableFromInline init() {}

  @usableFromInline
  mutating func add(_ item: ItemProfile) {
    while counts.count <= item.classIndex {
      counts.append(0)
      units.append(0)
    }
    counts[item.classIndex] += 1
    units[item.classIndex] += item.units
  }

  @usableFromInline
  mutating func remove(_ item: ItemProfile) {
    counts[item.classIndex] -= 1
    units[item.classIndex] -= item.units
  }

  /// The time these items are expected to take.
  @usableFromInline
  func time(estimatedBy estimate: (ItemProfile) -> CostEstimate?) -> ClosedRange<Duration>? {
    var mean = 0.0
    var variance = 0.0
    var unknown = 0
    var costliest: Double?
    for (index, count) in counts.enumerated() {
      let typical = ItemProfile(
        classIndex: index, hint: count > 0 ? units[index] / Double(count) : 1)
      guard let estimate = estimate(typical), estimate.seconds.isFinite else {
        unknown += count
        continue
      }
      costliest = max(costliest ?? 0, estimate.seconds)
      mean += Double(count) * estimate.seconds
      let single = estimate.deviationSeconds * estimate.deviationSeconds
      let ofMean = single / Double(max(1, estimate.observations))
      variance += Double(count) * single + Double(count) * Double(count) * ofMean
    }
    guard let costliest else { return nil }
    let margin = 2 * variance.squareRoot()
    let most = mean + margin + Double(unknown) * costliest
    let limit = 1e15
    let least = min(max(0, mean - margin), limit)
    return .seconds(least)...Duration.seconds(max(least, min(most, limit)))
  }
}
