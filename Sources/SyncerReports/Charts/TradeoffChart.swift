internal import Foundation
internal import Syncer
internal import SyncerSimulation

/// How near every scheduler's chunks come to their target against what that costs, and who is not
/// beaten in both.
///
/// The price is the time all takes; where that hardly differs, as without overhead, the number of
/// chunks.
struct TradeoffChart {
  /// The file with the points, beside the reports it sums up.
  static let fileName = FiguresFile.tradeoff.rawValue

  /// One scheduler.
  struct Point: Equatable {
    var scheduler: String
    /// The mean of `makespan_vs_oracle` over replications.
    var makespan: Double
    /// The largest `overshoot_above_floor` of any replication.
    var worst: Double
    /// The mean of `waste_vs_optimal`, and of the number of chunks.
    var waste, chunks: Double
    /// Whether no other scheduler but the optimum is at least as good in both and better in one.
    var isOnFrontier = false
  }

  let points: [Point]
  /// Whether the price is the time, and not the number of chunks.
  let isOfTime: Bool

  /// Sums up the results of one scenario; nil where fewer than two schedulers have all figures.
  init?(_ results: [RunResult]) {
    let bounds = Set(results.filter(\.isBound).map(\.scheduler))
    let found = RunResult.grouped(results).compactMap { label, runs -> Point? in
      func mean(_ metric: Metric) -> Double? {
        let values = runs.compactMap { $0.metrics[metric] }
        return values.isEmpty ? nil : SampleStatistics(values).mean
      }
      guard let makespan = mean(.makespanVsOracle), let waste = mean(.wasteVsOptimal),
        let chunks = mean(.chunks), chunks > 0, waste > 0,
        let worst = runs.compactMap({ $0.metrics[.overshootAboveFloor] }).max(), worst > 0
      else { return nil }
      return Point(
        scheduler: label, makespan: makespan, worst: worst, waste: waste, chunks: chunks)
    }
    if found.count < 2 { return nil }
    let makespans = found.map(\.makespan)
    let isOfTime = (makespans.max() ?? 1) > 1.02 * (makespans.min() ?? 1)
    func price(_ point: Point) -> Double { isOfTime ? point.makespan : point.chunks }
    let racing = found.filter { !bounds.contains($0.scheduler) }
    points = found.map { point in
      var point = point
      let isBeaten = racing.contains {
        price($0) <= price(point) && $0.waste <= point.waste
          && (price($0) < price(point) || $0.waste < point.waste)
      }
      point.isOnFrontier = !bounds.contains(point.scheduler) && !isBeaten
      return point
    }.sorted { (price($0), $0.waste, $0.scheduler) < (price($1), $1.waste, $1.scheduler) }
    self.isOfTime = isOfTime
  }

  /// What a scheduler costs: its time over the optimum's, or its chunks.
  private func price(_ point: Point) -> Double { isOfTime ? point.makespan : point.chunks }

  /// The points as CSV.
  var csv: [UInt8] {
    var line = CSVLine([
      "scheduler", "makespan_vs_oracle", "overshoot_above_floor", "on_frontier",
      "waste_vs_optimal", "chunks",
    ])
    line.end()
    for point in points {
      line.add(point.scheduler)
      line.add(point.makespan)
      line.add(point.worst)
      line.add(point.isOnFrontier ? 1 : 0)
      line.add(point.waste)
      line.add(point.chunks)
      line.end()
    }
    return line.bytes
  }

  /// The chart.
  var chart: Chart {
    let size = (width: 460, height: 300)
    let y = ChartAxis.logarithmic(points.map(\.waste)) { "\(DurationText.significant($0))×" }
    let prices = points.map(price)
    let (least, most) = (prices.min() ?? 1, prices.max() ?? 1)
    let isWide = least > 0 && most / least > 4
    let margin = max((most - least) * 0.08, least * 0.002)
    let x =
      isWide
      ? ChartAxis.logarithmic(prices) {
        isOfTime ? "\(DurationText.significant($0))×" : DurationText.significant($0)
      }
      : ChartAxis.linear(from: least - margin, to: most + margin, marks: 4)
    var script = GnuplotScript(
      title: "Waste against its price, with the frontier.", width: size.width,
      height: size.height)
    script.axis(
      "x", x, isOfTime ? "time for all, × the optimum's" : "chunks made", isLogarithmic: isWide)
    script.axis("y", y, "waste, × the best chunks'", isLogarithmic: true)
    script.add("set lmargin 9")
    script.add("set rmargin 21")
    labels(&script, x, y, isWide: isWide, height: Double(size.height))
    script.image("tradeoff.svg", title: "waste against its price")
    let file = "'\(Self.fileName)'"
    let on = "column('on_frontier') == 1"
    let at = isOfTime ? "column('makespan_vs_oracle')" : "column('chunks')"
    let waste = "(column('waste_vs_optimal'))"
    script.add("set datafile missing NaN")
    script.plot([
      "\(file) using (\(on) ? \(at) : NaN):\(waste) with fsteps linewidth 1.4 dashtype 2 "
        + "linecolor rgb '\(GnuplotScript.Colour.blue.rawValue)'",
      "\(file) using (\(at)):\(waste) with points pointtype 7 pointsize 0.7 "
        + "linecolor rgb '\(GnuplotScript.Colour.ink.rawValue)'",
      "\(file) using (\(on) ? \(at) : NaN):\(waste) with points pointtype 7 pointsize 0.9 "
        + "linecolor rgb '\(GnuplotScript.Colour.blue.rawValue)'",
    ])
    let frontier = points.filter(\.isOnFrontier).map(\.scheduler).joined(separator: ", ")
    return Chart(
      title: "Nearness and its price",
      explanation: "Down is nearer to the target, left is cheaper: "
        + (isOfTime ? "less time for all. " : "fewer chunks, as all take about the same time. ")
        + "The dashed line is the frontier: the schedulers on it (blue) are beaten by no other in "
        + "both; the optimum is not in the race. With several replications these are means.",
      scriptName: "tradeoff.gp", script: script.text,
      images: [
        Chart.Image(
          file: "tradeoff.svg",
          alternative:
            "Waste over the best chunks' against \(isOfTime ? "time" : "chunks made"), for "
            + points.map { point in
              "\(point.scheduler) \(DurationText.significant(point.waste)) at "
                + DurationText.significant(price(point))
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
      (point: $0, x: share(price($0), x, isWide), y: share($0.waste, y, true))
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
