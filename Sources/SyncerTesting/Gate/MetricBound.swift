/// A bound that a metric must keep, written by people and never recorded.
public struct MetricBound: Sendable, Equatable {
  /// The metric.
  public var metric: Metric
  /// The most it may be; nil where the entry only sets a tolerance.
  public var atMost: Double?
  /// The least it may be, for asserting that a reference stays as bad as it is.
  public var atLeast: Double?
  /// The labels of the schedulers it holds for; empty for all.
  public var schedulers: [String]
  /// The relative drift from the baseline that is agreed to be ignored; nil for the metric's own.
  public var tolerance: Double?

  /// Makes a bound.
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
