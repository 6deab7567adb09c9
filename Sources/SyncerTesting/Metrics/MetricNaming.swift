extension Metric {
  /// Finds the metric of a name in reports.
  ///
  /// - Throws: `ScenarioError` for an unknown name; it lists the known ones.
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
