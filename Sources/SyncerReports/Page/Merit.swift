internal import SyncerSimulation

/// Which scheduler is surely, and relevantly, the best by a metric.
struct Merit {
  /// Metrics that it is a merit to be the best by: few chunks may be one that is far too long.
  private static let metrics: Set<Metric> = [
    .wasteVsOptimal, .nearTargetShare, .waste, .makespan, .utilisation, .expectedCompletion,
  ]

  /// The share of the next best value that a merit is above.
  private static let relevance = 0.01

  /// Its label; nil where there is none.
  let best: String?

  /// - Parameters:
  ///   - results: The runs of one scenario.
  ///   - metric: The metric.
  init(_ results: [RunResult], _ metric: Metric) {
    let racing = results.filter { !$0.isBound }
    let lines = MetricStatistics.all(racing, metrics: [metric]).sorted {
      metric.distance($0.sample.mean) < metric.distance($1.sample.mean)
    }
    guard Self.metrics.contains(metric), lines.count > 1, let first = lines.first else {
      best = nil
      return
    }
    // The differences are taken to the best, seed by seed.
    let others = MetricStatistics.all(racing, metrics: [metric], reference: first.scheduler)
    let isBest = others.allSatisfy { line in
      guard line.scheduler != first.scheduler else { return true }
      guard let difference = line.difference else { return false }
      let isRelevant = abs(difference.mean) >= Self.relevance * abs(line.sample.mean)
      return isRelevant && (difference.count == 1 || difference.isDistinctFromZero)
    }
    best = isBest ? first.scheduler : nil
  }
}
