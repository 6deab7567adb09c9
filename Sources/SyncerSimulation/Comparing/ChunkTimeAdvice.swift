internal import Syncer

/// Which chunk time finishes a sync soonest where the process fails at random.
///
/// Short chunks pay the overhead of many, long ones lose much to a failure. The best is found by
/// running the scenario, and put beside Young's estimate, which knows only the overhead.
public struct ChunkTimeAdvice: Sendable, Equatable {
  /// The label of the scheduler.
  public let scheduler: String
  /// The scenario's chunk time, in seconds.
  public let givenSeconds: Double
  /// What completion is expected to take with it, in seconds.
  public let givenExpectedSeconds: Double
  /// The best chunk time tried, in seconds.
  public private(set) var bestSeconds: Double
  /// What completion is expected to take with that, in seconds.
  public private(set) var bestExpectedSeconds: Double
  /// sqrt(2 o M) for the mean overhead of a chunk, in seconds; nil without overhead.
  public let youngSeconds: Double?
  /// The mean time between failures, in seconds.
  public let meanTimeBetweenFailures: Double

  /// Runs a scenario with chunk times around the given and the estimated one.
  ///
  /// From a sixteenth of the smaller to sixteen times the larger in steps of sqrt 2, and then eight
  /// finer steps on either side of the best. Faults that scenarios inject are left out: the metric
  /// has its own. Nil without a chunk time or a mean time between failures.
  ///
  /// - Parameters:
  ///   - scenario: The scenario.
  ///   - settings: The scheduler.
  /// - Throws: what `Simulation.run` throws.
  public init?(_ scenario: Scenario, _ settings: SchedulerSettings) async throws {
    guard let given = scenario.sync.chunkTimeSeconds, let faults = scenario.faults,
      let mean = faults.meanTimeBetweenFailuresSeconds
    else { return nil }
    var calm = scenario
    calm.faults = FaultSettings(
      slow: faults.slow, restartSeconds: faults.restartSeconds,
      meanTimeBetweenFailuresSeconds: mean)
    let trial = Trial(try Simulation(calm), settings)
    let metrics = try await trial.run(chunkSeconds: given)
    scheduler = settings.label
    givenSeconds = given
    meanTimeBetweenFailures = mean
    givenExpectedSeconds = metrics[.expectedCompletion] ?? .infinity
    let overhead =
      (metrics[.overheadShare] ?? 0) * (metrics[.makespan] ?? 0) / max(1, metrics[.chunks] ?? 1)
    let young = overhead > 0 ? trial.completion.bestChunkSeconds(overheadSeconds: overhead) : nil
    youngSeconds = young
    bestSeconds = given
    bestExpectedSeconds = givenExpectedSeconds
    let (low, high) = (min(given, young ?? given) / 16, max(given, young ?? given) * 16)
    var coarse: [Double] = []
    while coarse.last ?? 0 < high { coarse.append((coarse.last ?? low) * 2.0.squareRoot()) }
    try await search(coarse, trial)
    let center = bestSeconds
    // Steps of 2^(1/16).
    try await search((-8...8).map { center * Self.power($0) }, trial)
  }

  private static func power(_ sixteenths: Int) -> Double {
    let step = 2.0.squareRoot().squareRoot().squareRoot().squareRoot()
    let size = (0..<abs(sixteenths)).reduce(1.0) { product, _ in product * step }
    return sixteenths < 0 ? 1 / size : size
  }

  private mutating func search(_ times: [Double], _ trial: Trial) async throws {
    for seconds in times where Nanoseconds.rounding(seconds) > 0 {
      let metrics = try await trial.run(chunkSeconds: seconds)
      guard let expected = metrics[.expectedCompletion], expected < bestExpectedSeconds else {
        continue
      }
      bestSeconds = seconds
      bestExpectedSeconds = expected
    }
  }

  /// What to set the chunk time to, and why, in a sentence or two.
  public var sentence: String {
    let text = DurationText.text
    let gain = (1 - bestExpectedSeconds / givenExpectedSeconds) * 100
    let estimate =
      youngSeconds.map { "Young's estimate from the overhead of a chunk is \(text($0))" }
      ?? "without a cost per chunk, shorter is safer"
    return
      "With a failure every \(text(meanTimeBetweenFailures)) on average, \(scheduler) is expected "
      + "to complete in \(text(givenExpectedSeconds)) at a chunk time of \(text(givenSeconds)); best "
      + "of those tried is \(text(bestSeconds)) with \(text(bestExpectedSeconds)), "
      + "\(DurationText.significant(gain)) % sooner. By comparison, \(estimate)."
  }
}

/// Runs one scenario with other chunk times.
private struct Trial {
  let simulation: Simulation
  let settings: SchedulerSettings
  let completion: ExpectedCompletion

  init(_ simulation: Simulation, _ settings: SchedulerSettings) {
    self.simulation = simulation
    self.settings = settings
    let faults = simulation.scenario.faults
    completion = ExpectedCompletion(
      meanTimeBetweenFailures: faults?.meanTimeBetweenFailuresSeconds ?? .infinity,
      restartSeconds: faults?.restartSeconds ?? 0)
  }

  func run(chunkSeconds: Double) async throws -> RunMetrics {
    try await simulation.with(chunkSeconds: chunkSeconds).run(settings)
  }
}
