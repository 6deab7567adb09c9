/// Decides, before every item, whether the open chunk takes one more.
///
/// A scheduler is a value: it reads no clock and draws no random number, so it can be tested as a
/// table. The loop in `Syncer` alone times, orders and clamps: it takes the first item of a chunk
/// whatever the answer, and never exceeds the cap or the limit.
///
/// Per chunk the calls are: `open(_:)` once; `admits(_:into:_:)` before each item, unless the plan
/// says that it need not be asked; `observe(_:seconds:in:)` after each item; `learn(_:from:)` once,
/// after `processChunk`. A rule that needs nothing but the chunk so far is one method:
///
/// ```swift
/// struct TimeBox: ChunkScheduler {
///   func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void) -> Admission {
///     chunk.elapsedSeconds < chunk.targetSeconds ? .take : .close
///   }
/// }
/// ```
public protocol ChunkScheduler: Sendable {
  /// What the scheduler keeps of one open chunk; nothing unless it says so.
  ///
  /// The loop carries it from `open(_:)` to `learn(_:from:)`. More than one chunk may be open, and
  /// then each has its own.
  associatedtype Draft: Sendable = Void

  /// Begins a chunk: how it is to be filled, and what is kept of it meanwhile.
  ///
  /// By default the scheduler is asked before every item and keeps nothing.
  func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft)

  /// Whether the chunk takes the item, is closed before it, or goes on without it.
  ///
  /// The first item of a chunk is taken whatever the answer, for which the scheduler is asked all
  /// the same. What is learned from other chunks while this one is open need not show in the answer.
  func admits(_ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Draft) -> Admission

  /// Whether the item can be handled and the chunk then processed within so many seconds from now, where
  /// the sync has a budget (`Syncer.timeLeft`).
  ///
  /// Asked before `admits(_:into:_:)`, for the first item too. Where the answer is no, the chunk is closed,
  /// and where that was the first item, the sync ends. By default as long as there is any time left.
  func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double, _ draft: inout Draft
  ) -> Bool

  /// How long processing what the chunk has taken is expected to take, in seconds.
  ///
  /// Asked of chunks that are filled and not processed, where the sync has a budget and more than one chunk
  /// may be open. 0 by default.
  func processingSeconds(of draft: Draft) -> Double

  /// Notes what handling an item of the chunk took, without failed attempts before it.
  ///
  /// Called in the order in which the items end, which is the order they were taken in unless several
  /// are handled at once; not for items that failed. Does nothing by default.
  func observe(_ item: ItemProfile, seconds: Double, in draft: inout Draft)

  /// Learns from a processed chunk; nothing by default.
  ///
  /// Chunks come in the order of their numbers. A chunk that did not go as usual, as where a part
  /// of it was processed again, is left out. A sample may have a duration of zero, which says
  /// nothing about a rate.
  mutating func learn(_ sample: ChunkSample, from draft: Draft)

  /// The classes that are known from an earlier sync: the loop numbers them first, in this order.
  ///
  /// None by default.
  var knownClasses: [CostClass] { get }

  /// What the scheduler has learned, as a value for the next sync; `classes` are those met so far, by
  /// number.
  ///
  /// Nil (the default) where it keeps nothing.
  func learned(of classes: [CostClass]) -> LearnedCosts?

  /// The fixed time the scheduler has found a chunk to take whatever its items, in seconds.
  ///
  /// Nil (the default) where it does not look for it.
  var overheadSeconds: Double? { get }

  /// What the scheduler expects such an item to cost, handling and processing together.
  ///
  /// Nil (the default) where it has no opinion yet.
  func estimate(for item: ItemProfile) -> CostEstimate?
}

extension ChunkScheduler {
  /// Any time will do.
  @inlinable
  public func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double, _ draft: inout Draft
  ) -> Bool { secondsLeft > 0 }
  /// Expects nothing.
  @inlinable public func processingSeconds(of draft: Draft) -> Double { 0 }
  /// Notes nothing.
  @inlinable
  public func observe(_ item: ItemProfile, seconds: Double, in draft: inout Draft) {}
  /// Learns nothing.
  @inlinable public func learn(_ sample: ChunkSample, from draft: Draft) {}
  /// Knows no class.
  @inlinable public var knownClasses: [CostClass] { [] }
  /// Keeps nothing.
  @inlinable public func learned(of classes: [CostClass]) -> LearnedCosts? { nil }
  /// Looks for no overhead.
  @inlinable public var overheadSeconds: Double? { nil }
  /// Has no opinion.
  @inlinable public func estimate(for item: ItemProfile) -> CostEstimate? { nil }
}

extension ChunkScheduler where Draft == Void {
  /// Is asked before every item.
  @inlinable
  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft) { (.asked, ()) }
}

/// What a scheduler answers when asked about an item.
public enum Admission: Sendable, Equatable {
  /// The chunk takes the item.
  case take
  /// The chunk takes no more items, and the item is the first of the next one.
  case close
  /// The item waits, first in line for the next chunk, and this one goes on with those after it.
  ///
  /// It means `close` where the order is strict (`ChunkStart.isOrderFree`), and where the item or
  /// too many others have waited before.
  case later
}

/// How a scheduler means to fill a chunk.
public struct ChunkPlan: Sendable, Equatable {
  /// The most items, at least 1; nil where no size is planned.
  public let size: Int?
  /// Whether the scheduler is asked before every item.
  public let isAsked: Bool

  private init(size: Int?, isAsked: Bool) {
    self.size = size.map { max(1, $0) }
    self.isAsked = isAsked
  }

  /// As many items as there are and the cap allows.
  static let everything = ChunkPlan(size: nil, isAsked: false)

  /// Asked before every item.
  public static let asked = ChunkPlan(size: nil, isAsked: true)

  /// Asked before every item, and of so many at most; below 1 counts as 1.
  public static func asked(atMost size: Int) -> ChunkPlan { ChunkPlan(size: size, isAsked: true) }

  /// So many items, without being asked; below 1 counts as 1.
  public static func items(_ size: Int) -> ChunkPlan { ChunkPlan(size: size, isAsked: false) }
}

/// A chunk about to be filled, as a scheduler sees it.
public struct ChunkStart: Sendable, Equatable {
  /// The number of the chunk, from 1.
  public var number: Int
  /// How many items of the sync were taken before.
  public var rank: Int
  /// Seconds the chunk is meant to take, above zero.
  public var targetSeconds: Double
  /// How many items `processChunk` works at at once, at least 1.
  public var workers: Int
  /// Whether an item may wait while others overtake it.
  public var isOrderFree: Bool
  /// How many items are handled at once, at least 1.
  public var handlersAtOnce: Int
  /// Whether an item's processing grows with its hint, as its handling does.
  public var processingGrowsWithHint: Bool

  /// Makes a start.
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
  /// What was known when it was opened.
  public var start: ChunkStart
  /// The items taken so far, those that failed included.
  public var count: Int
  /// Seconds since the chunk was opened.
  public var elapsedSeconds: Double
  /// Seconds until the chunks before it are expected to be processed, where the sync has a budget; 0 where
  /// no other is open.
  public var earlierSeconds = 0.0

  /// Seconds the chunk is meant to take, above zero.
  @inlinable public var targetSeconds: Double { start.targetSeconds }

  /// Makes an open chunk.
  @inlinable
  public init(_ start: ChunkStart, count: Int = 0, elapsedSeconds: Double = 0) {
    self.start = start
    self.count = count
    self.elapsedSeconds = elapsedSeconds
  }
}

/// What an item is expected to cost.
public struct CostEstimate: Sendable, Equatable {
  /// Expected seconds of handling and processing.
  public var seconds: Double
  /// Standard deviation of a single item around it, in seconds.
  public var deviationSeconds: Double
  /// How many items the estimate has seen.
  public var observations: Int

  /// Makes an estimate.
  public init(seconds: Double, deviationSeconds: Double = 0, observations: Int = 0) {
    self.seconds = seconds
    self.deviationSeconds = deviationSeconds
    self.observations = observations
  }
}
