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

  /// Reads a sum such as `makespan_vs_oracle + 0.5 * overshoot_above_floor`.
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
  /// Of a metric that should be near one, its distance from one counts.
  public func value(of metrics: RunMetrics) -> Double? {
    var sum = 0.0
    for term in terms {
      guard let value = metrics[term.metric] else { return nil }
      sum += term.weight * term.metric.distance(value)
    }
    return sum
  }

  /// The sum as it is written.
  public var description: String {
    terms.map { term in
      term.weight == 1
        ? term.metric.rawValue : "\(term.weight.shortestText)*\(term.metric.rawValue)"
    }.joined(separator: " + ")
  }

  static func error(_ rule: String, _ remedy: String) -> ScenarioError {
    ScenarioError(file: "--objective", rule: rule, remedy: remedy)
  }
}
