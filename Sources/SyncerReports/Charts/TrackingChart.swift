internal import Foundation
internal import SafeOutput
internal import Syncer
internal import SyncerSimulation

/// What a scheduler expected of an item of each class against the truth, over virtual time.
struct TrackingChart {
  /// A class in a run, as far as tracking.csv tells.
  private struct Track {
    var name: String
    var rows = 0
    var hasEstimate = false
  }

  /// A run in tracking.csv.
  private struct Run {
    var timeline: RunTimeline
    var tracks: [Track] = []
    var numbers: [String: Int] = [:]
    var firstRow = 0
    var lastRow = 0
  }

  private let source: ChartSource
  private var runs: [Run] = []
  private var values: [Double] = []

  /// - Throws: `ScenarioError` for a file that is missing or is no tracking.csv.
  init(_ source: ChartSource, folder: String) throws(ScenarioError) {
    self.source = source
    let path = FilePath.joined(folder, ReportTable.tracking.fileName)
    var rows = try ReportRows(
      path,
      columns: [
        "scheduler", "replication", "class", "estimate_s_per_item", "true_s_per_item",
      ])
    let timelines = Dictionary(source.runs.map { ($0.scheduler, $0) }) { first, _ in first }
    var row = -1
    while try rows.next() {
      row += 1
      let label = rows.text(0)
      guard Int(try rows.number(1)) == timelines[label]?.replication else { continue }
      if runs.last?.timeline.scheduler != label {
        guard let timeline = timelines[label] else { continue }
        runs.append(Run(timeline: timeline, firstRow: row))
      }
      let estimate = rows.text(3).isEmpty ? nil : try rows.number(3)
      add(class: rows.text(2), estimate: estimate, truth: try rows.number(4), row: row)
    }
    let places = Dictionary(
      source.runs.enumerated().map { ($1.scheduler, $0) }, uniquingKeysWith: { first, _ in first })
    runs.sort { places[$0.timeline.scheduler] ?? 0 < places[$1.timeline.scheduler] ?? 0 }
  }

  private mutating func add(class name: String, estimate: Double?, truth: Double, row: Int) {
    let run = runs.count - 1
    runs[run].lastRow = row
    values.append(truth)
    if let estimate { values.append(estimate) }
    var track = runs[run].numbers[name]
    if track == nil {
      runs[run].tracks.append(Track(name: name))
      track = runs[run].tracks.count - 1
      runs[run].numbers[name] = track
    }
    guard let track else { return }
    runs[run].tracks[track].rows += 1
    if estimate != nil { runs[run].tracks[track].hasEstimate = true }
  }

  /// The chart; nil where no scheduler has an estimate.
  var chart: Chart? {
    let shown = runs.filter { $0.tracks.contains(where: \.hasEstimate) }
    if shown.isEmpty { return nil }
    let axis = ChartAxis.durations(values)
    var script = GnuplotScript(
      title: "What an item was expected to take against what it took.", height: 290)
    script.axis("x", source.timeAxis, source.timeLabel)
    script.axis("y", axis, "per item", isLogarithmic: true)
    script.add("set lmargin 11")
    script.add(
      "set key outside top center horizontal samplen 1.5 maxrows 2 "
        + "textcolor rgb '\(GnuplotScript.Colour.ink.rawValue)' font ',11'")
    // Rows of other classes in between do not break the line of one.
    script.add("set datafile missing NaN")
    source.shading(&script)
    let classes = Self.commonest(shown)
    let images = shown.enumerated().map { number, run in
      image(run, classes, file: "tracking-\(number + 1).svg", &script)
    }
    return Chart(
      title: "Estimate against truth",
      explanation: "Dots: what an item of the class took in a chunk. Line: what the scheduler "
        + "expected before that chunk. Where the line lags behind the dots, the next chunk is "
        + "planned on what is no longer true.",
      scriptName: "tracking.gp", script: script.text, images: images)
  }

  /// The classes that occur in most chunks of all runs, as many as there are colours, in the order
  /// they were met: a class has one colour in all panels.
  private static func commonest(_ runs: [Run]) -> [String] {
    var names: [String] = []
    var counts: [String: Int] = [:]
    for track in runs.flatMap(\.tracks) {
      if counts[track.name] == nil { names.append(track.name) }
      counts[track.name, default: 0] += track.rows
    }
    let ranked = names.enumerated().sorted { first, second in
      let (own, other) = (counts[first.element] ?? 0, counts[second.element] ?? 0)
      return (other, first.offset) < (own, second.offset)
    }
    return ranked.prefix(GnuplotScript.classColours.count).sorted { $0.offset < $1.offset }
      .map(\.element)
  }

  private func image(
    _ run: Run, _ classes: [String], file: String, _ script: inout GnuplotScript
  ) -> Chart.Image {
    let label = run.timeline.scheduler
    let shown = zip(classes, GnuplotScript.classColours).filter { name, _ in
      run.tracks.contains { $0.name == name }
    }
    script.image(file, title: label)
    let chunks = GnuplotScript.rows(run.timeline, limit: 1_000_000)
    script.add("array start[\(run.timeline.chunks.count)]")
    script.add(
      "stats 'chunks.csv'\(chunks.every) using (\(chunks.condition) ? "
        + "(start[int(column('chunk'))] = \(source.timeColumn)) : NaN) nooutput")
    let rows = RowRange(run.timeline, run.firstRow...run.lastRow, classes: run.tracks.count)
    let layers = shown.flatMap { className, colour in
      let condition =
        "\(rows.condition) && stringcolumn('class') eq \(GnuplotScript.quoted(className))"
      let x = "(\(condition) ? start[int(column('chunk'))] : NaN)"
      let name = className.count > 14 ? String(className.prefix(13)) + "…" : className
      return [
        "'tracking.csv'\(rows.every) using \(x):(column('true_s_per_item')) with points "
          + "pointtype 7 pointsize 0.45 linecolor rgb '\(colour.rawValue)' "
          + "title \(GnuplotScript.quoted(name))",
        "'tracking.csv'\(rows.every) using \(x):(column('estimate_s_per_item')) with lines "
          + "linewidth 1.2 linecolor rgb '\(GnuplotScript.Colour.ink.rawValue)' notitle",
      ]
    }
    script.plot(layers)
    let names = shown.map(\.0).joined(separator: ", ")
    let missing = run.tracks.count - shown.count
    let others = missing > 0 ? " \(missing) more are not drawn." : ""
    return Chart.Image(
      file: file,
      alternative: "Seconds per item that \(label) expected, and what was true, over virtual time, "
        + "of the classes \(names).\(others)",
      caption: "\(label): \(names)")
  }
}

/// The rows of a run in tracking.csv.
private struct RowRange {
  let every: String
  let condition: String

  init(_ run: RunTimeline, _ rows: ClosedRange<Int>, classes: Int) {
    var step = max(1, (rows.count + 2999) / 3000)
    // A step that the classes' turns share would leave some of them out.
    while step > 1, classes > 1, step % classes == 0 { step += 1 }
    if GnuplotScript.isReadBack(run.scheduler) {
      every = step == 1 ? "" : " every \(step)"
      condition = GnuplotScript.condition(run)
    } else {
      every = " every \(step)::\(rows.lowerBound)::\(rows.upperBound)"
      condition = "1"
    }
  }
}
