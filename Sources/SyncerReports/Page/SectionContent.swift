internal import Syncer
internal import SyncerSimulation

/// What the template shows of a scenario, by the names it uses.
struct SectionContent {
  struct Card {
    var scheduler: String
    var lead: String
    var figures: String
    var outcome: String
    var kind: String
  }

  struct FileLink {
    var name, address: String
  }

  struct ChartContent {
    struct Figure {
      var drawing: String
      var caption: String
    }

    var heading: String
    var explanation: String
    var figures: [Figure]
    /// Whether it shows single runs, and not all replications.
    var isOfOneRun: Bool
  }

  var anchor: String
  var isFirst: Bool
  var name: String
  var summary: String?
  var verdict: String?
  var facts: String
  var cards: [Card]
  var sentences: [String]
  var notice: String?
  var firstChart: ChartContent?
  var charts: [ChartContent]
  var tableNote: String
  /// The class of the hint that the table scrolls, which says on what screens; nil for a narrow table.
  var hint: String?
  var columns: [String]
  var rows: [MetricRow]
  var files: [FileLink]

  /// - Parameters:
  ///   - section: The scenario.
  ///   - number: Which of the page, from 0.
  ///   - isAlone: Whether the page is in the scenario's own folder, and not in the one above.
  ///   - drawings: How many images the page has so far.
  init(
    _ section: ReportPage.Section, number: Int, isAlone: Bool, _ drawings: inout Int
  ) {
    let scenario = section.scenario
    anchor = "scenario-\(number + 1)"
    isFirst = number == 0
    name = scenario.name
    summary = scenario.summary.isEmpty ? nil : scenario.summary
    let comparison = Comparison(section.results)
    verdict = comparison.flatMap { $0.lines.count > 1 ? $0.verdict : nil }
    let groups = RunResult.grouped(section.results)
    let replications = groups.map(\.runs.count).max() ?? 0
    facts = Self.facts(section, replications: replications)
    cards = groups.compactMap { Self.card($0.label, $0.runs, scenario) }
    sentences = [verdict].compactMap { $0 } + Self.collapses(section.results)
    let isDrawn = !section.charts.drawings.isEmpty
    notice =
      isDrawn
      ? nil
      : "The charts are not drawn: gnuplot is missing; \(Gnuplot.installation), and make the page "
        + "again."
    var shown: [ChartContent] = []
    for chart in isDrawn ? section.charts.charts : [] {
      shown.append(ChartContent(chart, section.charts.drawings, &drawings))
    }
    if replications > 1 {
      for place in shown.indices where shown[place].isOfOneRun {
        shown[place].explanation +=
          " Drawn is of each scheduler the replication with its longest chunk, of \(replications)."
      }
    }
    firstChart = shown.first
    charts = Array(shown.dropFirst())
    columns = groups.map(\.label)
    hint = groups.count > 8 ? "hint wide" : groups.count > 1 ? "hint" : nil
    rows = MetricRow.all(section.results)
    tableNote = Self.note(replications: replications, isRace: groups.count > 1)
    let own = ReportTable.allCases.map(\.fileName) + [MetricStatistics.fileName]
    files = (own + section.charts.charts.map(\.scriptName)).map {
      FileLink(name: $0, address: isAlone ? $0 : "\(Self.address(of: scenario.name))/\($0)")
    }
  }

  /// A name as a part of an address, which nothing in it ends or turns into another.
  private static func address(of name: String) -> String {
    name.utf8.map { byte in
      let isPlain = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2D || byte == 0x5F
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + digits
    }.joined()
  }

  /// The worst chunks, in a sentence each: the two worst, as the cards name all.
  private static func collapses(_ results: [RunResult]) -> [String] {
    let worst = RunResult.grouped(results).compactMap { _, runs in
      runs.max { ($0.metrics[.overshoot] ?? 0) < ($1.metrics[.overshoot] ?? 0) }
    }
    let ranked = worst.enumerated().sorted { first, second in
      let (own, other) = (
        first.element.metrics[.overshoot] ?? 0, second.element.metrics[.overshoot] ?? 0
      )
      return (other, first.offset) < (own, second.offset)
    }
    let areSeveral = results.contains { $0.replication > 1 }
    let sentences = ranked.compactMap {
      $0.element.collapseSentence(isOneOfSeveral: areSeveral)
    }
    let rest = sentences.count - 2
    let others = rest == 1 ? "one more collapsed" : "\(rest) more collapsed"
    return sentences.prefix(2)
      + (rest > 0 ? ["These are the two longest in targets; \(others), as the cards say."] : [])
  }

  private static func facts(_ section: ReportPage.Section, replications: Int) -> String {
    let scenario = section.scenario
    var facts: [String] = []
    if let target = scenario.sync.chunkTimeSeconds {
      facts.append("Target \(DurationText.text(target)) per chunk")
    }
    if let items = section.results.first?.metrics[.items] {
      facts.append("\(Metric.items.words(items)) item\(items == 1 ? "" : "s")")
    }
    facts.append(scenario.sync.order.words)
    if scenario.workload.workers > 1 { facts.append("\(scenario.workload.workers) workers") }
    facts.append("seed \(scenario.seed)")
    facts.append(replications == 1 ? "one replication" : "\(replications) replications")
    return facts.joined(separator: ", ") + "."
  }

  private static func note(replications: Int, isRace: Bool) -> String {
    let best =
      !isRace
      ? "The end of the page says what every figure means."
      : "★ marks the best scheduler of a line, where it is better by 1 % or more and chance does not "
        + "explain it; what knows the future is not in the race. The end of the page says what every "
        + "figure means."
    if replications == 1 { return best }
    return "The mean of \(replications) replications, with its 95 % confidence interval. " + best
  }

  private static func card(_ label: String, _ runs: [RunResult], _ scenario: Scenario) -> Card? {
    guard let target = scenario.sync.chunkTimeSeconds,
      let overshoot = runs.compactMap({ $0.metrics[.overshoot] }).max(),
      let floor = runs.compactMap({ $0.metrics[.overshootAboveFloor] }).max()
    else { return nil }
    let figure = DurationText.significant
    func mean(_ metric: Metric) -> Double? {
      let values = runs.compactMap { $0.metrics[metric] }
      return values.isEmpty ? nil : SampleStatistics(values).mean
    }
    let waste = mean(.wasteVsOptimal)
    let near = mean(.nearTargetShare).map {
      "\(figure($0 * 100)) % of the time near the target, or near a longer item; "
    }
    let outcome = Outcome(worst: floor, waste: waste)
    return Card(
      scheduler: label, lead: waste.map { "\(figure($0)) × optimal" } ?? "–",
      figures: "\(near ?? "")mean chunk \(figure(mean(.timeMatch) ?? 0)) × target, longest "
        + "\(DurationText.text(overshoot * target)), worst \(figure(floor)) × its floor",
      outcome: outcome.text, kind: outcome == .near ? "good" : "bad")
  }

  /// What is to be said of a scheduler in two words.
  private enum Outcome {
    case collapsed
    case near
    case off

    init(worst: Double, waste: Double?) {
      self = worst > 2 ? .collapsed : (waste ?? 1) <= 1.1 ? .near : .off
    }

    var text: String {
      switch self {
      case .collapsed: "collapsed"
      case .near: "near its target"
      case .off: "off its target"
      }
    }
  }
}

extension SectionContent.ChartContent {
  init(_ chart: Chart, _ files: [String: String], _ drawings: inout Int) {
    heading = chart.title
    explanation = chart.explanation
    isOfOneRun = !["nearness.gp", "tradeoff.gp"].contains(chart.scriptName)
    figures = []
    for image in chart.images {
      guard let file = files[image.file] else { continue }
      drawings += 1
      figures.append(
        Figure(
          drawing: SVGDrawing.inline(
            file, number: drawings, alternative: image.alternative), caption: image.caption))
    }
  }
}

/// A line of the table: a metric, and its value for every scheduler.
struct MetricRow {
  struct Cell {
    var cell: String
  }

  var metric, key, meaning: String
  var cells: [Cell]

  static func all(_ results: [RunResult]) -> [MetricRow] {
    let statistics = MetricStatistics.all(results)
    let labels = RunResult.grouped(results).map(\.label)
    let byMetric = Dictionary(grouping: statistics, by: \.metric)
    return Metric.byImportance.compactMap { metric in
      guard let own = byMetric[metric] else { return nil }
      let byLabel = Dictionary(own.map { ($0.scheduler, $0) }) { first, _ in first }
      let best = Merit(results, metric).best
      let cells = labels.map { label in
        Cell(cell: html(byLabel[label], isBest: label == best))
      }
      return MetricRow(
        metric: metric.title, key: metric.rawValue, meaning: metric.meaning, cells: cells)
    }
  }

  private static func html(_ statistics: MetricStatistics?, isBest: Bool) -> String {
    guard let statistics else { return "<td>–</td>" }
    let sample = statistics.sample
    let words = statistics.metric.words
    var tip = ""
    var margin = ""
    if let halfWidth = sample.halfWidth {
      if halfWidth > 0 { margin = " <small>± \(words(halfWidth))</small>" }
      tip =
        " title=\"median \(words(sample.median)), worst "
        + "\(words(statistics.worst)), \(sample.count) replications\""
    }
    let data = "<data value=\"\(sample.mean.shortestText)\">\(words(sample.mean))</data>\(margin)"
    let mark = isBest ? " <span role=\"img\" aria-label=\"best\">★</span>" : ""
    return "<td\(isBest ? " class=\"best\"" : "")\(tip)>\(data)\(mark)</td>"
  }
}

extension SyncSettings.Order {
  /// The order in words.
  fileprivate var words: String {
    switch self {
    case .listed: "as listed"
    case .roughlyListed: "roughly as listed"
    case .shuffled: "shuffled"
    case .smallestFirst: "smallest first"
    case .largestFirst: "largest first"
    case .mixed: "small and large in turn"
    }
  }
}
