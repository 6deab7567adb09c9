internal import SafeOutput
internal import Syncer

/// The results of a scenario for reading: one line per scheduler, the worst of all replications.
struct SummaryTable {
  private let results: [RunResult]

  init(_ results: [RunResult]) {
    self.results = results
  }

  var table: TextTable {
    var table = TextTable(header: [
      "scheduler", "x optimal", "near", "chunks", "mean", "longest", "x target", "x floor", "p99",
      "over 2x", "makespan",
    ])
    let scenarios = Self.distinct(results.map(\.scenario))
    let areSeveral = scenarios.count > 1
    if areSeveral { table.header.insert("scenario", at: 0) }
    let byScenario = Dictionary(grouping: results, by: \.scenario)
    for scenario in scenarios {
      for (label, runs) in RunResult.grouped(byScenario[scenario] ?? []) {
        table.rows.append((areSeveral ? [scenario] : []) + row(label, runs))
      }
    }
    return table
  }

  private func row(_ label: String, _ runs: [RunResult]) -> [String] {
    let target = runs.compactMap { $0.worstChunk?.record.target?.inSeconds }.first
    let longest = target.flatMap { seconds in worst(.overshoot, runs).map { $0 * seconds } }
    return [
      label, figure(.wasteVsOptimal, runs), figure(.nearTargetShare, runs, scale: 100, unit: " %"),
      figure(.chunks, runs), figure(.timeMatch, runs), longest.map(DurationText.text) ?? "-",
      figure(.overshoot, runs), figure(.overshootAboveFloor, runs), figure(.p99AboveFloor, runs),
      figure(.over2xShare, runs, scale: 100, unit: " %"),
      worst(.makespan, runs).map(DurationText.text) ?? "-",
    ]
  }

  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  private func worst(_ metric: Metric, _ runs: [RunResult]) -> Double? {
    metric.worst(runs.compactMap { $0.metrics[metric] })
  }

  private func figure(
    _ metric: Metric, _ runs: [RunResult], scale: Double = 1, unit: String = ""
  ) -> String {
    guard let value = worst(metric, runs) else { return "-" }
    return metric.isCount ? "\(Int(value))" : DurationText.significant(value * scale) + unit
  }
}

extension RunResult {
  /// What a collapse means, in a sentence; nil where there was none.
  public var collapseSentence: String? {
    guard let chunk = worstChunk, let ratio = chunk.ratioToFloor, ratio > 2,
      let target = chunk.record.target
    else { return nil }
    let duration = DurationText.text(chunk.durationSeconds)
    let times = DurationText.significant(chunk.durationSeconds / target.inSeconds)
    let kept =
      ratio >= 3
      ? "; a failure in it loses \(Int(min(ratio, 1e15)) - 1) more chunks than it should" : ""
    return
      "\(scheduler.visible) collapsed: chunk \(chunk.record.number) of \(chunk.record.size) items took "
      + "\(duration), \(times) times its target\(kept)."
  }
}

extension RunResult {
  /// How many workers were idle, in a sentence; nil where there is one, or most were at work.
  public var idleSentence: String? {
    guard let workers = worstChunk?.workers, workers > 1, let share = metrics[.utilisation],
      share < 0.8
    else { return nil }
    let idle = DurationText.significant(Double(workers) * (1 - share))
    return
      "\(scheduler.visible), replication \(replication): \(idle) of \(workers) workers were idle on average "
      + "while chunks were processed."
  }

  /// What went wrong and what it cost, in a sentence; nil where nothing was meant to.
  public var faultSentence: String? {
    guard let failed = metrics[.failedItems], let left = metrics[.unfinishedItems],
      let restarts = metrics[.restarts], let lost = metrics[.lost]
    else { return nil }
    return
      "\(scheduler.visible), replication \(replication): \(Int(failed)) items failed and were left out, "
      + "\(Int(left)) were not reached; \(Int(restarts)) restarts and "
      + "\(DurationText.text(lost)) of work lost."
  }

  /// How long completion is expected to take under failures, in a sentence; nil where nobody asked.
  public var completionSentence: String? {
    metrics[.expectedCompletion].map {
      "\(scheduler.visible), replication \(replication): with failures, completion is expected after "
        + "\(DurationText.text($0))."
    }
  }
}
