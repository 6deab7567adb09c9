internal import Mustache
internal import SafeOutput
internal import Syncer
public import SyncerSimulation

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
      MustacheContentTypes.register(Markup(), named: Markup.name)
      let library = MustacheLibrary(templates: [
        "page": try MustacheTemplate(string: Markup.pragma + ReportPageTemplate.text),
        "chart": try MustacheTemplate(string: Markup.pragma + ReportPageTemplate.chart),
      ])
      return library.render(content, withTemplate: "page") ?? ""
    } catch {
      preconditionFailure("The template of the page is no Mustache: \(error)")
    }
  }

  /// The name of the file.
  public static let fileName = ReportFile.page

  /// Writes the page.
  ///
  /// - Throws: `ScenarioError` where the file cannot be written, or is one of somebody else.
  public func write(to path: String) throws(ScenarioError) {
    do {
      try OutputFile.write(
        html.utf8, to: path, remedy: "choose another folder with --output"
      ) { ReportFile.isPage(String(decoding: $0, as: UTF8.self)) }
    } catch {
      throw ScenarioError(error)
    }
  }

  /// Adds the page to a report.
  ///
  /// - Throws: `ScenarioError` where the file cannot be written.
  public func write(to report: ReportWriter) throws(ScenarioError) {
    try report.write(Array(html.utf8), to: Self.fileName)
  }

  private var content: PageContent {
    var drawings = 0
    let contents = sections.enumerated().map { number, section in
      SectionContent(section, number: number, isAlone: sections.count == 1, &drawings)
    }
    let names = sections.map(\.scenario.name)
    return PageContent(
      version: version, title: names.count == 1 ? names[0] : "\(names.count) scenarios",
      style: ReportPageStyle.text, hasContents: names.count > 1, sections: contents,
      meanings: Metric.allCases.map {
        PageContent.Meaning(metric: $0.title, key: $0.rawValue, meaning: $0.meaning)
      }, command: command)
  }
}

/// How texts come into the page: Mustache's own way goes by characters, and one that is made of a
/// sign and what belongs to it is not the sign.
private struct Markup: MustacheContentType {
  static let name = "CO3_MARKUP"
  static let pragma = "{{% CONTENT_TYPE:\(name)}}"

  func escapeText(_ text: String) -> String { SVGDrawing.escaped(text) }
}

/// What the template shows of a page, by the names it uses.
struct PageContent {
  struct Meaning {
    var metric, key, meaning: String
  }

  var version: String
  var title: String
  var style: String
  var hasContents: Bool
  var sections: [SectionContent]
  var meanings: [Meaning]
  var command: String
}
