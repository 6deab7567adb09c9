/// A figure that describes how well a sync kept its chunks to their target.
///
/// In the definitions, d is a chunk's duration, T the target and m the chunk's longest single item,
/// all under the load of the moment. `definition` has unit, formula and meaning.
public enum Metric: String, Sendable, CaseIterable {
  /// The largest d / T.
  case overshoot
  /// The largest d / max(T, m), which leaves out what no scheduler can avoid.
  case overshootAboveFloor = "overshoot_above_floor"
  /// The 99th percentile of d / max(T, m), by nearest rank.
  case p99AboveFloor = "p99_above_floor"
  /// The mean of d / T, the figure of co3 0.6.3.
  case timeMatch = "time_match"
  /// The share of chunks with d above 2 max(T, m).
  case over2xShare = "over_2x_share"
  /// The sum of d squared over T times the sum of d: at 1, a failure at a random moment costs half
  /// a target on average.
  case workAtRisk = "work_at_risk"
  /// The time from the start to the end of the sync, in seconds.
  case makespan = "makespan_s"
  /// The number of chunks.
  case chunks
  /// The number of items.
  case items
  /// The share of the time spent on fixed chunk overhead.
  case overheadShare = "overhead_share"
  /// The makespan over that of the scheduler `optimal`, formerly `oracle`, on the same items.
  case makespanVsOracle = "makespan_vs_oracle"
  /// The largest number of chunks from a shift of the mean cost, by a factor of 10 or more, to one
  /// within 20 % of max(T, m).
  case settlingChunks = "settling_chunks"
  /// The mean absolute relative error of the estimated seconds per item against the true mean of
  /// the chunk.
  case trackingError = "tracking_error"
  /// The number of items that failed and were left out.
  case failedItems = "failed_items"
  /// The number of items neither processed nor failed when the sync ended.
  case unfinishedItems = "unfinished_items"
  /// The number of crashes after which the sync started again.
  case restarts
  /// The seconds spent on chunks that a crash or a failure ended.
  case lost = "lost_s"
  /// The expected time to completion under random failures, in seconds; see `ExpectedCompletion`.
  case expectedCompletion = "expected_completion_s"
  /// The cost of the chunks, in overhead and work at risk, over that of chunks of exactly T.
  case waste
  /// The waste of single items, which no scheduler can avoid.
  case wasteFloor = "waste_floor"
  /// The waste over that of the best partition of the same items; schedulers are compared by it.
  case wasteVsOptimal = "waste_vs_optimal"
  /// The share of the time in chunks within 20 % of max(T, m).
  case nearTargetShare = "near_target_share"
  /// The share of the workers' time spent on work while chunks are processed.
  case utilisation
  /// The share of time in finished chunks, over all processes of a sync.
  case parallelEfficiency = "parallel_efficiency"
  /// The seconds of uncommitted work of all processes at a random moment, on average.
  case uncommitted = "uncommitted_s"
  /// The number of unfinished ranges of keys that another process took over.
  case takeovers

  /// The direction in which a metric is better.
  public enum Direction: Sendable {
    /// Smaller is better.
    case smaller
    /// Smaller is better down to one, the ideal; below it nothing is gained.
    case smallerDownToOne
    /// Larger is better, up to one.
    case larger
    /// Nearer to one is better.
    case nearerToOne
    /// Any change is worse, since the scenario is no longer the same.
    case fixed
  }
}

extension Metric {
  /// All metrics, in the order in which comparisons show them.
  public static let byImportance: [Metric] = {
    let first: [Metric] = [.wasteVsOptimal, .nearTargetShare, .waste, .wasteFloor]
    return first + allCases.filter { !first.contains($0) }
  }()

  /// The direction in which a metric is better.
  public var direction: Direction { definition.direction }

  /// The relative drift from a baseline that counts as no change: 0 for counts, 0.01 for others.
  public var tolerance: Double { isCount ? 0 : 0.01 }

  /// The meaning of the metric, in a sentence for pages and help texts.
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
