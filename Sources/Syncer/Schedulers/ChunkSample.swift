/// The observation of a finished chunk, from which a scheduler learns.
public struct ChunkSample: Sendable, Equatable {
  /// The number of items in the chunk.
  public var count: Int
  /// Seconds spent in the handlers.
  public var handleSeconds: Double
  /// Seconds spent in `processChunk`.
  public var processSeconds: Double
  /// The target, in seconds.
  public var targetSeconds: Double
  /// The chunk's items by class, in the order the classes first appeared in it.
  public var classes: [ClassSample]

  /// The duration of the chunk, in seconds.
  public var durationSeconds: Double

  /// Creates a sample; the duration is the sum of both phases by default.
  public init(
    count: Int, handleSeconds: Double, processSeconds: Double = 0, targetSeconds: Double,
    classes: [ClassSample] = [], durationSeconds: Double? = nil
  ) {
    self.count = count
    self.handleSeconds = handleSeconds
    self.processSeconds = processSeconds
    self.targetSeconds = targetSeconds
    self.classes = classes
    self.durationSeconds = durationSeconds ?? handleSeconds + processSeconds
  }
}

/// The items of one class in a chunk.
public struct ClassSample: Sendable, Equatable {
  /// The number of the class, as in `ItemProfile`.
  public var classIndex: Int
  /// The handling of the items, one observation per item.
  public var handling: CostMoments
  /// The processing of the items whose completion was reported.
  public var completions: CostMoments

  /// Creates a sample of one class.
  @inlinable
  public init(
    classIndex: Int, handling: CostMoments = CostMoments(), completions: CostMoments = CostMoments()
  ) {
    self.classIndex = classIndex
    self.handling = handling
    self.completions = completions
  }

  /// The number of items of the class in the chunk.
  @inlinable public var count: Int { handling.count }
}

/// Sums over pairs of units and seconds, for a mean, a rate and a residual variance.
///
/// An item without a cost hint has one unit.
public struct CostMoments: Sendable, Equatable {
  /// The number of pairs.
  public var count = 0
  /// The sum of the units.
  public var units = 0.0
  /// The sum of the seconds.
  public var seconds = 0.0
  /// The sum of the squared units.
  public var squaredUnits = 0.0
  /// The sum of the squared seconds.
  public var squaredSeconds = 0.0
  /// The sum of units times seconds.
  public var unitSeconds = 0.0
  /// The largest number of seconds.
  public var longestSeconds = 0.0

  /// Creates sums of no pairs.
  @inlinable public init() {}

  /// Adds one item.
  @inlinable @inline(__always)
  public mutating func add(units itemUnits: Double, seconds itemSeconds: Double) {
    count += 1
    units += itemUnits
    seconds += itemSeconds
    squaredUnits += itemUnits * itemUnits
    squaredSeconds += itemSeconds * itemSeconds
    unitSeconds += itemUnits * itemSeconds
    if itemSeconds > longestSeconds { longestSeconds = itemSeconds }
  }

  /// The sum of the squared differences between the seconds and `rate` times the units, not
  /// negative.
  @inlinable
  public func squaredResiduals(rate: Double) -> Double {
    max(0, squaredSeconds - 2 * rate * unitSeconds + rate * rate * squaredUnits)
  }
}
