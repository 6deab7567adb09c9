extension KeyGroup {
  private static let mean = ScenarioKey("mean", .positiveDuration, "The mean")
  private static let variation = ScenarioKey(
    "cv", .number(.variation), "The standard deviation over the mean")

  private static func distribution(
    _ name: String, _ meaning: String, _ keys: [ScenarioKey]
  ) -> ScenarioKey {
    ScenarioKey(
      name, .object(KeyGroup(name: name, meaning: meaning, keys: keys)), default: "", meaning)
  }

  private static let scaleAndShape = [
    ScenarioKey("scale", .positiveDuration, "The scale"),
    ScenarioKey("shape", .number(.positive), "The shape"),
  ]

  static let uniform = distribution(
    "uniform", "Every value between two bounds, with equal probability.",
    [
      ScenarioKey("min", .duration, "The least"),
      ScenarioKey("max", .duration, "The most, not below `min`"),
    ])
  static let component = KeyGroup(
    name: "component", meaning: "A distribution of a mix.",
    keys: [
      ScenarioKey(
        "weight", .number(.positive), "Its probability, relative to the other weights"),
      ScenarioKey("of", .reference("distribution"), "The distribution"),
    ])
  static let empirical = distribution(
    "empirical", "A value of a column of a CSV file, with equal probability; in seconds.",
    [
      ScenarioKey("path", .path, "The file"),
      ScenarioKey("column", .text, "The name of the column"),
    ])

  /// A cost: one distribution, and bounds where they are given.
  static let distribution: KeyGroup = {
    var group = distributions
    group.keys += [
      ScenarioKey(
        "min", .duration, default: "zero", "Draws below are repeated, whatever the distribution"),
      ScenarioKey(
        "max", .duration, default: "none",
        "Draws above are repeated; a thousandth of the draws must lie between the two"),
    ]
    return group
  }()

  /// By how much a quantity is at most that, in that share of the draws.
  private static let quantiles = Quantiles.percentages.map { percentage in
    ScenarioKey(
      "p\(percentage)", .positiveDuration, default: "",
      "The value that \(percentage) of 100 draws do not exceed; give two of these")
  }

  /// The parameters of a distribution, or two quantiles instead.
  private static func distribution(
    _ name: String, _ meaning: String, orQuantiles keys: [ScenarioKey]
  ) -> ScenarioKey {
    let own = keys.map { key in
      var key = key
      key.fallback = "two quantiles"
      return key
    }
    let group = KeyGroup(
      name: name, meaning: meaning, keys: own + quantiles,
      alternatives: [
        Alternative(has: keys.map(\.name), lacks: quantiles.map(\.name)),
        Alternative(has: [], lacks: keys.map(\.name)),
      ])
    return ScenarioKey(name, .object(group), default: "", meaning)
  }

  private static let distributions = KeyGroup.oneOf(
    "distribution", "A cost of zero or more: exactly one distribution, with optional bounds.",
    [
      ScenarioKey("constant", .duration, default: "", "Always the same."),
      uniform,
      distribution("exponential", "Waiting times without memory.", [mean]),
      distribution(
        "lognormal",
        "The exponential of a normal quantity, by its own mean and coefficient of variation, or by two "
          + "quantiles.", orQuantiles: [mean, variation]),
      distribution(
        "gamma", "A gamma quantity, by its mean and coefficient of variation.", [mean, variation]),
      distribution(
        "weibull", "A Weibull quantity, by scale and shape or by two quantiles.",
        orQuantiles: scaleAndShape),
      distribution(
        "pareto", "A power law above scale. The mean is infinite for a shape of 1 or less.",
        scaleAndShape),
      distribution(
        "normal",
        "A normal quantity, negative draws repeated; mean and cv are those before that.",
        [mean, variation]),
      ScenarioKey(
        "mix", .list(.object(component), atLeast: 1), default: "",
        "One of several distributions, by weight."),
      empirical,
    ])

  /// The group of a distribution of that name, or nil of one that is no object.
  static func ofDistribution(_ name: String) -> KeyGroup? {
    guard case .object(let group)? = distribution.keys.first(where: { $0.name == name })?.type
    else { return nil }
    return group
  }
}
