/// What a metric is: columns, gate keys, help, pages and documents are made from these.
public struct MetricDefinition: Sendable {
  /// What the value counts.
  public enum Unit: String, Sendable {
    /// A ratio or a share, without a unit.
    case ratio = ""
    /// A whole number.
    case count
    /// Seconds of virtual time.
    case seconds = "s"
  }

  /// The metric.
  public let metric: Metric
  /// What the value counts.
  public let unit: Unit
  /// Which way is better.
  public let direction: Metric.Direction
  /// How it is computed, as Reports/README.md has it.
  public let formula: String
  /// What it means, in a sentence or two for people who see its value.
  public let meaning: String
  /// The value of one run; nil where it has none, or needs another run.
  let value: @Sendable (RunFigures) -> Double?

  init(
    _ metric: Metric, _ unit: Unit, _ direction: Metric.Direction, formula: String,
    meaning: String, value: @escaping @Sendable (RunFigures) -> Double? = { _ in nil }
  ) {
    self.metric = metric
    self.unit = unit
    self.direction = direction
    self.formula = formula
    self.meaning = meaning
    self.value = value
  }

  /// Every metric, in the order of the columns of summary.csv.
  public static let all: [MetricDefinition] = chunkTimes + totals + faults + waste + fleet

  /// The definitions as a markdown table: the one of Reports/README.md.
  public static var markdown: String {
    let rows = all.map { definition in
      "| `\(definition.metric.rawValue)` | \(definition.unit == .seconds ? "s" : "") | "
        + "\(definition.formula) | \(definition.direction.text) | "
        + "\(definition.metric.isCount ? "0" : "1 %") |\n"
    }
    return "| Metric | Unit | Formula | Better | Tolerance |\n|---|---|---|---|---|\n"
      + rows.joined()
  }

  /// The definitions for a terminal: what the metrics mean, in a line each.
  public static var text: String {
    Metric.byImportance.map { metric in
      "\(metric.rawValue): \(metric.meaning) (\(metric.direction.text))\n"
    }.joined()
  }
}

extension Metric {
  private static let definitions = Dictionary(
    uniqueKeysWithValues: MetricDefinition.all.map { ($0.metric, $0) })

  /// What the metric is.
  public var definition: MetricDefinition {
    guard let definition = Self.definitions[self] else {
      preconditionFailure("The metric \(rawValue) is missing in MetricDefinition.all.")
    }
    return definition
  }
}

extension Metric.Direction {
  /// The direction in words.
  public var text: String {
    switch self {
    case .smaller: "smaller"
    case .smallerDownToOne: "smaller, down to 1"
    case .larger: "larger"
    case .nearerToOne: "nearer to 1"
    case .fixed: "fixed"
    }
  }
}
