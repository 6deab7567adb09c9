/// Several schedulers on the same items: who keeps chunks to their time, and at what price.
///
/// All schedulers of a replication get the same random numbers, so differences are taken seed by
/// seed before they are summed up.
public struct Comparison: Sendable {
  /// How one scheduler did over all replications.
  public struct Line: Sendable, Equatable {
    /// The label of the scheduler.
    public var scheduler: String
    /// The largest `overshoot_above_floor` of any replication.
    public var worst: Double
    /// The median of `overshoot_above_floor` over replications.
    public var median: Double
    /// The largest 99th percentile of any replication.
    public var p99: Double
    /// The median of the difference to the reference in `overshoot_above_floor`, seed by seed.
    public var medianDifference: Double
    /// In how many replications it was at least as good as the reference.
    public var replicationsNoWorse: Int
    /// The median number of chunks.
    public var chunks: Double
    /// The mean chunk over the target, median over replications.
    public var timeMatch: Double
    /// The largest makespan over the oracle's.
    public var makespanVsOracle: Double
  }

  /// The scenario's name.
  public let scenario: String
  /// How many replications were run.
  public let replications: Int
  /// The label all others are compared with: the first scheduler.
  public let reference: String
  /// One line per scheduler, in the order they were run.
  public let lines: [Line]

  /// Sums up the results of one scenario; nil where there is no chunk time to compare by.
  public init?(_ results: [RunResult]) {
    guard let first = results.first else { return nil }
    let byLabel = RunResult.grouped(results)
    let referenceRuns = results.filter { $0.scheduler == first.scheduler }
    scenario = first.scenario
    replications = referenceRuns.count
    reference = first.scheduler
    let expected = referenceRuns.compactMap { $0.metrics[.overshootAboveFloor] }
    guard expected.count == referenceRuns.count else { return nil }
    lines = byLabel.map { label, runs in
      let overshoots = runs.map { $0.metrics[.overshootAboveFloor] ?? .nan }
      let differences = zip(overshoots, expected).map { $0 - $1 }
      return Line(
        scheduler: label, worst: overshoots.max() ?? .nan, median: median(overshoots),
        p99: runs.compactMap { $0.metrics[.p99AboveFloor] }.max() ?? .nan,
        medianDifference: median(differences),
        replicationsNoWorse: differences.count { $0 <= 0 },
        chunks: median(runs.compactMap { $0.metrics[.chunks] }),
        timeMatch: median(runs.compactMap { $0.metrics[.timeMatch] }),
        makespanVsOracle: runs.compactMap { $0.metrics[.makespanVsOracle] }.max() ?? .nan)
    }
  }

  /// The scheduler with the smallest worst overshoot, the oracle left out; of equals the one with
  /// the smaller makespan.
  ///
  /// A chunk below its target is no better than one that meets it: overshoots count as at least 1.
  public var winner: Line? {
    lines.filter { $0.scheduler != "oracle" }.min {
      (max(1, $0.worst), $0.makespanVsOracle) < (max(1, $1.worst), $1.makespanVsOracle)
    }
  }

  /// Who won, by how much, and what it costs, in a sentence or two.
  public var verdict: String {
    guard let winner else { return "Nothing to compare." }
    let figure = DurationText.significant
    let others = lines.filter { ![winner.scheduler, "oracle"].contains($0.scheduler) }
    let next = others.min { $0.worst < $1.worst }.map {
      "; the next best, \($0.scheduler), \(figure($0.worst)) times"
    }
    let price = (winner.makespanVsOracle - 1) * 100
    return "Winner: \(winner.scheduler), whose worst chunk takes \(figure(winner.worst)) times its "
      + "floor\(next ?? ""). Its price: \(figure(max(0, price))) % more time than the oracle, in "
      + "\(Int(winner.chunks)) chunks."
  }

  var table: TextTable {
    var table = TextTable(header: [
      "scheduler", "worst x floor", "median", "p99", "vs \(reference)", "no worse in", "chunks",
      "mean x target", "x oracle",
    ])
    let figure = DurationText.significant
    for line in lines {
      let sign = line.medianDifference > 0 ? "+" : ""
      table.rows.append([
        line.scheduler, figure(line.worst), figure(line.median), figure(line.p99),
        line.scheduler == reference ? "" : sign + figure(line.medianDifference),
        line.scheduler == reference ? "" : "\(line.replicationsNoWorse)/\(replications)",
        "\(Int(line.chunks))", figure(line.timeMatch),
        DurationText.significant(line.makespanVsOracle),
      ])
    }
    return table
  }

  /// The comparison for a terminal.
  public var text: String { table.text + "\n" + verdict + "\n" }

  /// The comparison for a pull request.
  public var markdown: String {
    "### \(scenario), \(replications) replications\n\n\(table.markdown)\n\(verdict)\n"
  }
}

extension RunResult {
  /// The results by scheduler, in the order the schedulers first occur.
  static func grouped(_ results: [RunResult]) -> [(label: String, runs: [RunResult])] {
    var groups: [(label: String, runs: [RunResult])] = []
    for result in results {
      if let index = groups.firstIndex(where: { $0.label == result.scheduler }) {
        groups[index].runs.append(result)
      } else {
        groups.append((result.scheduler, [result]))
      }
    }
    return groups
  }
}
