/// A figure that describes how well a sync kept its chunks to their time.
///
/// In the definitions d is a chunk's duration, T the target and m the chunk's longest single item,
/// all under the load of the moment. `definition` has the whole of it.
public enum Metric: String, Sendable, CaseIterable {
  /// The largest d / T.
  case overshoot
  /// The largest d / max(T, m): what no scheduler can avoid is not held against it.
  case overshootAboveFloor = "overshoot_above_floor"
  /// The 99th percentile of d / max(T, m), by nearest rank.
  case p99AboveFloor = "p99_above_floor"
  /// The mean of d / T: the original's figure.
  case timeMatch = "time_match"
  /// The share of chunks with d above 2 max(T, m).
  case over2xShare = "over_2x_share"
  /// Sum of d squared over T times the sum of d: 1 means a failure at a random moment costs half
  /// a target on average.
  case workAtRisk = "work_at_risk"
  /// From the start to the end of the sync, in seconds.
  case makespan = "makespan_s"
  /// The number of chunks.
  case chunks
  /// The number of items.
  case items
  /// The share of the time that is fixed chunk overhead.
  case overheadShare = "overhead_share"
  /// The makespan over that of the scheduler `optimal`, once called `oracle`, on the same items.
  case makespanVsOracle = "makespan_vs_oracle"
  /// The most chunks from a shift of the mean cost, by 10 or more, until one is within 20 % of
  /// max(T, m).
  case settlingChunks = "settling_chunks"
  /// The mean absolute relative error of the estimate of seconds per item against the true mean
  /// of the chunk.
  case trackingError = "tracking_error"
  /// Items that failed and were left out.
  case failedItems = "failed_items"
  /// Items neither processed nor failed when the sync ended.
  case unfinishedItems = "unfinished_items"
  /// How often the process crashed, and the sync started again.
  case restarts
  /// Seconds spent on chunks that a crash or a failure ended.
  case lost = "lost_s"
  /// The expected time to completion under random failures, in seconds: see `ExpectedCompletion`.
  case expectedCompletion = "expected_completion_s"
  /// What the chunks cost, in overhead and at risk, over what chunks of exactly T cost.
  case waste
  /// The waste of single items: what no scheduler can avoid.
  case wasteFloor = "waste_floor"
  /// The waste over that of the best partition of the same items: the figure to compare by.
  case wasteVsOptimal = "waste_vs_optimal"
  /// The share of the time that is in chunks within 20 % of max(T, m).
  case nearTargetShare = "near_target_share"
  /// The share of the workers' time, while chunks are processed, that is work.
  case utilisation
  /// The share of the time of all processes that share a sync that is in finished chunks.
  case parallelEfficiency = "parallel_efficiency"
  /// Seconds of work that all processes have uncommitted at a random moment, on average.
  case uncommitted = "uncommitted_s"
  /// How often a range of keys was taken up that another process had not finished.
  case takeovers

  /// Which way is better.
  public enum Direction: Sendable {
    /// Smaller is better.
    case smaller
    /// Smaller is better down to one, which is what is meant: below it nothing is gained.
    case smallerDownToOne
    /// Larger is better, up to one.
    case larger
    /// Nearer to one is better.
    case nearerToOne
    /// Any change is for the worse: the scenario is no longer the same.
    case fixed
  }
}

extension Metric {
  /// All metrics, those first that a comparison looks at first.
  public static let byImportance: [Metric] = {
    let first: [Metric] = [.wasteVsOptimal, .nearTargetShare, .waste, .wasteFloor]
    return first + allCases.filter { !first.contains($0) }
  }()

  /// Which way is better.
  public var direction: Direction { definition.direction }

  /// The relative drift from a baseline that is no change: counts none, times one part in a hundred.
  public var tolerance: Double { isCount ? 0 : 0.01 }

  /// What the metric means, in a sentence for people who see its value: on a page, in help.
  public var meaning: String { definition.meaning }

  /// Whether the metric counts something, and is a whole number.
  package var isCount: Bool { definition.unit == .count }

  /// Whether the metric is a time, in seconds.
  package var isTime: Bool { definition.unit == .seconds }

  /// How far a value is from the best there is: the larger, the worse.
  package func distance(_ value: Double) -> Double {
    switch direction {
    case .smaller, .fixed: value
    case .smallerDownToOne: max(1, value)
    case .larger: 1 - value
    case .nearerToOne: abs(value - 1)
    }
  }

  /// The value furthest from the best there is; of those alike the larger.
  package func worst(_ values: [Double]) -> Double? {
    values.max { (distance($0), $0) < (distance($1), $1) }
  }
}
