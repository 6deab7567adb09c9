/// The metrics of one run, by name; nil where one has no meaning, as without a chunk time.
public struct RunMetrics: Sendable, Equatable {
  /// The values, those without meaning left out.
  public var values: [Metric: Double] = [:]

  /// Makes metrics.
  public init(_ values: [Metric: Double] = [:]) {
    self.values = values
  }

  /// The value of a metric.
  public subscript(_ metric: Metric) -> Double? {
    get { values[metric] }
    set { values[metric] = newValue }
  }
}
