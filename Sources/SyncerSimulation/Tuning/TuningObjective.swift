internal import Foundation
internal import Syncer

/// What tuning makes small: a sum of metrics, each with a weight.
public struct TuningObjective: Sendable, Equatable, CustomStringConvertible {
  /// A metric and its weight.
  public struct Term: Sendable, Equatable {
    /// How much it counts.
    public var weight: Double
    /// The metric.
    public var metric: Metric
  }

  /// The terms, at least one.
  public let terms: [Term]

  /// Reads a sum such as `waste + 0.1 * makespan_vs_oracle`.
  ///
  /// - Throws: `ScenarioError` for a name that is no metric or a weight that is not above zero.
  public init(_ text: String) throws(ScenarioError) {
    var terms: [Term] = []
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      let factors = part.split(separator: "*", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard let name = factors.last, !name.isEmpty, factors.count <= 2 else {
        throw Self.error(
          "has \"\(part)\", which is no metric", "write NAME or WEIGHT*NAME, joined by +")
      }
      let metric = try Metric(named: name)
      if metric.direction == .fixed {
        throw Self.error(
          "names \"\(name)\", which no scheduler can change", "choose another metric")
      }
      var weight = 1.0
      if factors.count == 2 {
        guard let number = Double(factors[0]), number.isFinite, number > 0 else {
          throw Self.error(
            "has the weight \"\(factors[0])\", which is no number above zero", "write one")
        }
        weight = number
      }
      terms.append(Term(weight: weight, metric: metric))
    }
    self.terms = terms
  }

  /// The value of a run: the smaller, the better; nil where a metric has no value.
  ///
  /// Of a metric that should be near one, its distance from one counts; of one that should not be
  /// above one, what is below counts as one; of a share that should be large, what is missing.
  public func value(of metrics: RunMetrics) -> Double? {
    var sum = 0.0
    for term in terms {
      guard let value = metrics[term.metric] else { return nil }
      sum += term.weight * term.metric.distance(value)
    }
    return sum
  }

  public var description: String { text { $0.rawValue } }

  /// The sum with what is made small of each metric, for the head of a table.
  package var minimised: String { text(Self.text) }

  private func text(_ name: (Metric) -> String) -> String {
    terms.map { term in
      let weight = term.weight == 1 ? "" : "\(term.weight.shortestText)*"
      return weight + name(term.metric)
    }.joined(separator: " + ")
  }

  private static func text(_ metric: Metric) -> String {
    switch metric.direction {
    case .smaller, .fixed: metric.rawValue
    case .smallerDownToOne: "max(1, \(metric.rawValue))"
    case .larger: "(1 - \(metric.rawValue))"
    case .nearerToOne: "|\(metric.rawValue) - 1|"
    }
  }

  static func error(_ rule: String, _ remedy: String) -> ScenarioError {
    ScenarioError(file: "--objective", rule: rule, remedy: remedy)
  }
}
