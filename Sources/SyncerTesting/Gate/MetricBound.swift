/// A bound on a metric, written by people and never recorded.
public struct MetricBound: Sendable, Equatable {
  /// The metric.
  public var metric: Metric
  /// The maximum; nil for none.
  public var atMost: Double?
  /// The minimum, to assert that a reference stays as bad as it is; nil for none.
  public var atLeast: Double?
  /// The labels of the schedulers that the bound applies to; empty for all.
  public var schedulers: [String]
  /// The relative drift from the baseline that counts as none; nil for the metric's own.
  public var tolerance: Double?

  /// Creates a bound.
  public init(
    metric: Metric, atMost: Double? = nil, atLeast: Double? = nil, schedulers: [String] = [],
    tolerance: Double? = nil
  ) {
    self.metric = metric
    self.atMost = atMost
    self.atLeast = atLeast
    self.schedulers = schedulers
    self.tolerance = tolerance
  }
}
