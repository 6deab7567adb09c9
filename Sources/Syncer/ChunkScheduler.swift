/// Decides, before every item, whether the open chunk takes one more.
///
/// A scheduler is a value: it reads no clock and draws no random number, so it can be tested as a
/// table. The loop in `Syncer` alone times, orders and clamps: it takes the first item of a chunk
/// whatever the answer, and never exceeds the cap or the limit.
///
/// Per chunk the calls are: `plannedSize(for:)` once, `admits(_:into:)` before each item,
/// `record(_:)` once, after `processChunk`.
public protocol ChunkScheduler: Sendable {
  /// Whether the open chunk should take one more item.
  ///
  /// The item is taken when the answer is true, or when the chunk is empty. The method may keep
  /// sums over the chunk; a chunk with `count` 0 is a new one.
  mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Bool

  /// Learns from a finished chunk.
  ///
  /// A sample may have a duration of zero, which says nothing about a rate.
  mutating func record(_ sample: ChunkSample)

  /// The size the scheduler intends for the chunk about to open, for the report.
  ///
  /// Nil (the default) where it plans none in advance.
  func plannedSize(for chunk: OpenChunk) -> Int?

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
  /// Plans no size in advance.
  @inlinable public func plannedSize(for chunk: OpenChunk) -> Int? { nil }
  /// Looks for no overhead.
  @inlinable public var overheadSeconds: Double? { nil }
  /// Has no opinion.
  @inlinable public func estimate(for item: ItemProfile) -> CostEstimate? { nil }
}

/// The chunk being filled, as a scheduler sees it.
public struct OpenChunk: Sendable, Equatable {
  /// The number of the chunk, from 1.
  public var number: Int
  /// The items handled in the chunk so far.
  public var count: Int
  /// How many items of the sync were taken before the next one.
  public var position: Int
  /// Seconds since the chunk was opened.
  public var elapsedSeconds: Double
  /// Seconds the chunk is meant to take, above zero.
  public var targetSeconds: Double
  /// What `plannedSize(for:)` answered for this chunk.
  public var plannedSize: Int?

  /// Makes an open chunk.
  @inlinable
  public init(
    number: Int = 1, count: Int = 0, position: Int = 0, elapsedSeconds: Double = 0,
    targetSeconds: Double, plannedSize: Int? = nil
  ) {
    self.number = number
    self.count = count
    self.position = position
    self.elapsedSeconds = elapsedSeconds
    self.targetSeconds = targetSeconds
    self.plannedSize = plannedSize
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
