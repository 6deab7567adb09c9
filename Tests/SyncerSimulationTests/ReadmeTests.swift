import Foundation
import SyncerReports
import SyncerSimulation
import Testing

/// What the documents show is what the programs do.
@Suite struct ReadmeTests {
  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: PackageRoot.file(name), encoding: .utf8)
  }

  /// The text between two marker lines.
  private func block(_ name: String, in text: String) throws -> String {
    let start = try #require(text.range(of: "<!-- \(name):begin -->\n"))
    let end = try #require(text.range(of: "<!-- \(name):end -->"))
    return String(text[start.upperBound..<end.lowerBound])
  }

  @Test func theComparisonIsCurrent() async throws {
    var comparisons: [Comparison] = []
    for file in try Scenario.files(in: PackageRoot.file("Scenarios")) {
      var scenario = try Scenario(file: file)
      scenario.replications = 3
      scenario.addAllSchedulers()
      let comparison = Comparison(try await Experiment(scenario).run())
      comparisons.append(try #require(comparison))
    }
    let shown = try block("comparison", in: text("Reports/Comparison.md"))
    #expect(shown == Comparison.matrix(comparisons), "run: make readme")
    // The rows of the README are cells of it.
    let rows = try block("rows", in: text("README.md")).split(separator: "\n").map(Self.cells)
    let names = try #require(rows.first).dropFirst()
    #expect(rows.count == 8, "a header, a rule and six schedulers")
    let chosen = names.compactMap { name in comparisons.first { $0.scenario == name } }
    #expect(chosen.count == 5)
    let wanted = Comparison.matrix(chosen).split(separator: "\n").map(Self.cells)
    for row in rows where row.first?.hasPrefix("-") != true {
      #expect(wanted.contains(row), "\(row): run: make readme")
    }
  }

  /// The cells of a row of a markdown table.
  private static func cells(_ row: Substring) -> [String] {
    row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  @Test(arguments: TimelinePicture.Theme.allCases)
  func thePictureIsCurrent(theme: TimelinePicture.Theme) async throws {
    let scenario = try Scenario(file: PackageRoot.file("Scenarios/fast-to-slow.json"))
    let name = theme == .light ? "collapse.svg" : "collapse~dark.svg"
    let shown = try text("Sources/Syncer/Syncer.docc/Resources/\(name)")
    #expect(shown == (try await TimelinePicture(scenario).svg(theme)), "run: make readme")
  }

  @Test(arguments: ["README.md", "Sources/Syncer/Syncer.docc/TheFastToSlowCollapse.md"])
  func theOutputOfMakeRunIsCurrent(page: String) async throws {
    let scenario = try Scenario(file: PackageRoot.file("Scenarios/fast-to-slow.json"))
    let results = try await Experiment(scenario).run()
    let shown = try block("run", in: text(page))
    #expect(shown.contains(ResultFormat.table.text(results)), "run: make readme")
  }

  @Test func theMetricsAreCurrent() throws {
    let shown = try block("metrics", in: text("Reports/README.md"))
    #expect(shown == MetricDefinition.markdown, "run: make readme")
    #expect(MetricDefinition.all.map(\.metric) == Metric.allCases)
    #expect(Set(Metric.byImportance).count == Metric.allCases.count)
  }

  @Test(arguments: ReportColumns.tables)
  func theColumnsAreCurrent(table: String) throws {
    let shown = try block(table, in: text("Reports/README.md"))
    #expect(shown == ReportColumns.markdown(table), "run: make readme")
  }

  @Test func theExampleIsTheSnippet() throws {
    let readme = try text("README.md")
    let snippet = try text("Snippets/SyncFiles.swift")
    #expect(readme.contains(snippet.trimmingCharacters(in: .newlines)))
  }

  @Test func theExampleScenarioIsOne() throws {
    let readme = try text("Scenarios/README.md")
    let start = try #require(readme.range(of: "```json\n"))
    let end = try #require(readme.range(of: "```", range: start.upperBound..<readme.endIndex))
    let json = readme[start.upperBound..<end.lowerBound]
    let scenario = try Scenario(
      json: Array(json.utf8), file: "Scenarios/README.md", folder: PackageRoot.file("Scenarios"))
    #expect(!scenario.name.isEmpty)
  }
}
