/// A rule that decides before every item whether the open chunk takes it.
///
/// A scheduler is a value: it reads no clock and draws no random number, so it can be tested as a
/// table. The loop in `Syncer` enforces the limits: it takes the first item of a chunk whatever the
/// answer, and never exceeds the cap or the limit.
///
/// For each chunk the loop calls `open(_:)` once, `admits(_:into:_:)` before each item unless the
/// plan says otherwise, `observe(_:seconds:in:)` after each item, and `learn(_:from:)` once after
/// `processChunk`. A rule that needs nothing but the open chunk is one method:
///
/// ```swift
/// struct TimeBox: ChunkScheduler {
///   func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void) -> Admission {
///     chunk.elapsedSeconds < chunk.targetSeconds ? .take : .close
///   }
/// }
/// ```
public protocol ChunkScheduler: Sendable {
  /// The scheduler's state of one open chunk; none by default.
  ///
  /// The loop carries it from `open(_:)` to `learn(_:from:)`. If several chunks are open, each has
  /// its own.
  associatedtype Draft: Sendable = Void

  /// Begins a chunk and returns its plan and its state.
  ///
  /// By default the scheduler is asked before every item and keeps no state.
  func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft)

  /// Whether the chunk takes the item, is closed before it, or continues without it.
  ///
  /// The first item of a chunk is taken whatever the answer; the scheduler is asked all the same.
  /// What it learns from other chunks while this one is open need not influence the answer.
  func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Draft) -> Admission

  /// Whether the item can be handled and the chunk processed within a number of seconds from now.
  ///
  /// It is asked before `admits(_:into:_:)` if the sync has a budget (`Syncer.timeLeft`), also for
  /// the first item. If the answer is no, the chunk is closed; for a first item, the sync ends.
  /// True by default while any time is left.
  func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double, _ draft: inout Draft
  ) -> Bool

  /// The expected processing time of the items taken, in seconds; 0 by default.
  ///
  /// It is asked of chunks that are filled and not processed, if the sync has a budget and several
  /// chunks may be open.
  func processingSeconds(of draft: Draft) -> Double

  /// Notes the handling time of an item, without failed attempts; does nothing by default.
  ///
  /// It is called in the order in which items end, and not for items that failed.
  func observe(_ item: ItemProfile, seconds: Double, in draft: inout Draft)

  /// Learns from a processed chunk; does nothing by default.
  ///
  /// Chunks come in the order of their numbers. A chunk of which a part was processed again is left
  /// out. A sample may have a duration of zero, from which no rate can be learned.
  mutating func learn(_ sample: ChunkSample, from draft: Draft)

  /// The classes known from an earlier sync, none by default; the loop numbers them first, in this
  /// order.
  var knownClasses: [CostClass] { get }

  /// The costs learned, for the next sync; nil by default.
  ///
  /// `classes` are the classes met so far, by number.
  func learned(of classes: [CostClass]) -> LearnedCosts?

  /// The fixed overhead of a chunk that the scheduler has learned, in seconds; nil by default.
  var overheadSeconds: Double? { get }

  /// The estimated cost of an item, handling and processing together; nil if unknown, and by
  /// default.
  func estimate(for item: ItemProfile) -> CostEstimate?
}

extension ChunkScheduler {
  @inlinable
  public func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double, _ draft: inout Draft
  ) -> Bool { secondsLeft > 0 }
  @inlinable public func processingSeconds(of draft: Draft) -> Double { 0 }
  @inlinable
  public func observe(_ item: ItemProfile, seconds: Double, in draft: inout Draft) {}
  @inlinable public func learn(_ sample: ChunkSample, from draft: Draft) {}
  @inlinable public var knownClasses: [CostClass] { [] }
  @inlinable public func learned(of classes: [CostClass]) -> LearnedCosts? { nil }
  @inlinable public var overheadSeconds: Double? { nil }
  @inlinable public func estimate(for item: ItemProfile) -> CostEstimate? { nil }
}

extension ChunkScheduler where Draft == Void {
  @inlinable
  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft) { (.asked, ()) }
}

/// A scheduler's answer about an item.
public enum Admission: Sendable, Equatable {
  /// The chunk takes the item.
  case take
  /// The chunk takes no more items, and the item is the first of the next one.
  case close
  /// The item waits, first in line for the next chunk, and this chunk continues with later items.
  ///
  /// It means `close` if the order is strict (`ChunkStart.isOrderFree`), or if the item or too many
  /// others have waited before.
  case later
}

/// A scheduler's plan for a chunk.
public struct ChunkPlan: Sendable, Equatable {
  /// The maximum number of items, at least 1; nil if no size is planned.
  public let size: Int?
  /// Whether the scheduler is asked before every item.
  public let isAsked: Bool

  private init(size: Int?, isAsked: Bool) {
    self.size = size.map { max(1, $0) }
    self.isAsked = isAsked
  }

  /// As many items as there are and the cap allows.
  static let everything = ChunkPlan(size: nil, isAsked: false)

  /// A plan to ask before every item.
  public static let asked = ChunkPlan(size: nil, isAsked: true)

  /// A plan to ask before every item, up to a maximum size; a size below 1 counts as 1.
  public static func asked(atMost size: Int) -> ChunkPlan { ChunkPlan(size: size, isAsked: true) }

  /// A plan for a fixed number of items, without asking; a size below 1 counts as 1.
  public static func items(_ size: Int) -> ChunkPlan { ChunkPlan(size: size, isAsked: false) }
}

/// A chunk about to be filled, as a scheduler sees it.
public struct ChunkStart: Sendable, Equatable {
  /// The number of the chunk, from 1.
  public var number: Int
  /// The number of items that earlier chunks have taken.
  public var rank: Int
  /// The target, in seconds, above zero.
  public var targetSeconds: Double
  /// The number of items that `processChunk` works on at once, at least 1.
  public var workers: Int
  /// Whether an item may wait while others overtake it.
  public var isOrderFree: Bool
  /// The number of items handled at once, at least 1.
  public var handlersAtOnce: Int
  /// Whether an item's processing grows with its hint, as its handling does.
  public var processingGrowsWithHint: Bool

  /// Creates a start.
  @inlinable
  public init(
    number: Int = 1, rank: Int = 0, targetSeconds: Double, workers: Int = 1,
    isOrderFree: Bool = false, handlersAtOnce: Int = 1, processingGrowsWithHint: Bool = true
  ) {
    self.number = number
    self.rank = rank
    self.targetSeconds = targetSeconds
    self.workers = workers
    self.isOrderFree = isOrderFree
    self.handlersAtOnce = handlersAtOnce
    self.processingGrowsWithHint = processingGrowsWithHint
  }
}

extension ChunkStart {
  /// How many units of processing items have: those of their hints, or their number where processing does
  /// not grow with hints.
  @inline(__always)
  func work(units: Double, items: Double = 1) -> Double {
    processingGrowsWithHint ? units : items
  }
}

/// A chunk being filled, as a scheduler sees it.
public struct OpenChunk: Sendable, Equatable {
  /// The chunk as it was when opened.
  public var start: ChunkStart
  /// The number of items taken so far, including those that failed.
  public var count: Int
  /// Seconds since the chunk was opened.
  public var elapsedSeconds: Double
  /// The expected seconds until earlier chunks are processed, if the sync has a budget; 0 if no
  /// other is open.
  public var earlierSeconds = 0.0

  /// The target, in seconds, above zero.
  @inlinable public var targetSeconds: Double { start.targetSeconds }

  /// Creates an open chunk.
  @inlinable
  public init(_ start: ChunkStart, count: Int = 0, elapsedSeconds: Double = 0) {
    self.start = start
    self.count = count
    self.elapsedSeconds = elapsedSeconds
  }
}

/// An estimate of the cost of an item.
public struct CostEstimate: Sendable, Equatable {
  /// The expected seconds of handling and processing.
  public var seconds: Double
  /// The standard deviation of a single item, in seconds.
  public var deviationSeconds: Double
  /// The number of items the estimate is based on.
  public var observations: Int

  /// Creates an estimate.
  public init(seconds: Double, deviationSeconds: Double = 0, observations: Int = 0) {
    self.seconds = seconds
    self.deviationSeconds = deviationSeconds
    self.observations = observations
  }
}
