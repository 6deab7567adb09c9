internal import Syncer

extension Distribution {
  init(_ node: ScenarioNode, folder: String) throws(ScenarioError) {
    let object = try node.object(.distribution)
    let names = object.keys.filter { KeyGroup.distribution.exactlyOne.contains($0) }
    guard names.count == 1, let name = names.first else {
      throw node.error(
        "must name exactly one distribution",
        "choose one of: " + KeyGroup.distribution.exactlyOne.joined(separator: ", "))
    }
    let whole = try Self.read(name, object.required(name), folder: folder)
    self = try whole.within(object)
  }

  /// The distribution without what is beyond the bounds, where there are any.
  private func within(_ object: ScenarioObject) throws(ScenarioError) -> Distribution {
    let (least, most) = (object.optional("min"), object.optional("max"))
    guard let stricter = most ?? least else { return self }
    let bounds = (try least?.duration() ?? 0, try most?.duration() ?? .infinity)
    if bounds.1 < bounds.0 { throw stricter.error("is below \"min\"", "exchange the two") }
    if !(share(from: bounds.0, to: bounds.1) >= 0.001) {
      throw stricter.error(
        "leaves less than a thousandth of the draws", "choose bounds that the distribution meets")
    }
    return .truncated(self, min: bounds.0, max: bounds.1)
  }

  /// What is known by two quantiles; nil where none are given.
  private static func quantiles(
    _ object: ScenarioObject, besides own: [String]
  ) throws(ScenarioError) -> Quantiles? {
    let given = Quantiles.percentages.filter { object.optional("p\($0)") != nil }
    if given.isEmpty { return nil }
    for name in own {
      if let stray = object.optional(name) {
        throw stray.error("stands beside quantiles", "keep one of the two")
      }
    }
    guard given.count == 2 else {
      throw object.node.error(
        "needs two quantiles, but it has \(given.count)", "give two, such as \"p5\" and \"p95\"")
    }
    let nodes = given.map { object.node("p\($0)") }
    let values = (try nodes[0].positiveDuration(), try nodes[1].positiveDuration())
    if values.1 <= values.0 {
      throw nodes[1].error(
        "must be longer than \"p\(given[0])\"", "exchange the two, or write a constant")
    }
    return Quantiles(
      low: (Double(given[0]) / 100, values.0), high: (Double(given[1]) / 100, values.1))
  }

  /// A distribution whose parameters followed from quantiles, where they are what may be written.
  private static func checked(
    _ distribution: Distribution, _ node: ScenarioNode
  ) throws(ScenarioError) -> Distribution {
    let isWritable =
      switch distribution {
      case .lognormal(let mean, let cv): mean <= DurationText.limitSeconds && cv <= 1000
      case .weibull(let scale, let shape): scale <= DurationText.limitSeconds && shape >= 0.01
      default: true
      }
    if isWritable { return distribution }
    return try node.noted(
      node.error("has quantiles too far apart", "write ones that are nearer to each other"),
      distribution)
  }

  private static func read(
    _ name: String, _ node: ScenarioNode, folder: String
  ) throws(ScenarioError) -> Distribution {
    guard let group = KeyGroup.ofDistribution(name) else {
      return name == "mix"
        ? try mixture(node, folder: folder) : .constant(try node.duration())
    }
    let object = try node.object(group)
    switch name {
    case "uniform":
      let max = try object.required("max")
      let bounds = (try object.required("min").duration(), try max.duration())
      if bounds.1 < bounds.0 { throw max.error("is below \"min\"", "exchange the two") }
      return .uniform(min: bounds.0, max: bounds.1)
    case "exponential":
      return .exponential(mean: try object.required("mean").positiveDuration())
    case "lognormal", "gamma", "normal":
      if name == "lognormal", let two = try quantiles(object, besides: ["mean", "cv"]) {
        return try checked(two.lognormal, node)
      }
      let mean = try object.required("mean").positiveDuration()
      let cv = try object.required("cv").number(.variation)
      if name == "lognormal" { return .lognormal(mean: mean, cv: cv) }
      return name == "gamma" ? .gamma(mean: mean, cv: cv) : .normal(mean: mean, cv: cv)
    case "weibull", "pareto":
      if name == "weibull", let two = try quantiles(object, besides: ["scale", "shape"]) {
        return try checked(two.weibull, node)
      }
      let scale = try object.required("scale").positiveDuration()
      let shape = try object.required("shape").number(.positive)
      return name == "weibull"
        ? .weibull(scale: scale, shape: shape) : .pareto(scale: scale, shape: shape)
    default:
      let path = try object.required("path").filePath(in: folder)
      return .empirical(
        try DelimitedText.column(
          try object.required("column").text(), of: path, from: object.node("column")))
    }
  }

  private static func mixture(
    _ node: ScenarioNode, folder: String
  ) throws(ScenarioError) -> Distribution {
    .mix(
      try node.nonEmptyList { entry throws(ScenarioError) in
        let object = try entry.object(.component)
        return Component(
          weight: try object.required("weight").number(.positive),
          of: try object.required("of", else: .constant(1)) { cost throws(ScenarioError) in
            try Distribution(cost, folder: folder)
          })
      })
  }
}
