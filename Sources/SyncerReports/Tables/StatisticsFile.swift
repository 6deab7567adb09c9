public import SyncerSimulation

extension MetricStatistics {
  /// The name of the file beside the reports it sums up.
  static let fileName = "statistics.csv"

  private static let columns = [
    "scenario", "scheduler", "metric", "replications", "mean", "lower_95", "upper_95", "median",
    "worst", "standard_deviation", "difference", "difference_lower_95", "difference_upper_95",
  ]

  /// The table: a row per scheduler and metric.
  fileprivate static func csv(_ statistics: [MetricStatistics]) -> [UInt8] {
    var line = CSVLine(columns)
    line.end()
    for entry in statistics {
      line.add(entry.scenario)
      line.add(entry.scheduler)
      line.add(entry.metric.rawValue)
      line.add(entry.sample.count)
      line.add(entry.sample.mean)
      line.add(entry.sample.interval?.lowerBound)
      line.add(entry.sample.interval?.upperBound)
      line.add(entry.sample.median)
      line.add(entry.worst)
      line.add(entry.sample.standardDeviation)
      line.add(entry.difference?.mean)
      line.add(entry.difference?.interval?.lowerBound)
      line.add(entry.difference?.interval?.upperBound)
      line.end()
    }
    return line.bytes
  }
}

extension ReportWriter {
  /// Adds statistics.csv to the report.
  ///
  /// - Parameter statistics: Those of one scenario.
  /// - Throws: `ScenarioError` where the file cannot be written.
  public func write(_ statistics: [MetricStatistics]) throws(ScenarioError) {
    try write(MetricStatistics.csv(statistics), to: MetricStatistics.fileName)
  }
}
