internal import Foundation
internal import Syncer
public import SyncerSimulation

/// A metric over two settings that a sweep varied, as a map of colours with the figures in it.
///
/// It reads any CSV file with a header: two columns for the axes, one for the metric. Rows of one
/// scheduler with the same two settings are averaged: replications, and whatever else was varied.
public struct HeatMap: Sendable, Equatable {
  /// A place in the map.
  struct Cell: Equatable {
    var column: Int
    var row: Int
    var sum = 0.0
    var count = 0

    var mean: Double { sum / Double(count) }
  }

  /// The name of the column whose values go to the right.
  public let x: String
  /// The name of the column whose values go up.
  public let y: String
  /// The metric.
  public let metric: Metric
  let columns: [String]
  let rows: [String]
  let cells: [Cell]

  /// Columns that tell runs apart but are no setting.
  private static let keys: Set<String> = [
    "cell", "cells", "digest", "scenario", "scheduler", "seed", "replication", "replications",
  ]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The CSV file of a sweep.
  ///   - x: The column that goes to the right; the first that varies unless given.
  ///   - y: The column that goes up; the second that varies unless given.
  ///   - metric: The metric.
  ///   - scheduler: The label of the scheduler, where the file has several.
  /// - Throws: `ScenarioError` for a file that is no such table, a column that it lacks, fewer than
  ///   two settings that vary, and several schedulers none of which is named.
  public init(
    _ path: String, x: String? = nil, y: String? = nil, metric: Metric = .wasteVsOptimal,
    scheduler: String? = nil
  ) throws(ScenarioError) {
    let remedy = "name the CSV file that 'co3sim sweep' wrote"
    var file = try DelimitedText(path, remedy: remedy)
    let header = file.header
    func column(_ name: String) throws(ScenarioError) -> Int {
      if let index = file.index(of: name) { return index }
      // The last part of a key is what people remember.
      let ending = header.first { $0.hasSuffix(".\(name)") || $0.hasSuffix(".\(name).constant") }
      let guess = (ending ?? nearestName(to: name, in: header)).map {
        "did you mean \"\($0)\"? It has: "
      }
      throw ScenarioError(
        file: path, rule: "has no column \"\(name)\"",
        remedy: (guess ?? "it has: ") + header.joined(separator: ", "))
    }
    let value = try column(metric.rawValue)
    var table: [[String]] = []
    var fields: [Range<Int>] = []
    while try file.next(&fields) { table.append(fields.map(file.text)) }
    try Self.keepOne(scheduler, of: &table, at: file.index(of: "scheduler"), path, isAxis: [x, y])
    let metrics = Set(Metric.allCases.map(\.rawValue))
    let varied = header.indices.filter { index in
      !metrics.contains(header[index]) && !Self.keys.contains(header[index])
        && Set(table.map { $0[index] }).count > 1
    }.map { header[$0] }
    let names = Self.axes(x, y, varied)
    guard let across = names.x, let up = names.y, across != up else {
      throw ScenarioError(
        file: path, rule: "varies \(varied.isEmpty ? "nothing" : varied.joined(separator: ", "))",
        remedy: "a map needs two settings that vary: sweep over two, or name two columns")
    }
    let places = (x: try column(across), y: try column(up))
    (self.x, self.y, self.metric) = (across, up, metric)
    columns = Self.ordered(table.map { $0[places.x] })
    rows = Self.ordered(table.map { $0[places.y] })
    var cells: [Cell] = []
    var index: [[Int]: Int] = [:]
    for row in table {
      // A metric without a value in some runs is averaged over the others.
      guard let number = Double(row[value]), number.isFinite,
        let right = columns.firstIndex(of: row[places.x]),
        let height = rows.firstIndex(of: row[places.y])
      else { continue }
      let place = index[[right, height]] ?? cells.count
      if place == cells.count {
        index[[right, height]] = place
        cells.append(Cell(column: right, row: height))
      }
      cells[place].sum += number
      cells[place].count += 1
    }
    if cells.isEmpty {
      throw ScenarioError(
        file: path, rule: "has no value of \(metric.rawValue)", remedy: "choose another metric")
    }
    self.cells = cells
  }

  /// Keeps the rows of the scheduler that is named, or of the only one there is.
  private static func keepOne(
    _ scheduler: String?, of table: inout [[String]], at column: Int?, _ path: String,
    isAxis names: [String?]
  ) throws(ScenarioError) {
    guard let column, !names.contains("scheduler") else { return }
    let labels = ordered(table.map { $0[column] })
    if let scheduler, !labels.contains(scheduler) {
      throw ScenarioError(
        file: path, rule: "has no scheduler \"\(scheduler)\"",
        remedy: "choose one of: " + labels.joined(separator: ", "))
    }
    if scheduler == nil, labels.count > 1 {
      throw ScenarioError(
        file: path, rule: "has \(labels.count) schedulers, and a map is of one",
        remedy: "name one with --scheduler: " + labels.joined(separator: ", "))
    }
    if let scheduler { table.removeAll { $0[column] != scheduler } }
  }

  /// A value of the metric as people read it.
  private func figure(_ value: Double) -> String {
    metric.isTime ? DurationText.text(value) : DurationText.significant(value)
  }

  private static func axes(
    _ x: String?, _ y: String?, _ varied: [String]
  ) -> (x: String?, y: String?) {
    let across = x ?? varied.first { $0 != y }
    return (across, y ?? varied.first { $0 != across })
  }

  /// Distinct texts: by value where all are numbers or durations, else as they were met.
  private static func ordered(_ texts: [String]) -> [String] {
    var distinct: [String] = []
    var seen: Set<String> = []
    for text in texts where seen.insert(text).inserted { distinct.append(text) }
    func value(_ text: String) -> Double? {
      if let number = Double(text) { return number }
      guard case .success(let seconds) = DurationText.seconds(text) else { return nil }
      return seconds
    }
    let values = distinct.compactMap(value)
    if values.count < distinct.count { return distinct }
    return zip(values, distinct).sorted { $0.0 < $1.0 }.map(\.1)
  }
}

extension HeatMap {
  /// The cells as CSV, as the script reads them.
  var csv: [UInt8] {
    var line = CSVLine(["x_index", "y_index", x, y, metric.rawValue, "runs", "text"])
    line.end()
    for cell in cells {
      line.add(cell.column)
      line.add(cell.row)
      line.add(columns[cell.column])
      line.add(rows[cell.row])
      line.add(cell.mean)
      line.add(cell.count)
      line.add(figure(cell.mean))
      line.end()
    }
    return line.bytes
  }

  /// The chart, to be drawn from a CSV file of a name.
  func chart(csv name: String) -> Chart {
    let width = min(1600, 190 + 56 * columns.count)
    let height = min(1600, 110 + 30 * rows.count)
    var script = GnuplotScript(
      title: "\(metric.rawValue) over \(x) and \(y).", width: width, height: height)
    script.axis("x", Self.axis(columns), x)
    script.axis("y", Self.axis(rows), y)
    let means = cells.map(\.mean)
    let (least, most) = (means.min() ?? 0, means.max() ?? 1)
    let isLogarithmic = least > 0 && most / least > 20
    script.add("unset grid")
    if isLogarithmic { script.add("set logscale cb") }
    script.add("set cbrange [\(least):\(most > least ? most : least + 1)]")
    let ink = GnuplotScript.Colour.ink.rawValue
    script.add("set cblabel \(GnuplotScript.quoted(metric.rawValue)) textcolor rgb '\(ink)'")
    script.add("set cbtics textcolor rgb '\(ink)'")
    // From dark to light as the value grows, along the colours of viridis.
    script.add(
      "set palette defined (0 '#440154', 1 '#414487', 2 '#2a788e', 3 '#22a884', 4 '#7ad151', "
        + "5 '#fde725')")
    script.image("heatmap.svg", title: "\(metric.rawValue)")
    let middle = isLogarithmic ? (least * most).squareRoot() : (least + most) / 2
    let file = GnuplotScript.quoted(name)
    let value = "column('\(metric.rawValue)')"
    script.add("set datafile missing NaN")
    script.plot([
      // Boxes, not an image: a cell may be missing.
      "\(file) using (column('x_index')):(column('y_index')):(column('x_index') - 0.5):"
        + "(column('x_index') + 0.5):(column('y_index') - 0.5):(column('y_index') + 0.5):"
        + "(\(value)) with boxxyerror fillcolor palette fillstyle solid noborder",
      "\(file) using (\(value) < \(middle) ? column('x_index') : NaN):(column('y_index')):"
        + "(stringcolumn('text')) with labels textcolor rgb '#ffffff' font ',11'",
      "\(file) using (\(value) >= \(middle) ? column('x_index') : NaN):(column('y_index')):"
        + "(stringcolumn('text')) with labels textcolor rgb '#000000' font ',11'",
    ])
    let best = cells.min { metric.distance($0.mean) < metric.distance($1.mean) }
    let words = best.map {
      "best \(figure($0.mean)) at \(x) \(columns[$0.column]), \(y) \(rows[$0.row])"
    }
    return Chart(
      title: "\(metric.rawValue) over \(x) and \(y)", explanation: metric.meaning,
      scriptName: "heatmap.gp", script: script.text,
      images: [
        Chart.Image(
          file: "heatmap.svg",
          alternative:
            "\(metric.rawValue) for \(columns.count) values of \(x) and \(rows.count) of "
            + "\(y): from \(figure(least)) to \(figure(most)); "
            + "\(words ?? "").",
          caption: words ?? "")
      ])
  }

  private static func axis(_ names: [String]) -> ChartAxis {
    ChartAxis(
      lower: -0.5, upper: Double(names.count) - 0.5,
      tics: names.enumerated().map { ChartAxis.Tic(value: Double($0.offset), text: $0.element) })
  }
}
