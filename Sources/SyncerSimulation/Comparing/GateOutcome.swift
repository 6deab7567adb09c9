/// What a gate found.
public struct GateOutcome: Sendable {
  /// The metrics now.
  public let current: Baseline
  /// Where the baseline is or would be.
  public let path: String
  /// The runs behind the metrics, where the gate ran a scenario.
  public var results: [RunResult] = []
  /// Broken bounds, each a line.
  public var broken: [String] = []
  /// Metrics that are not what they were.
  public var deviations: [Deviation] = []
  /// Whether there is no baseline, or none for one of the schedulers.
  public var isNew = false
  /// Whether the scenario is not the one the baseline was recorded for.
  public var isIncomparable = false

  init(current: Baseline, path: String) {
    self.current = current
    self.path = path
  }

  /// Whether nothing got worse, no bound is broken, and there is a baseline to tell by.
  public var passes: Bool {
    broken.isEmpty && !isNew && !isIncomparable && !deviations.contains { $0.verdict != .better }
  }

  /// Whether something got better and nothing worse.
  public var isOnlyBetter: Bool { passes && !deviations.isEmpty }

  /// What was found and what to do about it, for people; one line where nothing changed.
  public var message: String {
    let name = current.scenario
    if passes && deviations.isEmpty { return "'\(name)' is as its baseline.\n" }
    var lines: [String] = []
    if !broken.isEmpty {
      lines.append("'\(name)' breaks a bound of its scenario, which cannot be accepted away:")
    } else if isIncomparable {
      lines.append("'\(name)' is not the scenario its baseline was recorded for:")
      lines.append("  incomparable: its items, load or settings have changed")
    } else if isNew {
      lines.append("'\(name)' has no baseline, or none for one of its schedulers.")
    } else {
      lines.append("'\(name)' \(isOnlyBetter ? "is better" : "got worse") than its baseline:")
    }
    lines += broken.map { "  \($0)" } + deviations.map { "  \($0.text)" }
    lines.append("Baseline: \(path)")
    lines.append("If the change is intended: swift run co3sim gate --accept \(scenarioFile)")
    lines.append("Look: swift run co3sim run \(scenarioFile)\(suspect) --output -")
    return lines.joined(separator: "\n") + "\n"
  }

  private var scenarioFile: String { "Scenarios/\(current.scenario).json" }

  private var suspect: String {
    let label = deviations.first { $0.verdict == .worse }?.scheduler
    return label.map { " --scheduler '\($0)'" } ?? ""
  }
}
