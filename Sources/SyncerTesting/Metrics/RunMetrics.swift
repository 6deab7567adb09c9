/// The metrics of one run; nil for a metric without meaning, as without a chunk time.
public struct RunMetrics: Sendable, Equatable {
  /// The values of the metrics that have one.
  public var values: [Metric: Double] = [:]

  /// Creates metrics.
  public init(_ values: [Metric: Double] = [:]) {
    self.values = values
  }

  /// The value of a metric.
  public subscript(_ metric: Metric) -> Double? {
    get { values[metric] }
    set { values[metric] = newValue }
  }
}
