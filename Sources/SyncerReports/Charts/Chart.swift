internal import Syncer
internal import SyncerSimulation

/// A chart of a report: a script of gnuplot, and the images it draws.
public struct Chart: Sendable, Equatable {
  /// One image of a chart: a scheduler's panel, or all of it.
  public struct Image: Sendable, Equatable {
    /// The name of the SVG file.
    public var file: String
    /// What the image shows, in words, for those who do not see it.
    public var alternative: String
    /// The line below it: whose it is, and the figure to look for.
    public var caption: String
  }

  /// What it shows, as a heading.
  public var title: String
  /// How to read it, in a sentence or two.
  public var explanation: String
  /// The name of the script, ending in `.gp`.
  public var scriptName: String
  /// The script; it reads the CSV files beside it.
  public var script: String
  /// The images it draws, in order.
  public var images: [Image]
}

/// Everything the charts of a scenario are drawn from.
struct ChartSource {
  let scenario: Scenario
  let runs: [RunTimeline]
  let time: TimeUnit
  let timeAxis: ChartAxis

  init(_ scenario: Scenario, _ runs: [RunTimeline]) {
    self.scenario = scenario
    self.runs = runs
    let end = runs.map(\.endSeconds).max() ?? 1
    time = TimeUnit(endSeconds: end)
    timeAxis = .linear(from: 0, to: max(end, 1e-9) / time.seconds)
  }

  var timeLabel: String { "virtual time (\(time.name))" }

  /// The time of a chunk on the axis, as gnuplot computes it from chunks.csv.
  var timeColumn: String { "column('start_s') / \(time.seconds)" }

  /// Shades the time under load: the windows of the scenario, or else the chunks under load.
  func shading(_ script: inout GnuplotScript) {
    let colour = GnuplotScript.Colour.amber.rawValue
    var number = 1
    for window in scenario.load.windows {
      var from = window.fromSeconds
      while number <= 200, from / time.seconds < timeAxis.upper {
        let to = min((from + window.toSeconds - window.fromSeconds) / time.seconds, timeAxis.upper)
        script.add(
          "set object \(number) rectangle from \(from / time.seconds), graph 0 to \(to), graph 1 "
            + "behind fillcolor rgb '\(colour)' fillstyle solid 0.2 noborder")
        number += 1
        guard let every = window.everySeconds, every > 0 else { break }
        from += every
      }
    }
  }

  /// The layer that shades chunks under a load whose times the scenario does not say.
  func loadLayer(_ run: RunTimeline, _ axis: ChartAxis) -> [String] {
    let isKnown = scenario.load.arrivals == nil && scenario.load.trace == nil
    if isKnown || !run.chunks.contains(where: { $0.loadFactor > 1.05 }) { return [] }
    let (every, condition) = GnuplotScript.rows(run)
    let end = "(column('start_s') + column('duration_s')) / \(time.seconds)"
    return [
      "'chunks.csv'\(every) using (\(condition) && column('load_factor') > 1.05 ? "
        + "\(timeColumn) : NaN):(\(axis.lower)):(\(timeColumn)):(\(end)):(\(axis.lower)):"
        + "(\(axis.upper)) with boxxyerror fillcolor rgb '\(GnuplotScript.Colour.amber.rawValue)' "
        + "fillstyle solid 0.2 noborder"
    ]
  }

  /// Where another phase of the scenario begins in a run: when, and which classes.
  ///
  /// In a shuffled sync phases do not follow each other, and a trace has none.
  func shifts(_ run: RunTimeline) -> [(seconds: Double, name: String)] {
    guard !scenario.sync.isShuffled, case .phases(let phases) = scenario.workload.source,
      phases.count <= 12
    else { return [] }
    var items = 0
    var shifts: [(Double, String)] = []
    for (index, phase) in phases.enumerated() {
      if index > 0, let start = run.start(ofItem: items) {
        shifts.append((start, phase.classes.map(\.name).joined(separator: " + ")))
      }
      items += phase.count
    }
    return shifts
  }

  /// Marks the shifts of a run with a line and the class that begins.
  func marks(_ run: RunTimeline, _ script: inout GnuplotScript) {
    let ink = GnuplotScript.Colour.ink.rawValue
    script.add("unset arrow")
    script.add("unset label")
    for shift in shifts(run) {
      let x = shift.seconds / time.seconds
      let isLate = x > timeAxis.upper * 0.6
      let name = shift.name.count > 24 ? String(shift.name.prefix(23)) + "…" : shift.name
      script.add(
        "set arrow from \(x), graph 0 to \(x), graph 1 nohead linewidth 0.8 dashtype 4 "
          + "linecolor rgb '\(ink)'")
      script.add(
        "set label \(GnuplotScript.quoted(name)) at \(x), graph 0.05 \(isLate ? "right" : "left") "
          + "offset \(isLate ? -0.5 : 0.5),0 textcolor rgb '\(ink)' font ',11'")
    }
  }
}
