internal import Syncer

/// A scheduler that may be advised.
package struct AdviceCandidate: Sendable {
  /// What it is called, whatever the chunk time.
  package let name: String
  /// The scheduler for a chunk time in seconds.
  let settings: @Sendable (Double) -> SchedulerSettings

  private init(_ settings: SchedulerSettings) {
    (name, self.settings) = (settings.label, { _ in settings })
  }

  /// Equal chunks by count, as large as the mean item makes them.
  ///
  /// - Parameters:
  ///   - itemSeconds: What an item takes on average, above zero.
  ///   - overhead: What a chunk takes besides.
  init(fixedBy itemSeconds: Double, overhead: Double) {
    name = SchedulerKind.fixed.name
    settings = { chunkSeconds in
      let items = ((chunkSeconds - overhead) / itemSeconds).rounded()
      let sizes = SchedulerKind.sizes
      return SchedulerSettings(
        SchedulerKind.fixed.name,
        ["size": min(max(items, sizes.lowerBound), sizes.upperBound)])
    }
  }

  /// The schedulers to choose from.
  ///
  /// The default, then those of a scenario, then every other kind that does not know the future, and
  /// equal chunks of the right size.
  ///
  /// - Parameters:
  ///   - scenario: The scenario.
  ///   - isOpen: Whether others than the scenario's own may be advised.
  ///   - itemSeconds: What an item takes on average.
  /// - Returns: each with its settings, without two that are alike.
  static func all(
    _ scenario: Scenario, isOpen: Bool, itemSeconds: Double
  ) -> [AdviceCandidate] {
    let fixed = SchedulerKind.fixed.name
    let own = scenario.schedulers.filter {
      !$0.isBound && ($0.kind != fixed || !$0.parameters.isEmpty)
    }
    var candidates: [AdviceCandidate] = []
    let others =
      isOpen
      ? SchedulerKind.all.filter { $0.name != fixed && !$0.isBound }
        .map { SchedulerSettings($0.name) } : []
    for settings in (isOpen ? [.standard] : []) + own + others
    where !candidates.contains(where: { $0.name == settings.label }) {
      candidates.append(AdviceCandidate(settings))
    }
    let isFixed = scenario.schedulers.contains { $0.kind == fixed && $0.parameters.isEmpty }
    if itemSeconds > 0, isOpen || isFixed || candidates.isEmpty {
      candidates.append(
        AdviceCandidate(
          fixedBy: itemSeconds, overhead: min(scenario.workload.chunkOverhead.mean, 1e9)))
    }
    return candidates
  }
}
