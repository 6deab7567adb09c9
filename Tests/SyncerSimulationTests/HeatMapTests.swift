import Foundation
import SyncerReports
import SyncerSimulation
import Testing

/// The map of a sweep, from any CSV file with its columns.
struct HeatMapTests {
  private static let sweep = """
    scenario,scheduler,sync.chunkTime,smoothing,replication,overshoot,makespan_s\r
    s,moving-average,10s,0.5,1,4,100\r
    s,moving-average,10s,0.5,2,6,100\r
    s,moving-average,5s,0.5,1,1,100\r
    s,moving-average,5s,0.25,1,200,100\r

    """

  private func map(
    _ text: String = sweep, x: String? = nil, y: String? = nil, metric: Metric = .overshoot
  ) throws -> (HeatMap, TemporaryFolder) {
    let folder = try TemporaryFolder()
    return (try HeatMap(try folder.file("sweep.csv", text), x: x, y: y, metric: metric), folder)
  }

  @Test("the two settings that vary are the axes, in the order of their values, rows averaged")
  func cells() throws {
    let (map, folder) = try map()
    #expect(map.x == "sync.chunkTime")
    #expect(map.y == "smoothing")
    let charts = try map.write(to: folder.path, inputs: [], gnuplot: nil)
    let rows = CSVRows(try folder.text(of: "heatmap.csv")).rows
    #expect(
      rows.dropFirst().map { $0 } == [
        ["1", "1", "10s", "0.5", "5", "2", "5.00"], ["0", "1", "5s", "0.5", "1", "1", "1.00"],
        ["0", "0", "5s", "0.25", "200", "1", "200"],
      ])
    let image = try #require(charts.charts.first?.images.first)
    #expect(image.caption == "best 1.00 at sync.chunkTime 5s, smoothing 0.5")
    let script = try folder.text(of: "heatmap.gp")
    #expect(script.contains("set logscale cb"), "values from 1 to 200")
    #expect(script.contains("set xtics ('5s' 0.0, '10s' 1.0)"))
  }

  @Test("columns can be chosen, and what is wrong is said")
  func columns() throws {
    let (map, _) = try map(x: "smoothing", y: "scheduler")
    #expect(map.x == "smoothing")
    for (x, y, part) in [
      ("smothing", nil, "did you mean \"smoothing\""), ("smoothing", "smoothing", "two settings"),
    ] as [(String?, String?, String)] {
      let error = #expect(throws: ScenarioError.self) { try self.map(x: x, y: y) }
      #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
    let single = "scheduler,smoothing,overshoot\r\na,1,2\r\na,2,3\r\n"
    let error = #expect(throws: ScenarioError.self) { try self.map(single) }
    #expect(error?.description.contains("varies smoothing") == true)
    let lacking = #expect(throws: ScenarioError.self) { try self.map(metric: .chunks) }
    #expect(lacking?.description.contains("no column \"chunks\"") == true)
  }

  @Test("gnuplot draws a map with a missing cell", .enabled(if: Gnuplot() != nil))
  func drawing() throws {
    let (map, folder) = try map()
    let charts = try map.write(
      to: folder.path, inputs: [], gnuplot: Gnuplot())
    let drawing = try #require(charts.drawings["heatmap.svg"])
    for part in ["200", "5.00", "sync.chunkTime", "smoothing", "</svg>"] {
      #expect(drawing.contains(part), "\(part)")
    }
  }
}
