internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

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
