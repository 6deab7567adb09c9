internal import Foundation
internal import Syncer

/// What tuning found, and what it is worth on seeds it has not seen.
public struct TuningOutcome: Sendable {
  /// What was made small.
  public let objective: TuningObjective
  /// What was tuned.
  public let space: TuningSpace
  /// The scheduler as it is without tuning.
  public let defaults: SchedulerSettings
  /// The scheduler with the parameters found.
  public let tuned: SchedulerSettings
  /// How many tunings were tried.
  public let evaluations: Int
  /// Per scenario, what was found on the seeds of the training.
  public internal(set) var training: [TuningComparison] = []
  /// Per scenario, what it is worth on other seeds.
  public internal(set) var heldOut: [TuningComparison] = []

  /// The share of the defaults' value that a gain must be to matter.
  public internal(set) var relevance = 0.01

  /// Whether the tuning is better in every scenario it has not seen, or as good, and in at least one
  /// by more than the relevance, which the interval leaves no doubt of, or the lack of chance.
  public var isBetter: Bool {
    heldOut.contains { $0.isSure && -$0.difference.mean > relevance * abs($0.defaults.mean) }
      && !heldOut.contains { $0.isSure && $0.difference.mean > 0 }
  }

  /// The tuning as an entry of `schedulers` in a scenario.
  public var scenarioJSON: String {
    let values = space.axes.compactMap { axis -> String? in
      guard let value = tuned.parameters[axis.parameter.name] else { return nil }
      let number = value.shortestText
      let text = axis.parameter.unit == .duration ? "\"\(number)s\"" : String(number)
      return "\"\(axis.parameter.name)\": \(text)"
    }
    return "{ \"\(tuned.kind)\": { \(values.joined(separator: ", ")) }, "
      + "\"label\": \"\(tuned.label)\" }"
  }

  /// The tuning as Swift: of the library `Syncer` where the scheduler is there, else as settings of
  /// a simulation.
  public var swiftCode: String {
    let values = space.axes.compactMap { axis -> (String, String)? in
      tuned.parameters[axis.parameter.name].map {
        (axis.parameter.name, String($0.shortestText))
      }
    }
    if let type = SchedulerKind.named(tuned.kind)?.libraryType {
      return "\(type)(\(values.map { "\($0): \($1)" }.joined(separator: ", ")))"
    }
    let list = values.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
    return "SchedulerSettings(\"\(tuned.kind)\", [\(list)])"
  }

  private var percentage: String { "\(DurationText.significant(relevance * 100)) %" }

  /// Whether the tuning is worth having, in a sentence.
  public var verdict: String {
    let lines = heldOut.map { line in
      let share = line.defaults.mean == 0 ? 0 : 100 * line.difference.mean / line.defaults.mean
      let margin = line.difference.halfWidth.map {
        line.defaults.mean == 0 ? 0 : 100 * $0 / abs(line.defaults.mean)
      }
      let interval = margin.map { " ± \(DurationText.significant($0))" } ?? ""
      return "\(line.scenario) \(MetricStatistics.signed(share))\(interval) %"
    }
    let isUnseen = heldOut.contains { !$0.isWithoutChance }
    let effect =
      (isUnseen ? "On seeds it has not seen, the" : "The") + " objective changes by: "
      + lines.joined(separator: ", ") + ". "
    let advice =
      isBetter
      ? "The tuning is better than the defaults, by more than \(percentage)."
      : "That is no gain that is sure and above \(percentage): keep the defaults, or train on more "
        + "seeds and scenarios."
    let fixed = heldOut.filter(\.isWithoutChance).map(\.scenario)
    let warning =
      fixed.isEmpty
      ? ""
      : " Nothing in \(fixed.joined(separator: ", ")) is random, so that other seeds show nothing "
        + "new: report on other scenarios with --report-on."
    return effect + advice + warning
  }
}
