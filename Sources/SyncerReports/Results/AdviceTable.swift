internal import SafeOutput
internal import Syncer
public import SyncerSimulation

extension Advice {
  /// One row per chunk time of the advised scheduler, and one per other scheduler at its best.
  var table: TextTable {
    let isParallel = scenario.workload.workers > 1
    let base = lines[reference]
    var table = TextTable(
      header: ["scheduler", "chunk time", "chunks", "in overhead", "lost per failure", "makespan"]
        + (isParallel ? ["workers busy"] : [])
        + [measureName, "than \(base.label) at \(DurationText.text(base.chunkSeconds))", ""])
    let figure = DurationText.significant
    for (number, line) in lines.enumerated() {
      var row = [
        line.label, DurationText.text(line.chunkSeconds), figure(line.mean(\.chunks)),
        "\(figure(line.mean(\.overheadShare) * 100)) %",
        DurationText.text(line.mean(\.lostPerFailure)),
        DurationText.text(line.mean(\.makespan)),
      ]
      if isParallel { row.append(line.utilisation.map { "\(figure($0 * 100)) %" } ?? "-") }
      row.append(value(line))
      row.append(number == reference ? "" : difference(line, to: base))
      let role =
        number == advised
        ? "advised" : number == reference ? (origin == nil ? "given" : "derived") : ""
      row.append(
        [role, line.isInLibrary ? "" : "simulator only"].filter { !$0.isEmpty }
          .joined(separator: ", "))
      table.rows.append(row)
    }
    return table
  }

  /// What the measure is called.
  var measureName: String {
    switch measure {
    case .completion: "completes in"
    case .waste(let target):
      isRelative
        ? "waste x optimal" : "waste at \(DurationText.text(target))"
    }
  }

  /// A value of the measure as people read it.
  func words(_ value: Double) -> String {
    if case .completion = measure {
      value >= AdviceMeasure.most / 10 ? "never" : DurationText.text(value)
    } else {
      DurationText.significant(value)
    }
  }

  private func value(_ line: Line) -> String {
    words(line.value.mean) + (halfWidth(of: line.value).map { " ± \(words($0))" } ?? "")
  }

  private func difference(_ line: Line, to base: Line) -> String {
    let share = 100 / base.value.mean
    let margin =
      halfWidth(of: line.difference).map { " ± \(DurationText.significant($0 * share))" } ?? ""
    return "\(MetricStatistics.signed(line.difference.mean * share))\(margin) %"
  }

  /// What is advised, over what.
  private var heading: String {
    let failures: String
    if case .completion(let completion) = measure {
      failures = ", a failure every \(DurationText.text(completion.meanTimeBetweenFailures))"
    } else {
      failures = ""
    }
    let summary = scenario.summary.isEmpty ? "" : ": \(scenario.summary)"
    return "\(scenario.name) (work \(DurationText.text(workSeconds))\(failures), "
      + "seed \(scenario.seed))\(summary)"
  }

  /// The advice for a terminal.
  public var text: String {
    "\(heading.visible)\n\n\(table.text)\n\(sentences.joined(separator: "\n").visibleLines)\n"
  }

  /// The advice for a pull request.
  public var markdown: String {
    "### \(scenario.name)\n\n\(table.markdown)\n\(sentences.joined(separator: " ").markdown)\n"
  }
}
