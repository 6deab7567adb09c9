/// What several verdicts of a gate come to.
package struct GateTally: Sendable {
  private var counts: [(words: String, count: Int)]

  /// Counts verdicts.
  package init(_ outcomes: [GateOutcome]) {
    let kinds = outcomes.map(Kind.init)
    counts = Kind.allCases.map { kind in (kind.rawValue, kinds.count { $0 == kind }) }
  }

  /// What a scenario is counted as, in words.
  private enum Kind: String, CaseIterable {
    case accepted
    case same = "as their baselines"
    case better
    case worse = "worse, or not comparable"
    case new = "without a baseline"

    init(_ outcome: GateOutcome) {
      if outcome.isAccepted {
        self = .accepted
      } else if outcome.isUnchanged {
        self = .same
      } else if outcome.isOnlyBetter {
        self = .better
      } else if outcome.isOnlyNew {
        self = .new
      } else {
        self = .worse
      }
    }
  }

  /// The counts above zero, as a line.
  package var text: String {
    let parts = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.words)" }
    return "Scenarios: \(parts.joined(separator: "; ")).\n"
  }
}
