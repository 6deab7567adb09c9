internal import Foundation
internal import SafeOutput
public import SyncerSimulation

/// The charts of a report: scripts of gnuplot beside the CSV files, and what they drew.
public struct ChartFolder: Sendable {
  /// The folder of the report.
  public let folder: String
  /// The charts, in the order to look at them.
  public let charts: [Chart]
  /// The text of every image drawn, by file name; empty without gnuplot.
  public private(set) var drawings: [String: String] = [:]
  /// Where the files are until the report is put in place.
  private let staging: String

  /// Adds the scripts of its charts to a report, for anyone to restyle.
  ///
  /// - Parameters:
  ///   - report: The report, which is complete but for `commit()`.
  ///   - scenario: What was run.
  ///   - results: What came out.
  /// - Throws: `ScenarioError` for a script that cannot be written.
  public init(
    _ report: ReportWriter, scenario: Scenario, results: [RunResult]
  ) throws(ScenarioError) {
    try report.flush()
    let runs = try RunTimeline.read(folder: report.staging, others: Self.worst(results))
    var charts: [Chart] = []
    if let nearness = try NearnessChart(folder: report.staging) {
      try report.write(nearness.csv, to: NearnessChart.fileName)
      charts.append(nearness.chart)
    }
    if !runs.isEmpty {
      let source = ChartSource(scenario, runs)
      let chunks = ChunkCharts(source: source)
      charts += [chunks.duration, chunks.size]
      if let tracking = try TrackingChart(source, folder: report.staging).chart {
        charts.append(tracking)
      }
    }
    if let tradeoff = TradeoffChart(results) {
      try report.write(tradeoff.csv, to: TradeoffChart.fileName)
      charts.append(tradeoff.chart)
    }
    (folder, staging, self.charts) = (report.folder, report.staging, charts)
    for chart in charts { try report.write(Array(chart.script.utf8), to: chart.scriptName) }
  }

  /// The replication of every scheduler in which its longest chunk is, of which the page speaks.
  private static func worst(_ results: [RunResult]) -> [String: Int] {
    var worst: [String: Int] = [:]
    for (label, runs) in RunResult.grouped(results) {
      let run = runs.max {
        $0.metrics[.overshoot] ?? 0 < $1.metrics[.overshoot] ?? 0
      }
      worst[label.visible] = run?.replication
    }
    return worst
  }

  /// The charts of a map, with the figures they read, in a hidden folder.
  fileprivate init(_ map: HeatMap, in output: OutputFolder) throws(ScenarioError) {
    (folder, staging) = (output.path, output.staging)
    charts = [map.chart(csv: HeatMap.fileName)]
    let files = [HeatMap.fileName, "heatmap.gp", "heatmap.svg"]
    do {
      try output.check(files)
      for (name, bytes) in zip(files, [map.csv, Array(charts[0].script.utf8)]) {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(staging)/\(name)"))
      }
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }

  /// Draws every chart.
  ///
  /// - Throws: `ScenarioError` with what gnuplot said where it could not draw.
  public mutating func draw(by gnuplot: Gnuplot) throws {
    for chart in charts {
      try Task.checkCancellation()
      try gnuplot.draw(chart.scriptName, in: staging, shownAs: folder)
      for image in chart.images {
        let path = FilePath.joined(staging, image.file)
        let bytes = try FileContents.read(path, remedy: "look at what \(chart.scriptName) draws")
        let drawing = SVGDrawing(String(decoding: bytes, as: UTF8.self), of: image)
        do {
          try Data(drawing.file.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
          throw ScenarioError(writing: folder, error)
        }
        drawings[image.file] = drawing.file
      }
    }
  }
}

extension HeatMap {
  /// The name of the figures that the script reads.
  static let fileName = FiguresFile.heatMap.rawValue

  /// Writes the map into a folder: its figures, its script, and the image where it can be drawn.
  ///
  /// - Parameters:
  ///   - folder: The folder; it is made where there is none.
  ///   - inputs: Files that must not be replaced, because the map was made from them.
  ///   - gnuplot: What draws the image; nil for none.
  /// - Returns: what was written.
  /// - Throws: `ScenarioError` for a file that cannot be written or is somebody's, and with what
  ///   gnuplot said where it could not draw.
  public func write(to folder: String, inputs: [String], gnuplot: Gnuplot?) throws -> ChartFolder {
    do {
      let output = try OutputFolder(
        folder, inputs: inputs.compactMap { FileIdentity($0) },
        remedy: "choose another folder with --output", isOurs: ReportFile.isOurs)
      var charts = try ChartFolder(self, in: output)
      if let gnuplot { try charts.draw(by: gnuplot) }
      try output.commit()
      return charts
    } catch let error as WriteError {
      throw ScenarioError(error)
    }
  }
}
