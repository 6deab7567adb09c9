/// An observer of a running sync; all methods do nothing by default.
///
/// Calls come one at a time from the task that runs the sync. Their time counts as the chunk's, so
/// return quickly.
public protocol SyncObserver: Sendable {
  /// Called before the first chunk, when the differences are known or a stream is about to be read.
  func syncDidStart(_ progress: SyncProgress)
  /// Called when an item was handled.
  func syncDidHandleItem(_ progress: SyncProgress)
  /// Called every `Syncer.heartbeat` while a handler or `processChunk` runs.
  func syncIsAtWork(_ progress: SyncProgress)
  /// Called when a chunk was processed.
  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress)
  /// Called when an item failed and was left out.
  func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress)
  /// Called at most once per sync for each condition that keeps chunks from their target.
  func syncDidWarn(_ warning: SyncWarning)
  /// Called last, even if the sync failed before its first chunk; `error` is nil unless it failed.
  ///
  /// Not called when a caller stops iterating `chunks(...)` early.
  func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress)
}

extension SyncObserver {
  @inlinable public func syncDidStart(_ progress: SyncProgress) {}
  @inlinable public func syncDidHandleItem(_ progress: SyncProgress) {}
  @inlinable public func syncIsAtWork(_ progress: SyncProgress) {}
  @inlinable public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {}
  @inlinable
  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {}
  @inlinable public func syncDidWarn(_ warning: SyncWarning) {}
  @inlinable
  public func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {}
}

/// The progress of a sync.
public struct SyncProgress: Sendable, Equatable {
  /// The number of items handled so far, including those of open chunks.
  public var handledCount: Int
  /// The number of items to handle; nil if it is not known.
  ///
  /// Of a stream that has not been read to its end it is the expected number, if one was given.
  public var itemCount: Int?
  /// The number of finished chunks.
  public var chunkCount: Int
  /// The time since the start.
  public var elapsed: Duration
  /// The estimated time left, as a range; nil while nothing is known.
  ///
  /// It is two standard deviations either way, from the class estimates. A class not met yet counts
  /// as costing between nothing and as much as the costliest known class. Of a stream it is in
  /// proportion to the items left.
  public var remaining: ClosedRange<Duration>?
  /// The share of the work that is handled, from 0 to 1.
  ///
  /// Items count by their hints, which must all have one unit; an item without a hint counts as 1.
  /// Of a stream, items count equally; nil if their number is not known.
  public var fraction: Double?

  /// That of a sync that never got to start.
  @usableFromInline
  static var nothing: SyncProgress {
    SyncProgress(
      handledCount: 0, itemCount: 0, chunkCount: 0, elapsed: .zero, remaining: nil, fraction: 0)
  }

  @usableFromInline
  init(
    handledCount: Int, itemCount: Int?, chunkCount: Int, elapsed: Duration,
    remaining: ClosedRange<Duration>?, fraction: Double? = 0
  ) {
    self.handledCount = handledCount
    self.itemCount = itemCount
    self.chunkCount = chunkCount
    self.elapsed = elapsed
    self.remaining = remaining
    self.fraction = fraction
  }
}

/// The longest time that is told of, in seconds: a `Duration` ends at some 10^20.
let longestTold = 1e15

extension ClosedRange<Duration> {
  /// The range times a factor of zero or more.
  func scaled(by factor: Double) -> Self {
    func scaled(_ time: Duration) -> Duration {
      let seconds = time / .seconds(1) * factor
      return seconds < longestTold ? time * factor : .seconds(longestTold)
    }
    return scaled(lowerBound)...scaled(upperBound)
  }
}

/// The items not handled yet, by class, kept for the estimate of time left.
///
/// What a class adds is looked at again where its items were handled, and some hundred classes in
/// turn besides: an estimate of all of them costs the same however many there are.
@usableFromInline
struct RemainingItems: Sendable {
  /// What the items of a class add to the estimate.
  private struct Share {
    var mean = 0.0
    var variance = 0.0
    var unknown = 0

    static func += (sum: inout Share, more: Share) {
      sum.mean += more.mean
      sum.variance += more.variance
      sum.unknown += more.unknown
    }
  }

  /// How many classes are looked at in turn for one estimate; the others are as of a while ago.
  private static let turn = 256

  /// The units of all items, and of those not handled.
  private var total = 0.0
  private var left = 0.0

  /// The share of the units that is handled.
  @usableFromInline var doneFraction: Double {
    total > 0 ? min(1, max(0, 1 - left / total)) : 0
  }

  private var counts: [Int] = []
  private var units: [Double] = []
  private var shares: [Share] = []
  private var sum = Share()
  /// The classes whose items were handled since the last estimate, each once.
  private var touched: [Int] = []
  private var isTouched: [Bool] = []
  /// The class whose turn is next.
  private var next = 0
  /// The cost of the costliest class, as of the last round of turns and of this one.
  private var costliest: (last: Double?, now: Double?)

  @usableFromInline init() {}

  @usableFromInline
  mutating func add(_ item: ItemProfile) {
    while counts.count <= item.classIndex {
      counts.append(0)
      units.append(0)
      shares.append(Share())
      isTouched.append(false)
    }
    counts[item.classIndex] += 1
    units[item.classIndex] += item.units
    total += item.units
    left += item.units
  }

  /// Adds an item of a stream that was handled, whose like may come.
  @usableFromInline
  mutating func note(_ item: ItemProfile) {
    add(item)
    touch(item)
  }

  @usableFromInline
  mutating func remove(_ item: ItemProfile) {
    counts[item.classIndex] -= 1
    units[item.classIndex] -= item.units
    left -= item.units
    touch(item)
  }

  private mutating func touch(_ item: ItemProfile) {
    if counts.count > Self.turn && !isTouched[item.classIndex] {
      isTouched[item.classIndex] = true
      touched.append(item.classIndex)
    }
  }

  /// The time these items are expected to take.
  @usableFromInline
  mutating func time(
    estimatedBy estimate: (ItemProfile) -> CostEstimate?
  ) -> ClosedRange<Duration>? {
    for index in touched {
      isTouched[index] = false
      look(at: index, estimate)
    }
    touched.removeAll(keepingCapacity: true)
    for _ in 0..<min(Self.turn, counts.count) {
      look(at: next, estimate)
      next += 1
      if next == counts.count { endRound() }
    }
    let known = [costliest.last, costliest.now].compactMap { $0 }
    guard let costliest = known.max() else { return nil }
    let margin = 2 * max(0, sum.variance).squareRoot()
    let most = sum.mean + margin + Double(sum.unknown) * costliest
    let limit = longestTold
    let least = min(max(0, sum.mean - margin), limit)
    return .seconds(least)...Duration.seconds(max(least, min(most, limit)))
  }

  private mutating func look(at index: Int, _ estimate: (ItemProfile) -> CostEstimate?) {
    let count = counts[index]
    let typical = ItemProfile(
      classIndex: index, hint: count > 0 ? units[index] / Double(count) : 1)
    var share = Share()
    if let estimate = estimate(typical), estimate.seconds.isFinite {
      costliest.now = max(costliest.now ?? 0, estimate.seconds)
      share.mean = Double(count) * estimate.seconds
      let single = estimate.deviationSeconds * estimate.deviationSeconds
      let ofMean = single / Double(max(1, estimate.observations))
      share.variance = Double(count) * single + Double(count) * Double(count) * ofMean
    } else {
      share.unknown = count
    }
    let known = shares[index]
    sum += Share(
      mean: share.mean - known.mean, variance: share.variance - known.variance,
      unknown: share.unknown - known.unknown)
    shares[index] = share
  }

  /// Begins with the first class again, and adds all up anew: differences gather errors of rounding.
  private mutating func endRound() {
    next = 0
    costliest = (costliest.now, nil)
    sum = shares.reduce(into: Share()) { $0 += $1 }
  }
}
