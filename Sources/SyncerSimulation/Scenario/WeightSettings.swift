public import Syncer

/// What the items of a class weigh in one unit: a lognormal quantity, in whole units.
public struct WeightSettings: Sendable, Equatable {
  /// What is weighed.
  public var unit: WeightUnit
  /// The mean, above zero.
  public var mean: Double
  /// The coefficient of variation.
  public var variation: Double

  /// Makes the settings.
  public init(_ unit: WeightUnit, mean: Double, variation: Double = 0) {
    self.unit = unit
    self.mean = mean
    self.variation = variation
  }
}

extension Scenario {
  /// What no call of `processChunk` takes more of, asked for or not.
  var weightCaps: [ChunkWeightCap.Limit] { sync.weightCaps + workload.largestChunk }
}
