internal import SafeOutput
internal import Syncer

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
    /// `overshoot_above_floor` over replications: its mean and how sure that is.
    public var mean: SampleStatistics
    /// Its differences to the reference, seed by seed: their mean and how sure that is.
    public var difference: SampleStatistics
    /// In how many replications it was at least as good as the reference.
    public var replicationsNoWorse: Int
    /// The median number of chunks.
    public var chunks: Double
    /// The mean chunk over the target, median over replications.
    public var timeMatch: Double
    /// The largest makespan over the oracle's.
    public var makespanVsOracle: Double
    /// The expected seconds to completion under failures, median over replications; nil where the
    /// scenario has no mean time between failures.
    public var expectedCompletion: Double?
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
      let completions = runs.compactMap { $0.metrics[.expectedCompletion] }
      return Line(
        scheduler: label, worst: overshoots.max() ?? .nan, median: median(overshoots),
        p99: runs.compactMap { $0.metrics[.p99AboveFloor] }.max() ?? .nan,
        medianDifference: median(differences), mean: SampleStatistics(overshoots),
        difference: SampleStatistics(differences),
        replicationsNoWorse: differences.count { $0 <= 0 },
        chunks: median(runs.compactMap { $0.metrics[.chunks] }),
        timeMatch: median(runs.compactMap { $0.metrics[.timeMatch] }),
        makespanVsOracle: runs.compactMap { $0.metrics[.makespanVsOracle] }.max() ?? .nan,
        expectedCompletion: completions.isEmpty ? nil : median(completions))
    }
  }

  /// The schedulers but the oracle, the best first.
  ///
  /// The figure of merit is the worst overshoot times the makespan over the oracle's; of equals,
  /// the one with fewer chunks is better: tiny chunks must not win. Overshoots up to a twentieth
  /// count alike, and so do makespans below the oracle's, which come of chunks above the target.
  public var ranking: [Line] {
    func merit(_ line: Line) -> Double { max(1.05, line.worst) * max(1, line.makespanVsOracle) }
    return lines.filter { $0.scheduler != "oracle" }.sorted { left, right in
      let (first, second) = (merit(left), merit(right))
      if abs(first - second) > 0.01 * max(first, second) { return first < second }
      return (left.chunks, left.scheduler) < (right.chunks, right.scheduler)
    }
  }

  /// Who won, by how much, and what it costs, in a sentence or two.
  public var verdict: String {
    let ranking = ranking
    guard let winner = ranking.first else { return "Nothing to compare." }
    let figure = DurationText.significant
    let next = ranking.dropFirst().first.map {
      "; the next best is \($0.scheduler) with \(figure($0.worst)) times in \(Int($0.chunks)) chunks"
    }
    let price = (winner.makespanVsOracle - 1) * 100
    let cost = price > 0 ? "\(figure(price)) % more" : "no more"
    return "Winner: \(winner.scheduler), whose worst chunk takes \(figure(winner.worst)) times its "
      + "floor, in \(Int(winner.chunks)) chunks\(next ?? ""). Its price: \(cost) time than the "
      + "oracle takes."
  }

  /// With several replications the difference is the mean of the differences seed by seed, with
  /// its 95 % interval.
  var table: TextTable {
    var table = TextTable(header: [
      "scheduler", "worst x floor", "mean", "median", "p99", "vs \(reference)", "no worse in",
      "chunks",
      "mean x target", "x oracle",
    ])
    let isFailing = lines.contains { $0.expectedCompletion != nil }
    if isFailing { table.header.append("under failures") }
    let figure = DurationText.significant
    for line in lines {
      let difference = MetricStatistics.signed(line.difference.mean)
      table.rows.append([
        line.scheduler, figure(line.worst),
        figure(line.mean.mean) + Self.margin(line.mean), figure(line.median), figure(line.p99),
        line.scheduler == reference ? "" : difference + Self.margin(line.difference),
        line.scheduler == reference ? "" : "\(line.replicationsNoWorse)/\(replications)",
        "\(Int(line.chunks))", figure(line.timeMatch),
        DurationText.significant(line.makespanVsOracle),
      ])
      if isFailing {
        let last = table.rows.count - 1
        table.rows[last].append(line.expectedCompletion.map(DurationText.text) ?? "-")
      }
    }
    return table
  }

  private static func margin(_ sample: SampleStatistics) -> String {
    sample.halfWidth.map { " ± \(DurationText.significant($0))" } ?? ""
  }

  /// The comparison for a terminal.
  public var text: String { table.text + "\n" + verdict.visible + "\n" }

  /// The comparison for a pull request.
  public var markdown: String {
    "### \(scenario), \(replications) replications\n\n\(table.markdown)\n\(verdict.markdown)\n"
  }
}

extension Comparison {
  /// All comparisons in one table: schedulers down, scenarios across, the worst overshoot above the
  /// floor in each cell.
  ///
  /// - Parameter comparisons: One per scenario, all of the same schedulers.
  /// - Returns: a markdown table.
  public static func matrix(_ comparisons: [Comparison]) -> String {
    var table = TextTable(header: ["worst x floor"] + comparisons.map(\.scenario))
    let labels = comparisons.first?.lines.map(\.scheduler) ?? []
    let lines = comparisons.map { comparison in
      Dictionary(comparison.lines.map { ($0.scheduler, $0) }) { first, _ in first }
    }
    for label in labels {
      let cells = lines.map { lines in
        lines[label].map { DurationText.significant($0.worst) } ?? "-"
      }
      table.rows.append([label] + cells)
    }
    return table.markdown
  }
}

extension RunResult {
  /// The results by scheduler, in the order the schedulers first occur.
  static func grouped(_ results: [RunResult]) -> [(label: String, runs: [RunResult])] {
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
