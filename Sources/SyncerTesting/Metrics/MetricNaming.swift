extension Metric {
  /// The metric of a name in reports.
  ///
  /// - Throws: `ScenarioError` for a name that is not known; it lists those that are.
  public init(named name: String) throws(ScenarioError) {
    let names = Metric.allCases.map(\.rawValue)
    guard let metric = Metric(rawValue: name) else {
      let guess =
        nearestName(to: name, in: names).map { "did you mean \"\($0)\"? Known: " } ?? "known: "
      throw ScenarioError(
        file: "The metric", rule: "\"\(name)\" does not exist",
        remedy: guess + names.joined(separator: ", "))
    }
    self = metric
  }
}
