internal import Foundation

/// The charts of a report: scripts of gnuplot beside the CSV files, and what they drew.
public struct ChartFolder: Sendable {
  /// The folder of the report.
  public let folder: String
  /// The charts, in the order to look at them.
  public let charts: [Chart]
  /// The text of every image drawn, by file name; empty without gnuplot.
  public private(set) var drawings: [String: String] = [:]

  /// Writes the scripts of a report that has been written, for anyone to restyle.
  ///
  /// - Parameters:
  ///   - folder: The folder of the report.
  ///   - scenario: What was run.
  ///   - results: What came out.
  /// - Throws: `ScenarioError` for a report that cannot be read or a script that cannot be written.
  public init(
    _ folder: String, scenario: Scenario, results: [RunResult]
  ) throws(ScenarioError) {
    let runs = try RunTimeline.read(folder: folder)
    var charts: [Chart] = []
    if !runs.isEmpty {
      let source = ChartSource(scenario, runs)
      let chunks = ChunkCharts(source: source)
      charts = [chunks.duration, chunks.size]
      if let tracking = try TrackingChart(source, folder: folder).chart { charts.append(tracking) }
    }
    if let tradeoff = TradeoffChart(results) {
      try Self.write(tradeoff.csv, to: TradeoffChart.fileName, in: folder)
      charts.append(tradeoff.chart)
    }
    try self.init(folder, charts: charts)
  }

  /// Writes the scripts of charts into a folder.
  init(_ folder: String, charts: [Chart]) throws(ScenarioError) {
    self.folder = folder
    self.charts = charts
    for chart in charts {
      try Self.write(Array(chart.script.utf8), to: chart.scriptName, in: folder)
    }
  }

  /// Draws every chart.
  ///
  /// - Throws: `ScenarioError` with what gnuplot said where it could not draw.
  public mutating func draw(by gnuplot: Gnuplot) throws {
    for chart in charts {
      try Task.checkCancellation()
      try gnuplot.draw(chart.scriptName, in: folder)
      for image in chart.images {
        let path = (folder as NSString).appendingPathComponent(image.file)
        let bytes = try FileContents.read(path, remedy: "look at what \(chart.scriptName) draws")
        let drawing = SVGDrawing(String(decoding: bytes, as: UTF8.self), of: image)
        try Self.write(Array(drawing.file.utf8), to: image.file, in: folder)
        drawings[image.file] = drawing.file
      }
    }
  }

  static func write(
    _ bytes: [UInt8], to name: String, in folder: String
  ) throws(ScenarioError) {
    let path = (folder as NSString).appendingPathComponent(name)
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ScenarioError(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "choose another folder with --output, or make room")
    }
  }
}
