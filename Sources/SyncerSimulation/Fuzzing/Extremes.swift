internal import Syncer

extension Scenario {
  /// Puts the largest and the smallest that a scenario may say into some of its places.
  ///
  /// - Parameter seed: What decides where, and which.
  mutating func drawExtremes(seed: UInt64) {
    var extremes = Extremes(generator: SplitMix64(seed: seed))
    extremes.change(&self)
    // A load that changes all the time is given up after ten million changes: that takes seconds.
    if load.arrivals.map({ $0.meanGapSeconds + $0.durationSeconds < 1e5 }) ?? false {
      load.arrivals = nil
    }
    load.windows.removeAll { $0.everySeconds.map { $0 < 1e5 } ?? false }
  }
}

/// Draws values at the limits.
private struct Extremes {
  var generator: SplitMix64

  private mutating func one<Value>(of values: [Value]) -> Value {
    values[generator.next(below: values.count)]
  }

  private mutating func isHit() -> Bool { generator.next(below: 3) == 0 }

  private mutating func seconds() -> Double {
    let years = DurationText.limitSeconds
    return one(of: [1e-9, 1e-3, 1, 86_400, 1e8, years / 2, years])
  }

  private mutating func factor() -> Double {
    one(of: [1e-300, 1e-9, 0.5, 1e6, 1e12, 1e300, .leastNonzeroMagnitude])
  }

  private mutating func weight() -> Double { one(of: [1, 1e308, .leastNonzeroMagnitude]) }

  private mutating func distribution() -> Distribution {
    switch generator.next(below: 8) {
    case 0: .constant(one(of: [0, seconds()]))
    case 1: .uniform(min: 0, max: seconds())
    case 2: .lognormal(mean: seconds(), cv: one(of: [0, 1e-200, 1e-9, 1000]))
    case 3: .gamma(mean: seconds(), cv: one(of: [0, 1e-160, 1e-155, 1e-9, 1000]))
    case 4: .weibull(scale: seconds(), shape: one(of: [1e-300, 0.005, 1, 1e300]))
    case 5: .pareto(scale: seconds(), shape: one(of: [1e-300, 0.5, 1.0000001, 1e300]))
    case 6: .normal(mean: seconds(), cv: one(of: [0, 1e-300, 1000]))
    default:
      .mix([
        .init(weight: weight(), of: .constant(seconds())),
        .init(weight: weight(), of: .exponential(mean: seconds())),
      ])
    }
  }

  mutating func change(_ scenario: inout Scenario) {
    if isHit() { scenario.sync.chunkTimeSeconds = seconds() }
    if isHit() { scenario.sync.maximumDurationSeconds = seconds() }
    if isHit() { scenario.sync.timeLeftSeconds = seconds() }
    if isHit() { scenario.sync.itemLimit = one(of: [0, 1, Int.max]) }
    if isHit() { scenario.sync.chunkCap = one(of: [1, Int.max]) }
    for index in scenario.sync.weightCaps.indices where isHit() {
      scenario.sync.weightCaps[index].atMost = one(of: [1, Int.max])
    }
    if isHit() { scenario.workload.chunkOverhead = distribution() }
    if isHit() { scenario.workload.workers = one(of: [1, 2, 65_536]) }
    if isHit() { addLoad(to: &scenario) }
    if case .phases(var phases) = scenario.workload.source {
      for index in phases.indices where isHit() {
        phases[index].classes[0].handle = distribution()
        phases[index].classes[0].process = isHit() ? distribution() : .constant(0)
        phases[index].classes[0].weight = weight()
        if isHit() { phases[index].classes[0].hintNoise = one(of: [0, 1e-300, 1000]) }
        if isHit() { phases[index].count = 1 }
      }
      scenario.workload.source = .phases(phases)
    }
    if isHit(), var faults = scenario.faults {
      change(&faults)
      scenario.faults = faults
    }
  }

  private mutating func addLoad(to scenario: inout Scenario) {
    let years = DurationText.limitSeconds
    let from = one(of: [0, seconds()])
    scenario.load.windows.append(
      LoadWindow(
        fromSeconds: from, toSeconds: min(from + seconds(), years * 0.9) + 1e-9,
        slowdown: factor(), everySeconds: isHit() ? nil : years))
    if isHit() {
      scenario.load.arrivals = LoadArrivals(
        meanGapSeconds: seconds(), durationSeconds: seconds(), slowdown: factor())
    }
  }

  private mutating func change(_ faults: inout FaultSettings) {
    faults.restartSeconds = seconds()
    faults.crashes.meanGapSeconds = seconds()
    faults.cancelAtSeconds = seconds()
    faults.meanTimeBetweenFailuresSeconds = seconds()
    faults.slow = [SlowItems(probability: 1, slowdown: factor())]
    faults.onFailure.attempts = one(of: [1, 2, 1000])
    faults.onFailure.backoffSeconds = seconds()
    faults.onFailure.longestBackoffSeconds = max(faults.onFailure.backoffSeconds, seconds())
    faults.onFailure.maximumErrors = one(of: [0, Int.max])
  }
}
