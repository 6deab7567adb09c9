internal import Foundation
internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

/// How near chunks came to their target: the share of the time in chunks up to every length.
///
/// A panel per scheduler on shared axes, over all replications; the lengths are in targets, on an axis
/// of doublings.
struct NearnessChart {
  /// The file with the steps.
  static let fileName = FiguresFile.nearness.rawValue

  /// The share of one scheduler's time in chunks of up to some targets.
  private struct Curve {
    var scheduler: String
    /// Chunks over their target, rising, and how much of the time they and those before them are.
    var steps: [(ratio: Double, share: Double)]
    /// The share of the time in chunks within 20 % of the target, too short, and too long.
    var near = 0.0, short = 0.0, long = 0.0
  }

  private let curves: [Curve]
  private let axis: ChartAxis

  /// The most steps of a curve that are drawn.
  private static let limit = 500

  /// Reads all replications; nil where chunks have no target.
  ///
  /// - Throws: `ScenarioError` for a file that is missing or is no chunks.csv.
  init?(folder: String) throws(ScenarioError) {
    let path = FilePath.joined(folder, ReportTable.chunks.fileName)
    var rows = try ReportRows(path, columns: ["scheduler", "duration_s", "target_s"])
    var ratios: [String: [(ratio: Double, seconds: Double)]] = [:]
    var labels: [String] = []
    while try rows.next() {
      let seconds = try rows.number(1)
      guard !rows.text(2).isEmpty, seconds > 0 else { continue }
      let label = rows.text(0)
      if ratios[label] == nil { labels.append(label) }
      ratios[label, default: []].append((seconds / (try rows.number(2)), seconds))
    }
    if labels.isEmpty { return nil }
    curves = labels.map { Self.curve($0, ratios[$0] ?? []) }
    // Where next to no time is spent, a curve has nothing to show.
    let starts = curves.compactMap { $0.steps.first { $0.share > 0.002 }?.ratio }
    axis = Self.axis(starts.min() ?? 1, curves.compactMap { $0.steps.last?.ratio }.max() ?? 1)
  }

  private static func curve(
    _ label: String, _ chunks: [(ratio: Double, seconds: Double)]
  ) -> Curve {
    let sorted = chunks.sorted { $0.ratio < $1.ratio }
    let total = sorted.reduce(0) { $0 + $1.seconds }
    var curve = Curve(scheduler: label, steps: [])
    var passed = 0.0
    let every = max(1, sorted.count / limit)
    for (number, chunk) in sorted.enumerated() {
      passed += chunk.seconds
      if number % every == 0 || number == sorted.count - 1 {
        curve.steps.append((chunk.ratio, min(1, passed / total)))
      }
      let share = chunk.seconds / total
      if chunk.ratio < 0.8 {
        curve.short += share
      } else if chunk.ratio > 1.2 {
        curve.long += share
      } else {
        curve.near += share
      }
    }
    return curve
  }

  /// Powers of two around the target: two below it at least, and no more than ten.
  private static func axis(_ least: Double, _ most: Double) -> ChartAxis {
    let first = max(-10, min(-2, Int(log2(least).rounded(.down))))
    let last = max(2, min(40, Int(log2(most).rounded(.up))))
    let step = max(1, (last - first + 7) / 8)
    let tics = (first...last).filter { $0 % step == 0 }.map { exponent in
      let power = exp2(Double(abs(exponent)))
      let words = DurationText.significant(power).replacing(".00", with: "").replacing(
        ".0", with: "")
      let text = exponent == 0 ? "target" : exponent < 0 ? "1/\(words)" : "\(words)×"
      return ChartAxis.Tic(value: exp2(Double(exponent)), text: text)
    }
    return ChartAxis(lower: exp2(Double(first)), upper: exp2(Double(last)), tics: tics)
  }

  /// The steps as CSV: the number of the scheduler, its label, chunks over their target, and the share
  /// of the time in chunks up to that.
  var csv: [UInt8] {
    var line = CSVLine(["run", "scheduler", "ratio_to_target", "share_of_time"])
    line.end()
    for (number, curve) in curves.enumerated() {
      // Every curve begins and ends at the edges of the picture.
      let steps =
        [(axis.lower, curve.steps.last { $0.ratio <= axis.lower }?.share ?? 0)]
        + curve.steps.filter { $0.ratio > axis.lower && $0.ratio < axis.upper }
        + [(axis.upper, 1.0)]
      for step in steps {
        line.add(number + 1)
        line.add(curve.scheduler)
        line.add(step.0)
        line.add(step.1)
        line.end()
      }
    }
    return line.bytes
  }

  /// The chart.
  var chart: Chart {
    var script = GnuplotScript(title: "The share of the time in chunks of up to so many targets.")
    script.axis("x", axis, "chunk over its target", isLogarithmic: true)
    script.axis(
      "y",
      ChartAxis(
        lower: 0, upper: 1,
        tics: [0, 0.25, 0.5, 0.75, 1].map {
          // A mark is a format, in which one sign of two is shown.
          ChartAxis.Tic(value: $0, text: "\(Int($0 * 100)) %%")
        }), "share of the time")
    script.add("set lmargin 9")
    let (ink, blue) = (GnuplotScript.Colour.ink.rawValue, GnuplotScript.Colour.blue.rawValue)
    let purple = GnuplotScript.Colour.purple.rawValue
    script.add(
      "set object 1 rectangle from 0.8, graph 0 to 1.2, graph 1 behind fillcolor rgb "
        + "'\(GnuplotScript.Colour.green.rawValue)' fillstyle solid 0.18 noborder")
    script.add(
      "set arrow 1 from 1, graph 0 to 1, graph 1 nohead linewidth 1.8 linecolor rgb '\(purple)'")
    let images = curves.enumerated().map { number, curve in
      let file = "nearness-\(number + 1).svg"
      script.image(file, title: curve.scheduler)
      let others = curves.indices.filter { $0 != number }.prefix(20).map { other in
        "'\(Self.fileName)' using (column('run') == \(other + 1) ? column('ratio_to_target') : NaN):"
          + "(column('share_of_time')) with steps linewidth 0.6 linecolor rgb '\(ink)'"
      }
      let own =
        "'\(Self.fileName)' using (column('run') == \(number + 1) ? column('ratio_to_target') : NaN):"
        + "(column('share_of_time')) with steps linewidth 2.6 linecolor rgb '\(blue)'"
      script.plot(others + [own])
      return Chart.Image(file: file, alternative: alternative(curve), caption: caption(curve))
    }
    return Chart(
      title: "How near chunks came to their target",
      explanation:
        "The share of the time in chunks of up to that length, in targets; each step to the "
        + "right is longer by a factor. The best curve rises at the target at once: what is left of "
        + "the line was cut too short, what is right of it is too much to lose. Shaded: within 20 %."
        + (curves.count > 1 ? " Thin: the other schedulers." : ""),
      scriptName: "nearness.gp", script: script.text, images: images)
  }

  private static func percent(_ share: Double) -> String {
    "\(Int((share * 100).rounded())) %"
  }

  private func caption(_ curve: Curve) -> String {
    "\(curve.scheduler): \(Self.percent(curve.near)) of the time within 20 % of the target, "
      + "\(Self.percent(curve.short)) shorter, \(Self.percent(curve.long)) longer"
  }

  private func alternative(_ curve: Curve) -> String {
    "Cumulative share of the time of \(caption(curve)), on an axis of doublings with the target marked."
  }
}
