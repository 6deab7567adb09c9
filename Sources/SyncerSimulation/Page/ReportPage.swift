internal import Foundation
internal import Mustache
internal import Syncer

/// One self-contained HTML page about scenarios that were run: charts, figures, what they mean.
///
/// It refers to nothing outside itself and holds no script.
public struct ReportPage: Sendable {
  /// A scenario, what came out, and its charts.
  public struct Section: Sendable {
    /// The scenario.
    public var scenario: Scenario
    /// What came out.
    public var results: [RunResult]
    /// Its charts; undrawn where there is no gnuplot.
    public var charts: ChartFolder

    /// Makes a section.
    public init(scenario: Scenario, results: [RunResult], charts: ChartFolder) {
      self.scenario = scenario
      self.results = results
      self.charts = charts
    }
  }

  /// The version of the program.
  public var version: String
  /// The command that makes this page again.
  public var command: String
  /// One section per scenario.
  public var sections: [Section]

  /// Makes a page.
  public init(version: String, command: String, sections: [Section]) {
    self.version = version
    self.command = command
    self.sections = sections
  }

  /// The page.
  public var html: String {
    do {
      let library = MustacheLibrary(templates: [
        "page": try MustacheTemplate(string: ReportPageTemplate.text),
        "chart": try MustacheTemplate(string: ReportPageTemplate.chart),
      ])
      return library.render(content, withTemplate: "page") ?? ""
    } catch {
      preconditionFailure("The template of the page is no Mustache: \(error)")
    }
  }

  /// Writes the page.
  ///
  /// - Throws: `ScenarioError` where the file cannot be written.
  public func write(to path: String) throws(ScenarioError) {
    do {
      try Data(html.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ScenarioError(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "choose another folder with --output, or make room")
    }
  }

  private var content: PageContent {
    var drawings = 0
    let contents = sections.enumerated().map { number, section in
      SectionContent(section, number: number, &drawings)
    }
    let names = sections.map(\.scenario.name)
    return PageContent(
      version: version, title: names.count == 1 ? names[0] : "\(names.count) scenarios",
      style: ReportPageStyle.text, hasContents: names.count > 1, sections: contents,
      meanings: Metric.allCases.map {
        PageContent.Meaning(metric: $0.rawValue, meaning: $0.meaning)
      }, command: command)
  }
}

/// What the template shows of a page, by the names it uses.
struct PageContent {
  struct Meaning {
    var metric: String
    var meaning: String
  }

  var version: String
  var title: String
  var style: String
  var hasContents: Bool
  var sections: [SectionContent]
  var meanings: [Meaning]
  var command: String
}
