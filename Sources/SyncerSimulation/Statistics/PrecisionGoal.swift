internal import Syncer

/// How precisely the means of some metrics are wanted, and how many replications that may take.
public struct PrecisionGoal: Sendable, Equatable {
  /// Half the width of the 95 % confidence interval over the mean, above 0.
  public var precision: Double
  /// The metrics whose means are wanted.
  public var metrics: [Metric]
  /// The most replications, at least 2.
  public var maximum: Int

  /// The metrics that compare schedulers: the waste, and the time all takes.
  public static let standardMetrics: [Metric] = [.wasteVsOptimal, .makespan]

  /// The fewest replications before an interval is trusted enough to stop by.
  ///
  /// With fewer, the standard deviation itself is a guess, and a lucky one ends the search.
  public static let fewest = 10

  /// Makes a goal.
  public init(
    precision: Double, metrics: [Metric] = PrecisionGoal.standardMetrics, maximum: Int = 1000
  ) {
    precondition(precision > 0, "A precision is above 0; it is \(precision).")
    precondition(maximum >= 2, "The most replications are at least 2; they are \(maximum).")
    self.precision = precision
    self.metrics = metrics
    self.maximum = maximum
  }

  /// Reads a precision: a percentage such as "2%", or a share such as "0.02".
  ///
  /// - Returns: the share, or the rest of a sentence that says what is wrong with the text.
  public static func share(_ text: String) -> Result<Double, PrecisionTextError> {
    let isPercentage = text.hasSuffix("%")
    let digits = isPercentage ? String(text.dropLast()) : text
    guard let number = Double(digits.filter { $0 != " " }) else {
      return .failure(PrecisionTextError(text: text))
    }
    let share = isPercentage ? number / 100 : number
    guard share >= 0.0001, share < 1 else { return .failure(PrecisionTextError(text: text)) }
    return .success(share)
  }

  /// Whether the replications so far reach the goal.
  public func isReached(by results: [RunResult]) -> Bool {
    replications(in: results) >= min(Self.fewest, maximum)
      && statistics(results).allSatisfy {
        ($0.sample.relativeHalfWidth ?? .infinity) <= precision
      }
  }

  /// How many replications the goal takes in all, as far as those so far tell.
  public func needed(_ results: [RunResult]) -> Int {
    let counts = statistics(results).map { $0.sample.countNeeded(for: precision) ?? maximum }
    return max(counts.max() ?? 0, Self.fewest)
  }

  /// How many replications to run in all before looking again; nil where the goal or the maximum is
  /// reached.
  ///
  /// At most twice as many as so far: an estimate from few replications may be far too high.
  func next(after results: [RunResult]) -> Int? {
    let count = replications(in: results)
    if count >= maximum || isReached(by: results) { return nil }
    let wanted = min(needed(results), max(2 * count, Self.fewest))
    return min(max(wanted, count + 1), maximum)
  }

  /// What was reached, and what more would take, in a sentence.
  public func verdict(_ results: [RunResult]) -> String {
    let count = replications(in: results)
    let goal = "±\(DurationText.significant(precision * 100)) %"
    let names = metrics.map(\.rawValue).joined(separator: ", ")
    if isReached(by: results) {
      return "Precision \(goal) of the means of \(names): reached with \(count) replications."
    }
    let open = statistics(results).max {
      ($0.sample.relativeHalfWidth ?? .infinity) < ($1.sample.relativeHalfWidth ?? .infinity)
    }
    let widest = open.map { statistics in
      let reached = statistics.sample.relativeHalfWidth.map { DurationText.significant($0 * 100) }
      return "; \(statistics.metric.rawValue) of \(statistics.scheduler) is known to "
        + "±\(reached ?? "?") %"
    }
    return "Precision \(goal) of the means of \(names): not reached with \(count) replications"
      + "\(widest ?? ""). About \(needed(results)) are needed; allow them with "
      + "--max-replications, or ask for less."
  }

  private func statistics(_ results: [RunResult]) -> [MetricStatistics] {
    MetricStatistics.all(results, metrics: metrics)
  }

  private func replications(in results: [RunResult]) -> Int {
    Set(results.map(\.replication)).count
  }
}

/// A text that is no precision.
public struct PrecisionTextError: Error, Equatable, CustomStringConvertible {
  /// The text.
  public var text: String

  public var description: String {
    "must be a share from 0.01% to below 100%, but it is \"\(text)\"; write one such as \"2%\" "
      + "or \"0.02\""
  }
}

extension Experiment {
  /// Runs replications until the means are known as precisely as wanted.
  ///
  /// Starts with the scenario's own replications, or `PrecisionGoal.fewest` where those are more,
  /// and adds to them; replications keep their numbers and their random numbers.
  ///
  /// - Parameters:
  ///   - goal: When to stop.
  ///   - report: Where the rows go; nil for metrics alone.
  ///   - cores: How many runs there are at once, at least 1; all cores unless given.
  ///   - progress: Is told how far it is; nil for nobody.
  /// - Returns: one result per run, as `run(report:cores:progress:)`.
  /// - Throws: what `run(report:cores:progress:)` throws.
  public func run(
    until goal: PrecisionGoal, report: (any RunSink)? = nil,
    cores: Int? = nil, progress: RunProgress? = nil
  ) async throws -> [RunResult] {
    var results: [RunResult] = []
    var total = min(max(scenario.replications, PrecisionGoal.fewest), goal.maximum)
    var first = 1
    while true {
      var batch = Experiment(scenario)
      batch.scenario.replications = total
      batch.firstReplication = first
      results += try await batch.run(report: report, cores: cores, progress: progress)
      guard let next = goal.next(after: results) else { return results }
      first = total + 1
      total = next
    }
  }
}
