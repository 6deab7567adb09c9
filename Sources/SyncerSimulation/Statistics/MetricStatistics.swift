internal import Syncer

/// What the replications of a scenario say about one metric of one scheduler.
public struct MetricStatistics: Sendable, Equatable {
  /// The name of the scenario.
  public let scenario: String
  /// The label of the scheduler.
  public let scheduler: String
  /// The metric.
  public let metric: Metric
  /// Its values over the replications that have one.
  public let sample: SampleStatistics
  /// The value furthest from the best there is.
  public let worst: Double
  /// The scheduler's value minus the reference's, replication by replication; nil for the
  /// reference itself and where no replication has both.
  public let difference: SampleStatistics?

  /// Sums up every metric that has a value, scheduler by scheduler.
  ///
  /// All schedulers of a replication work on the same items (common random numbers), so that
  /// differences are taken within replications: what makes one replication harder than another
  /// falls out of them, and their interval is narrower than those of the two means. Where nothing is
  /// random the first replication says all, and there are no intervals.
  ///
  /// - Parameters:
  ///   - results: The runs of one scenario.
  ///   - metrics: Which metrics, in order.
  ///   - reference: The label that others are compared with; the first scheduler's unless given.
  /// - Returns: schedulers in the order of the runs, of each the metrics in the order given.
  public static func all(
    _ results: [RunResult], metrics: [Metric] = Metric.allCases, reference: String? = nil
  ) -> [MetricStatistics] {
    let groups = RunResult.grouped(RunResult.telling(results))
    let reference = reference ?? groups.first?.label
    let base = groups.first { $0.label == reference }?.runs ?? []
    return groups.flatMap { label, runs in
      metrics.compactMap { metric in
        MetricStatistics(runs, metric, against: label == reference ? [] : base)
      }
    }
  }

  private init?(_ runs: [RunResult], _ metric: Metric, against base: [RunResult]) {
    let values = runs.compactMap { $0.metrics[metric] }
    guard let first = runs.first, let worst = metric.worst(values) else { return nil }
    scenario = first.scenario
    scheduler = first.scheduler
    self.metric = metric
    sample = SampleStatistics(values)
    self.worst = worst
    var expected: [Int: Double] = [:]
    for run in base { expected[run.replication] = run.metrics[metric] }
    let differences = runs.compactMap { run in
      run.metrics[metric].flatMap { value in expected[run.replication].map { value - $0 } }
    }
    difference = differences.isEmpty ? nil : SampleStatistics(differences)
  }

  /// A difference with its sign.
  package static func signed(_ value: Double) -> String {
    (value > 0 ? "+" : "") + DurationText.significant(value)
  }
}
