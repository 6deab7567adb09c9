import Foundation
import Syncer
import SyncerReports
import SyncerSimulation
import Testing

/// The page people look at: what it says is what the CSV files say, and it needs nothing else.
struct ReportPageTests {
  /// A collapse, in three labels of which one is an attack.
  private static func scenario(replications: Int) -> Scenario {
    Scenario(
      name: "<script>alert('name')</script>", summary: "a \"quoted\" & <b>bold</b> summary",
      replications: replications, sync: SyncSettings(chunkTimeSeconds: 1),
      workload: WorkloadSettings(
        source: .phases([
          WorkloadPhase(
            count: 400, classes: [ItemClass(name: "file", handle: .exponential(mean: 0.01))]),
          WorkloadPhase(
            count: 20, classes: [ItemClass(name: "it's <big>", process: .gamma(mean: 1, cv: 0.2))]),
        ])),
      load: LoadSettings(windows: [LoadWindow(fromSeconds: 2, toSeconds: 4, slowdown: 3)]),
      schedulers: [
        SchedulerSettings("moving-average"), SchedulerSettings("deadline"),
        SchedulerSettings("fixed", ["size": 40], label: "\"><img src=x onerror=alert(1)> `date`"),
        SchedulerSettings("oracle"),
      ])
  }

  private struct Made {
    var html: String
    var charts: ChartFolder
  }

  private func make(
    _ folder: TemporaryFolder, replications: Int = 1, draws: Bool = false
  ) async throws -> Made {
    let scenario = Self.scenario(replications: replications)
    let report = try ReportWriter(folder: folder["report"])
    let results = try await Experiment(scenario).run(report: report)
    try report.write(MetricStatistics.all(results))
    var charts = try ChartFolder(report, scenario: scenario, results: results)
    if draws { try charts.draw(by: try #require(Gnuplot())) }
    try report.commit()
    let page = ReportPage(
      version: "1.2.3", command: "co3sim report 'a file.json'",
      sections: [ReportPage.Section(scenario: scenario, results: results, charts: charts)])
    return Made(html: page.html, charts: charts)
  }

  /// The values of a line of the table, in the order of the columns; nil for a missing one.
  private func values(_ metric: String, in html: String) throws -> [Double?] {
    let start = try #require(html.range(of: "data-metric=\"\(metric)\""))
    let end = try #require(html.range(of: "</tr>", range: start.upperBound..<html.endIndex))
    return html[start.upperBound..<end.lowerBound].components(separatedBy: "<td").dropFirst().map {
      $0.firstMatch(of: /<data value="([^"]+)">/).flatMap { Double($0.output.1) }
    }
  }

  @Test("every number of the table is that of summary.csv, to the last digit")
  func numbersOfOneReplication() async throws {
    let folder = try TemporaryFolder()
    let made = try await make(folder)
    let rows = CSVRows(try folder.text(of: "report/summary.csv")).records
    #expect(rows.count == 4)
    for metric in Metric.allCases {
      let wanted = rows.map { $0[metric.rawValue].flatMap { Double($0) } }
      if wanted.allSatisfy({ $0 == nil }) { continue }
      let found = try values(metric.rawValue, in: made.html)
      #expect(found == wanted, "\(metric.rawValue)")
    }
  }

  @Test("with replications the numbers are the means of statistics.csv, with their intervals")
  func numbersOfReplications() async throws {
    let folder = try TemporaryFolder()
    let made = try await make(folder, replications: 4)
    let rows = CSVRows(try folder.text(of: "report/statistics.csv")).records
    let summary = CSVRows(try folder.text(of: "report/summary.csv")).records
    for metric in [Metric.overshoot, .makespan, .chunks] {
      let own = rows.filter { $0["metric"] == metric.rawValue }
      let found = try values(metric.rawValue, in: made.html)
      #expect(found == own.map { $0["mean"].flatMap { Double($0) } })
      for row in own {
        let values = summary.filter { $0["scheduler"] == row["scheduler"] }
          .compactMap { $0[metric.rawValue].flatMap { Double($0) } }
        #expect(values.count == 4)
        let mean = try #require(row["mean"].flatMap { Double($0) })
        #expect(abs(mean - values.reduce(0, +) / 4) <= 1e-12 * abs(mean))
      }
    }
    #expect(made.html.contains("± "))
  }

  @Test("what is surely the best of a line is marked, what knows the future is not in the race")
  func best() async throws {
    let folder = try TemporaryFolder()
    let made = try await make(folder)
    let start = try #require(made.html.range(of: "data-metric=\"waste_vs_optimal\""))
    let end = try #require(
      made.html.range(of: "</tr>", range: start.upperBound..<made.html.endIndex))
    let cells = made.html[start.upperBound..<end.lowerBound].components(separatedBy: "<td")
      .dropFirst()
    #expect(cells.map { $0.contains("★") } == [false, true, false, false])
    #expect(cells.map { $0.hasPrefix(" class=\"best\"") } == [false, true, false, false])
  }

  @Test("the page says what was run: seed, version, command, what every metric means")
  func facts() async throws {
    let made = try await make(try TemporaryFolder())
    for part in ["co3sim 1.2.3", "co3sim report &#39;a file.json&#39;", "seed 1", "collapsed"] {
      #expect(made.html.contains(part), "\(part)")
    }
    for metric in Metric.allCases {
      #expect(made.html.contains("<code>\(metric.rawValue)</code></dt><dd>\(metric.meaning)</dd>"))
    }
  }

  @Test("the page refers to nothing outside itself, and names and labels are text")
  func selfContained() async throws {
    let made = try await make(try TemporaryFolder(), draws: Gnuplot() != nil)
    let references = made.html.matches(of: /(?:src|href|action|data)\s*=\s*['"]([^'"]*)['"]/)
    #expect(!references.isEmpty)
    for reference in references {
      let target = reference.output.1
      let isFile = target.firstMatch(of: /^[A-Za-z0-9._%\/-]+$/) != nil
      #expect(target.hasPrefix("#") || target.hasPrefix("data:") || isFile, "\(target)")
    }
    // Names of XML vocabularies are the only addresses, and nothing is fetched from them.
    let rest = made.html.replacing("http://www.w3.org/2000/svg", with: "")
      .replacing("http://www.w3.org/1999/xlink", with: "")
    for part in ["http:", "https:", "<script", "<img", "<link rel=\"stylesheet", "@import", "url("]
    {
      let isFilter = part == "url("
      #expect(isFilter || !rest.contains(part), "\(part)")
    }
    #expect(!rest.contains(/url\((?!#)/))
    #expect(made.html.contains("&lt;script&gt;alert(&#39;name&#39;)&lt;/script&gt;"))
    #expect(made.html.contains("default-src 'none'"))
  }

  @Test("without gnuplot there are the figures, the scripts, and how to install it")
  func withoutGnuplot() async throws {
    let folder = try TemporaryFolder()
    let made = try await make(folder)
    #expect(!made.html.contains("<svg"))
    #expect(made.html.contains("apt-get install gnuplot-nox"))
    let names = try folder.names(in: "report")
    for name in ["chunks.csv", "duration.gp", "size.gp", "tracking.gp", "tradeoff.gp"] {
      #expect(names.contains(name))
    }
    #expect(!names.contains { $0.hasSuffix(".svg") })
  }

  @Test(
    "gnuplot draws a panel per scheduler, whatever their labels", .enabled(if: Gnuplot() != nil))
  func drawings() async throws {
    let folder = try TemporaryFolder()
    let made = try await make(folder, draws: true)
    let images = made.charts.charts.flatMap(\.images)
    #expect(made.charts.charts.first?.images.count == 4)
    #expect(made.html.components(separatedBy: "<svg").count - 1 == images.count)
    #expect(made.html.components(separatedBy: "<title>").count == 2, "that of the page")
    let ids = made.html.matches(of: /\sid=['"]([^'"]+)['"]/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count, "ids of images are their own")
    for image in images {
      let drawing = try folder.text(of: "report/\(image.file)")
      // One title: those of gnuplot's plots are expressions, which a browser shows as tips.
      #expect(drawing.components(separatedBy: "<title>").count == 2, "\(image.file)")
      #expect(!drawing.contains("<script"), "\(image.file)")
      #expect(made.html.contains("role=\"img\" aria-label=\""))
    }
    // A bar per chunk: also under a label that gnuplot does not read back.
    for file in ["duration-1.svg", "duration-3.svg"] {
      let drawing = try folder.text(of: "report/\(file)")
      #expect(drawing.contains("rgb( 43, 143, 208)") || drawing.contains("rgb(217,  72,  15)"))
    }
    let again = try await make(try TemporaryFolder(), draws: true)
    #expect(
      again.html.replacing(again.charts.folder, with: "")
        == made.html.replacing(
          made.charts.folder, with: ""), "the same run makes the same page")
  }
}
