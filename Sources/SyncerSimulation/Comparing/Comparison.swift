internal import SafeOutput
internal import Syncer

/// Several schedulers on the same items: whose chunks are nearest to their time, and at what price.
///
/// All schedulers of a replication get the same random numbers, so differences are taken seed by
/// seed before they are summed up. The schedulers are ranked by the mean of `waste_vs_optimal`.
public struct Comparison: Sendable {
  /// How one scheduler did over all replications.
  public struct Line: Sendable, Equatable {
    /// The label of the scheduler.
    public var scheduler: String
    /// Whether it knows the future, and is not in the race.
    public var isBound: Bool
    /// `waste_vs_optimal` over replications: its mean and how sure that is.
    public var waste: SampleStatistics
    /// Its differences to the reference, seed by seed: their mean and how sure that is.
    public var difference: SampleStatistics
    /// The mean share of the time in chunks near their target.
    public var nearTargetShare: Double
    /// The mean chunk over the target, mean over replications.
    public var timeMatch: Double
    /// The largest `overshoot_above_floor` of any replication: the guard against collapse.
    public var worst: Double
    /// The median number of chunks.
    public var chunks: Double
    /// The mean number of items that were processed.
    public var items: Double
    /// The mean makespan, in seconds.
    public var makespan: Double
    /// The mean share of the workers' time that is work; nil where nothing is processed.
    public var utilisation: Double?
    /// The expected seconds to completion under failures, median over replications; nil where the
    /// scenario has no mean time between failures.
    public var expectedCompletion: Double?
    /// `waste_vs_optimal` of every replication.
    let wastes: [Double]
  }

  /// The scenario's name.
  public let scenario: String
  /// How many replications it rests on: one where nothing is random.
  public let replications: Int
  /// Whether another replication is another experiment.
  public let isRandom: Bool
  /// The label all others are compared with: the first scheduler.
  public let reference: String
  /// One line per scheduler, in the order they were run.
  public let lines: [Line]

  /// Sums up the results of one scenario; nil where there is no waste to compare by: no chunk time,
  /// or nothing that costs anything.
  public init?(_ results: [RunResult]) {
    guard let first = results.first else { return nil }
    let groups = RunResult.grouped(RunResult.telling(results))
    isRandom = first.isRandom
    let base = groups[0].runs.compactMap { $0.metrics[.wasteVsOptimal] }
    scenario = first.scenario
    replications = groups[0].runs.count
    reference = first.scheduler
    var lines: [Line] = []
    for (label, runs) in groups {
      func values(_ metric: Metric) -> [Double] { runs.compactMap { $0.metrics[metric] } }
      func mean(_ metric: Metric) -> Double? {
        let values = values(metric)
        return values.isEmpty ? nil : SampleStatistics(values).mean
      }
      let wastes = values(.wasteVsOptimal)
      guard wastes.count == runs.count, wastes.count == base.count, !wastes.isEmpty else {
        return nil
      }
      let completions = values(.expectedCompletion)
      lines.append(
        Line(
          scheduler: label, isBound: runs[0].isBound, waste: SampleStatistics(wastes),
          difference: SampleStatistics(zip(wastes, base).map { $0 - $1 }),
          nearTargetShare: mean(.nearTargetShare) ?? 0, timeMatch: mean(.timeMatch) ?? .nan,
          worst: values(.overshootAboveFloor).max() ?? .nan, chunks: median(values(.chunks)),
          items: mean(.items) ?? 0, makespan: mean(.makespan) ?? .nan,
          utilisation: mean(.utilisation),
          expectedCompletion: completions.isEmpty ? nil : median(completions), wastes: wastes))
    }
    self.lines = lines
  }

  /// The schedulers that do not know the future, the least mean waste first.
  public var ranking: [Line] {
    lines.filter { !$0.isBound }.sorted {
      ($0.waste.mean, $0.chunks, $0.scheduler) < ($1.waste.mean, $1.chunks, $1.scheduler)
    }
  }

  /// Gains up to this share are none.
  static let relevance = 0.01

  /// What the best of the ranking cannot be told from: those whose paired interval includes zero, and
  /// those that waste no more than 1 % more.
  ///
  /// Of one replication there is no interval, and none that can be told apart; where nothing is random
  /// it needs none.
  public var equals: [Line] {
    guard let best = ranking.first else { return [] }
    return ranking.dropFirst().filter { line in
      let difference = SampleStatistics(zip(line.wastes, best.wastes).map { $0 - $1 })
      let isCertain = !isRandom || difference.isDistinctFromZero
      return !isCertain || difference.mean <= Self.relevance * line.waste.mean
    }
  }

  /// How many items the schedulers processed, where syncs ended early and not with as many; nil
  /// where all did the same work.
  var unequalItems: ClosedRange<Int>? {
    let items = ranking.map { Int($0.items.rounded()) }
    guard let least = items.min(), let most = items.max(), least < most else { return nil }
    return least...most
  }

  /// The best of the ranking, where it surely wastes less than every other, by more than 1 %.
  public var winner: Line? { equals.isEmpty ? ranking.first : nil }
}

extension RunResult {
  /// The results that say something new: of a scenario without chance those of the first replication.
  static func telling(_ results: [RunResult]) -> [RunResult] {
    results.filter { $0.isRandom || $0.replication == 1 }
  }

  /// The results by scheduler, in the order the schedulers first occur.
  package static func grouped(_ results: [RunResult]) -> [(label: String, runs: [RunResult])] {
    var groups: [(label: String, runs: [RunResult])] = []
    var indices: [String: Int] = [:]
    for result in results {
      if let index = indices[result.scheduler] {
        groups[index].runs.append(result)
      } else {
        indices[result.scheduler] = groups.count
        groups.append((result.scheduler, [result]))
      }
    }
    return groups
  }
}
