internal import Syncer

/// The rival schedulers, at their projects' own constants.
extension SchedulerKind {
  /// The rivals, by name.
  static let rivals = [
    percona, spirit, gitlab, joblib, sparkPID, chunky, flink, timeBox, halfRule, g1, beam, fiftyOne,
    actionScheduler,
  ]

  private static func first(_ standard: Double) -> SchedulerParameter {
    SchedulerParameter("firstSize", .whole, in: sizes, default: standard, "the first chunk")
  }

  private static func least(_ standard: Double?) -> SchedulerParameter {
    SchedulerParameter("minSize", .whole, in: sizes, default: standard, "the smallest chunk")
  }

  private static func most(_ standard: Double?) -> SchedulerParameter {
    SchedulerParameter("maxSize", .whole, in: sizes, default: standard, "the largest chunk")
  }

  private static let percona = SchedulerKind(
    name: "percona", summary: "pt-online-schema-change: a ratio of decayed sums",
    parameters: [
      first(1000),
      SchedulerParameter(
        "decay", .real, in: 0.001...0.999, default: 0.75, "what older chunks keep"),
    ]
  ) { values in
    PerconaScheduler(firstSize: values.whole("firstSize"), decay: values.real("decay"))
  }

  private static let spirit = SchedulerKind(
    name: "spirit", summary: "block/spirit: the 90th percentile of eleven chunks, and panic",
    parameters: [
      first(1000), least(10), most(100_000),
      SchedulerParameter("growth", .real, in: 1.001...1000, default: 1.5, "the largest step up"),
      SchedulerParameter(
        "panicFactor", .real, in: 1...1e6, default: 5, "targets a chunk may take before panic"),
      SchedulerParameter(
        "panicDivisor", .real, in: 1.001...1e6, default: 10, "what panic divides the size by"),
      SchedulerParameter("window", .whole, in: 2...1000, default: 11, "chunks per decision"),
    ]
  ) { values in
    SpiritScheduler(
      firstSize: values.whole("firstSize"), minSize: values.whole("minSize"),
      maxSize: values.whole("maxSize"), growth: values.real("growth"),
      panicFactor: values.real("panicFactor"), panicDivisor: values.real("panicDivisor"),
      window: values.whole("window"))
  }

  private static let gitlab = SchedulerKind(
    name: "gitlab", summary: "GitLab's batched migrations: smoothed efficiency of twenty jobs",
    parameters: [
      first(1000), least(1000), most(2_000_000),
      SchedulerParameter(
        "smoothing", .real, in: 0.001...1, default: 0.4, "the newest job's weight"),
      SchedulerParameter("jobs", .whole, in: 1...10_000, default: 20, "jobs before a decision"),
      SchedulerParameter("growth", .real, in: 1.001...1000, default: 1.2, "the largest step up"),
    ]
  ) { values in
    GitLabScheduler(
      firstSize: values.whole("firstSize"), minSize: values.whole("minSize"),
      maxSize: values.whole("maxSize"), smoothing: values.real("smoothing"),
      jobs: values.whole("jobs"), growth: values.real("growth"))
  }

  private static let joblib = SchedulerKind(
    name: "joblib", summary: "joblib's automatic batches: doubling inside a window of seconds",
    parameters: [
      first(1),
      SchedulerParameter(
        "minDuration", .duration, in: 1e-6...1e9, default: nil,
        "shorter batches grow; half the target unless given (the project's own: 200ms)"),
      SchedulerParameter(
        "maxDuration", .duration, in: 1e-6...1e9, default: nil,
        "longer batches shrink; five times the target unless given (the project's own: 2s)"),
      SchedulerParameter(
        "smoothing", .real, in: 0.001...1, default: 0.2, "the newest batch's weight"),
    ]
  ) { values in
    JoblibScheduler(
      firstSize: values.whole("firstSize"), minSeconds: values.optional("minDuration"),
      maxSeconds: values.optional("maxDuration"), smoothing: values.real("smoothing"))
  }

  private static let sparkPID = SchedulerKind(
    name: "spark-pid", summary: "Spark Streaming's rate estimator: a PID controller",
    parameters: [
      first(5),
      SchedulerParameter("proportional", .real, in: 0...100, default: 1, "the error's weight"),
      SchedulerParameter("integral", .real, in: 0...100, default: 0.2, "the backlog's weight"),
      SchedulerParameter("derivative", .real, in: 0...100, default: 0, "the change's weight"),
      SchedulerParameter(
        "minRate", .real, in: 1e-9...1e9, default: 100, "the lowest rate, items per second"),
    ]
  ) { values in
    SparkPIDScheduler(
      firstSize: values.whole("firstSize"), proportional: values.real("proportional"),
      integral: values.real("integral"), derivative: values.real("derivative"),
      minRate: values.real("minRate"))
  }

  private static let chunky = SchedulerKind(
    name: "chunky", summary: "vend/chunky: a moving average of rates",
    parameters: [
      first(500), least(nil), most(nil),
      SchedulerParameter(
        "smoothing", .real, in: 0.001...1, default: 0.3, "the newest rate's weight"),
    ]
  ) { values in
    ChunkyScheduler(
      firstSize: values.whole("firstSize"), smoothing: values.real("smoothing"),
      minSize: values.optionalWhole("minSize"), maxSize: values.optionalWhole("maxSize"))
  }

  private static let flink = SchedulerKind(
    name: "flink", summary: "Flink's buffer debloating: a moving average of sizes, from the top",
    parameters: [
      least(1), most(1000),
      SchedulerParameter("samples", .whole, in: 1...10_000, default: 20, "the average's length"),
      SchedulerParameter(
        "threshold", .real, in: 0...1, default: 0.25, "the change that is announced"),
    ]
  ) { values in
    FlinkScheduler(
      minSize: values.whole("minSize"), maxSize: values.whole("maxSize"),
      samples: values.whole("samples"), threshold: values.real("threshold"))
  }

  private static let timeBox = SchedulerKind(
    name: "time-box", summary: "looks at the clock: takes items until the target is reached",
    parameters: []
  ) { _ in TimeBoxScheduler() }

  private static let halfRule = SchedulerKind(
    name: "half-rule", summary: "takes an item if half of it fits, by plain means per class",
    parameters: []
  ) { _ in HalfRuleScheduler() }

  private static let g1 = SchedulerKind(
    name: "g1", summary: "the G1 garbage collector: mandatory items, then rounds of optional ones",
    parameters: [
      SchedulerParameter(
        "smoothing", .real, in: 0.001...0.999, default: 0.3, "the newest chunk's weight"),
      SchedulerParameter("confidence", .real, in: 0...100, default: 0.5, "deviations added"),
      SchedulerParameter(
        "optionalShare", .real, in: 0...1, default: 0.2, "the target's part for optional items"),
      SchedulerParameter(
        "roundShare", .real, in: 0.001...1, default: 0.75, "what a round fills of the time left"),
    ]
  ) { values in
    G1Scheduler(
      smoothing: values.real("smoothing"), confidence: values.real("confidence"),
      optionalShare: values.real("optionalShare"), roundShare: values.real("roundShare"))
  }

  private static let beam = SchedulerKind(
    name: "beam", summary: "Apache Beam's batches: a line through sizes and times",
    parameters: [
      least(1), most(10_000),
      SchedulerParameter("growth", .real, in: 1.001...1000, default: 2, "the largest step up"),
      SchedulerParameter(
        "variance", .real, in: 0...1, default: 0.25, "how far sizes are spread around the aim"),
    ]
  ) { values in
    BeamScheduler(
      minSize: values.whole("minSize"), maxSize: values.whole("maxSize"),
      growth: values.real("growth"), variance: values.real("variance"))
  }

  private static let fiftyOne = SchedulerKind(
    name: "fiftyone", summary: "FiftyOne's latency batcher: every chunk scales the next",
    parameters: [
      first(1), least(1), most(100_000),
      SchedulerParameter(
        "growth", .real, in: 1.001...1000, default: 8, "the largest step, up or down"),
    ]
  ) { values in
    FiftyOneScheduler(
      firstSize: values.whole("firstSize"), minSize: values.whole("minSize"),
      maxSize: values.whole("maxSize"), growth: values.real("growth"))
  }

  private static let actionScheduler = SchedulerKind(
    name: "action-scheduler", summary: "WooCommerce's queue: stops when three more would be late",
    parameters: [
      SchedulerParameter("ahead", .real, in: 0...1e6, default: 3, "items that have to fit"),
      SchedulerParameter(
        "claim", .whole, in: sizes, default: nil,
        "the most items of a chunk; no limit unless given (the project's own: 25)"),
    ]
  ) { values in
    ActionScheduler(ahead: values.real("ahead"), claim: values.optionalWhole("claim"))
  }
}
