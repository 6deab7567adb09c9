internal import Foundation
internal import Syncer

/// The worst chunk of every scheduler against the time all of it takes, and who is not beaten in
/// both.
struct TradeoffChart {
  /// The file with the points, beside the reports it sums up.
  static let fileName = "tradeoff.csv"

  /// One scheduler.
  struct Point: Equatable {
    var scheduler: String
    /// The mean of `makespan_vs_oracle` over replications.
    var makespan: Double
    /// The largest `overshoot_above_floor` of any replication.
    var worst: Double
    /// Whether no other scheduler but the optimum is at least as good in both and better in one, a
    /// worst chunk below its floor counting as at its floor.
    var isOnFrontier: Bool
  }

  let points: [Point]

  /// Sums up the results of one scenario; nil where fewer than two schedulers have both figures.
  init?(_ results: [RunResult]) {
    let bounds = Set(results.filter(\.isBound).map(\.scheduler))
    let found: [(String, Double, Double)] = RunResult.grouped(results).compactMap { label, runs in
      let makespans = runs.compactMap { $0.metrics[.makespanVsOracle] }
      guard !makespans.isEmpty,
        let worst = runs.compactMap({ $0.metrics[.overshootAboveFloor] }).max(), worst > 0
      else { return nil }
      return (label, SampleStatistics(makespans).mean, worst)
    }
    if found.count < 2 { return nil }
    // The optimum knows the future, and to end before the target is no merit: 1 is what is meant.
    let racing = found.filter { !bounds.contains($0.0) }.map { ($0.1, max(1, $0.2)) }
    points = found.map { label, makespan, worst in
      let own = max(1, worst)
      let isBeaten = racing.contains {
        $0.0 <= makespan && $0.1 <= own && ($0.0 < makespan || $0.1 < own)
      }
      return Point(
        scheduler: label, makespan: makespan, worst: worst,
        isOnFrontier: !bounds.contains(label) && !isBeaten)
    }.sorted { ($0.makespan, $0.worst, $0.scheduler) < ($1.makespan, $1.worst, $1.scheduler) }
  }

  /// The points as CSV.
  var csv: [UInt8] {
    var line = CSVLine(["scheduler", "makespan_vs_oracle", "overshoot_above_floor", "on_frontier"])
    line.end()
    for point in points {
      line.add(point.scheduler)
      line.add(point.makespan)
      line.add(point.worst)
      line.add(point.isOnFrontier ? 1 : 0)
      line.end()
    }
    return line.bytes
  }

  /// The chart.
  var chart: Chart {
    let size = (width: 460, height: 300)
    let y = ChartAxis.logarithmic(points.map(\.worst)) { "\(DurationText.significant($0))×" }
    let makespans = points.map(\.makespan)
    let (least, most) = (makespans.min() ?? 1, makespans.max() ?? 1)
    let isWide = least > 0 && most / least > 4
    let margin = max((most - least) * 0.08, least * 0.002)
    let x =
      isWide
      ? ChartAxis.logarithmic(makespans) { "\(DurationText.significant($0))×" }
      : ChartAxis.linear(from: least - margin, to: most + margin, marks: 4)
    var script = GnuplotScript(
      title: "The worst chunk against the time all takes, with the frontier.", width: size.width,
      height: size.height)
    script.axis("x", x, "makespan, × the optimum's", isLogarithmic: isWide)
    script.axis("y", y, "worst chunk, × its floor", isLogarithmic: true)
    script.add("set lmargin 9")
    script.add("set rmargin 21")
    labels(&script, x, y, isWide: isWide, height: Double(size.height))
    script.image("tradeoff.svg", title: "worst chunk against makespan")
    let file = "'\(Self.fileName)'"
    let on = "column('on_frontier') == 1"
    let at = "column('makespan_vs_oracle')"
    let worst = "(column('overshoot_above_floor'))"
    script.add("set datafile missing NaN")
    script.plot([
      "\(file) using (\(on) ? \(at) : NaN):\(worst) with fsteps linewidth 1.4 dashtype 2 "
        + "linecolor rgb '\(GnuplotScript.Colour.blue.rawValue)'",
      "\(file) using (\(at)):\(worst) with points pointtype 7 pointsize 0.7 "
        + "linecolor rgb '\(GnuplotScript.Colour.ink.rawValue)'",
      "\(file) using (\(on) ? \(at) : NaN):\(worst) with points pointtype 7 pointsize 0.9 "
        + "linecolor rgb '\(GnuplotScript.Colour.blue.rawValue)'",
    ])
    let frontier = points.filter(\.isOnFrontier).map(\.scheduler).joined(separator: ", ")
    return Chart(
      title: "Worst chunk against makespan",
      explanation: "Down is safer, left is faster. The dashed line is the frontier: the schedulers "
        + "on it (blue) are beaten by no other in both; the optimum is not in the race, and a worst "
        + "chunk below its floor counts as 1. With several replications the worst chunk "
        + "is that of all, the makespan their mean.",
      scriptName: "tradeoff.gp", script: script.text,
      images: [
        Chart.Image(
          file: "tradeoff.svg",
          alternative: "Worst chunk over its floor against makespan over the optimum's, for "
            + points.map { point in
              "\(point.scheduler) \(DurationText.significant(point.worst)) at "
                + DurationText.significant(point.makespan)
            }.joined(separator: ", ") + ". On the frontier: \(frontier).",
          caption: "On the frontier: \(frontier)")
      ])
  }

  /// Names the points in the right margin, from top to bottom as the points are, a line to each.
  private func labels(
    _ script: inout GnuplotScript, _ x: ChartAxis, _ y: ChartAxis, isWide: Bool, height: Double
  ) {
    func share(_ value: Double, _ axis: ChartAxis, _ isLogarithmic: Bool) -> Double {
      isLogarithmic
        ? log(value / axis.lower) / log(axis.upper / axis.lower)
        : (value - axis.lower) / (axis.upper - axis.lower)
    }
    let placed = points.map {
      (point: $0, x: share($0.makespan, x, isWide), y: share($0.worst, y, true))
    }.sorted { ($0.y, $0.point.scheduler) > ($1.y, $1.point.scheduler) }
    // The plot is about 85 pixels lower than the image; a name takes 14.
    let gap = 14 / (height - 85)
    var heights = placed.map(\.y)
    for index in heights.indices.dropFirst() {
      heights[index] = min(heights[index], heights[index - 1] - gap)
    }
    // What fell below the axis pushes the others up again.
    var lowest = 0.0
    for index in heights.indices.reversed() {
      heights[index] = max(heights[index], lowest)
      lowest = heights[index] + gap
    }
    let ink = GnuplotScript.Colour.ink.rawValue
    for (place, height) in zip(placed, heights) {
      let label = place.point.scheduler
      let name = label.count > 20 ? String(label.prefix(19)) + "…" : label
      script.add(
        "set label \(GnuplotScript.quoted(name)) at graph 1.06, graph \(height) left textcolor "
          + "rgb '\(place.point.isOnFrontier ? GnuplotScript.Colour.blue.rawValue : ink)' "
          + "font ',11'")
      script.add(
        "set arrow from graph \(place.x), graph \(place.y) to graph 1.05, graph \(height) nohead "
          + "linewidth 0.4 linecolor rgb '\(ink)'")
    }
  }
}
