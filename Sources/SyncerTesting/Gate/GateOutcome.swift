/// The result of a gate's check.
public struct GateOutcome: Sendable {
  /// The metrics now.
  public let current: Baseline
  /// The path of the baseline, which need not exist.
  public let path: String
  /// The broken bounds, a line each.
  public var broken: [String] = []
  /// The metrics that differ from the baseline.
  public var deviations: [Deviation] = []
  /// The metrics that the baseline lacks, a line for each scheduler.
  public var lacking: [String] = []
  /// Whether there is no baseline, or none for one of the schedulers.
  public var isNew = false
  /// Whether the scenario or the test has bounds of its own.
  var hasBounds = false
  /// The schedulers that the baseline lacks; all of them if there is no baseline.
  public var newSchedulers: [String] = []
  /// Whether the baseline was recorded for another version of the scenario.
  public var isIncomparable = false
  /// Whether the metrics were accepted as the new baseline, as the environment asked.
  public var isAccepted = false
  /// How what was found is accepted, as the rest of a sentence.
  private let acceptedBy: String
  /// How to look at what was found, where there is a way.
  package var look: String?

  init(current: Baseline, path: String, acceptedBy: String) {
    self.current = current
    self.path = path
    self.acceptedBy = acceptedBy
  }

  /// Whether everything is as the baseline has it, and no bound is broken.
  var isUnchanged: Bool {
    broken.isEmpty && lacking.isEmpty && !isNew && !isIncomparable && deviations.isEmpty
  }

  /// Whether there is a baseline, nothing got worse and no bound is broken.
  public var passes: Bool {
    if isAccepted { return true }
    return broken.isEmpty && lacking.isEmpty && !isNew && !isIncomparable
      && !deviations.contains { $0.verdict != .better }
  }

  /// Whether something got better and nothing worse.
  public var isOnlyBetter: Bool { passes && !deviations.isEmpty }

  /// Whether nothing is wrong but that a scheduler has no baseline.
  var isOnlyNew: Bool {
    isNew && broken.isEmpty && lacking.isEmpty && deviations.allSatisfy { $0.verdict == .better }
  }

  /// The deviations, each a line; one for a scheduler that is gone, however many metrics it had.
  private var changes: [String] {
    var gone: [String: Int] = [:]
    for deviation in deviations where current.schedulers[deviation.scheduler] == nil {
      gone[deviation.scheduler, default: 0] += 1
    }
    return gone.sorted { $0.key < $1.key }.map { label, count in
      "missing: \(label), with all its \(count) \(count == 1 ? "metric" : "metrics")"
    } + deviations.filter { gone[$0.scheduler] == nil }.map(\.text)
  }

  /// The result and the remedy for people; one line if nothing changed.
  public var message: String {
    let name = current.scenario
    if isAccepted { return "'\(name)' is accepted: \(path)\n" }
    if isUnchanged { return "'\(name)' is as its baseline.\n" }
    var lines: [String] = []
    if !broken.isEmpty {
      lines.append("'\(name)' breaks a bound of its scenario, which cannot be accepted away:")
    } else if isIncomparable {
      lines.append("'\(name)' is not the scenario its baseline was recorded for:")
      lines.append("  incomparable: its items, load or settings have changed")
    } else if isNew {
      let all = newSchedulers.count == current.schedulers.count
      let which = all ? "" : " for \(newSchedulers.joined(separator: ", "))"
      lines.append(
        all && !hasBounds
          ? "'\(name)' has neither a baseline nor bounds: nothing was checked, which does not pass."
          : "'\(name)' has no baseline\(which).")
    } else if !lacking.isEmpty {
      lines.append("'\(name)' has a baseline that lacks metrics: it is older, or was edited.")
    } else {
      lines.append("'\(name)' \(isOnlyBetter ? "is better" : "got worse") than its baseline:")
    }
    lines += (broken + lacking).map { "  \($0)" } + changes.map { "  \($0)" }
    lines.append("Baseline: \(path)")
    if broken.isEmpty {
      let intent =
        isOnlyNew && changes.isEmpty
        ? "To record one, and check against it from then on" : "If the change is intended"
      lines.append("\(intent): \(acceptedBy)")
    }
    if let look { lines.append("Look: \(look)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
