/// The definition of a metric, from which columns, gate keys, help and documents are made.
public struct MetricDefinition: Sendable {
  /// The unit of a value.
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
  /// The unit of a value.
  public let unit: Unit
  /// The direction in which the metric is better.
  public let direction: Metric.Direction
  /// The formula, as in Reports/README.md.
  public let formula: String
  /// The meaning, in a sentence or two for people who see the value.
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

  /// The definitions as the markdown table of Reports/README.md.
  public static var markdown: String {
    let rows = all.map { definition in
      "| `\(definition.metric.rawValue)` | \(definition.unit == .seconds ? "s" : "") | "
        + "\(definition.formula) | \(definition.direction.text) | "
        + "\(definition.metric.isCount ? "0" : "1 %") |\n"
    }
    return "| Metric | Unit | Formula | Better | Tolerance |\n|---|---|---|---|---|\n"
      + rows.joined()
  }

  /// The definitions for a terminal, a line each.
  public static var text: String {
    Metric.byImportance.map { metric in
      "\(metric.rawValue): \(metric.meaning) (\(metric.direction.text))\n"
    }.joined()
  }
}

extension Metric {
  private static let definitions = Dictionary(
    uniqueKeysWithValues: MetricDefinition.all.map { ($0.metric, $0) })

  /// The definition of the metric.
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
