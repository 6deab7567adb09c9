import Syncer
import SyncerSimulation
import Testing

/// Statistics of replications, against figures that others have published.
struct StatisticsTests {
  @Test(
    "quantiles of Student's t are those of the table in the NIST/SEMATECH e-Handbook, 1.3.6.7.2",
    arguments: [
      (0.975, 1, 12.706), (0.95, 5, 2.015), (0.975, 9, 2.262), (0.995, 10, 3.169),
      (0.975, 30, 2.042), (0.99, 60, 2.390), (0.975, 100, 1.984),
    ] as [(Double, Double, Double)])
  func quantiles(probability: Double, degreesOfFreedom: Double, published: Double) {
    let own = StudentT.quantile(probability, degreesOfFreedom: degreesOfFreedom)
    #expect(abs(own - published) <= 0.0005)
  }

  @Test("mean, median and deviation are those that GSL's own tests expect of their first data set")
  func referenceOfGSL() throws {
    let sample = SampleStatistics([
      0.0421, 0.0941, 0.1064, 0.0242, 0.1331, 0.0773, 0.0243, 0.0815, 0.1186, 0.0356, 0.0728,
      0.0999, 0.0614, 0.0479,
    ])
    #expect(abs(sample.mean - 0.0728) < 1e-15)
    #expect(abs(sample.median - 0.07505) < 1e-15)
    #expect(abs(try #require(sample.standardDeviation) - 0.035_013_447_965_910_7) < 1e-15)
    #expect(sample.least == 0.0242)
    #expect(sample.most == 0.1331)
  }

  @Test("a large mean and a small deviation: NumAcc1 of NIST's Statistical Reference Datasets")
  func numericalAccuracy() {
    let sample = SampleStatistics([10_000_001, 10_000_003, 10_000_002])
    #expect(sample.mean == 10_000_002)
    #expect(sample.standardDeviation == 1)
  }

  /// Hours of sleep gained by ten patients with either of two drugs.
  ///
  /// Student, The probable error of a mean, Biometrika 6 (1908). R prints the interval of the paired
  /// differences as -2.4598858 -0.7001142.
  private static let sleep: [(first: Double, second: Double)] = [
    (0.7, 1.9), (-1.6, 0.8), (-0.2, 1.1), (-1.2, 0.1), (-0.1, -0.1), (3.4, 4.4), (3.7, 5.5),
    (0.8, 1.6), (0, 4.6), (2, 3.4),
  ]

  @Test("paired differences of Student's sleep data have the interval that R prints")
  func pairedDifferences() throws {
    var results: [RunResult] = []
    for (index, hours) in Self.sleep.enumerated() {
      for (label, value) in [("second", hours.second), ("first", hours.first)] {
        results.append(
          RunResult(
            scenario: "sleep", scheduler: label, seed: 1, replication: index + 1,
            metrics: RunMetrics([.overshoot: value])))
      }
    }
    let statistics = MetricStatistics.all(results)
    #expect(statistics.map(\.scheduler) == ["second", "first"])
    #expect(statistics.first?.difference == nil)
    let difference = try #require(statistics.last?.difference)
    let interval = try #require(difference.interval)
    #expect(abs(difference.mean - -1.58) < 1e-12)
    #expect(abs(interval.lowerBound - -2.459_885_8) < 5e-8)
    #expect(abs(interval.upperBound - -0.700_114_2) < 5e-8)
    #expect(difference.isDistinctFromZero)
    // Unpaired, the same data show nothing: the two intervals overlap widely.
    let own = try statistics.map { try #require($0.sample.interval) }
    #expect(own[0].overlaps(own[1]))
  }

  @Test("differences are taken replication by replication, whatever the order of the runs")
  func pairingIsByReplication() throws {
    func run(_ label: String, _ replication: Int, _ value: Double) -> RunResult {
      RunResult(
        scenario: "s", scheduler: label, seed: 1, replication: replication,
        metrics: RunMetrics([.overshoot: value]))
    }
    let results = [
      run("a", 1, 1), run("a", 2, 10), run("a", 3, 100), run("b", 3, 101), run("b", 1, 2),
      run("b", 2, 11),
    ]
    let difference = try #require(MetricStatistics.all(results).last?.difference)
    #expect(difference.mean == 1)
    #expect(difference.standardDeviation == 0)
    #expect(difference.interval == 1...1)
  }

  @Test("one value has no interval, equal values one without width")
  func fewValues() {
    #expect(SampleStatistics([3]).interval == nil)
    #expect(SampleStatistics([3]).countNeeded(for: 0.1) == nil)
    #expect(SampleStatistics([3, 3]).interval == 3...3)
    #expect(SampleStatistics([3, 3]).relativeHalfWidth == 0)
    #expect(SampleStatistics([-1, 1]).relativeHalfWidth == nil)
    #expect(!SampleStatistics([-1, 1]).isDistinctFromZero)
  }

  @Test("the count for a precision is the smallest that reaches it", arguments: [0.5, 0.1, 0.02])
  func countNeeded(precision: Double) throws {
    let sample = SampleStatistics([1, 2, 3, 4])
    let count = try #require(sample.countNeeded(for: precision))
    let deviation = try #require(sample.standardDeviation)
    func halfWidth(_ count: Int) -> Double {
      let quantile = StudentT.quantile(0.975, degreesOfFreedom: Double(count - 1))
      return quantile * deviation / Double(count).squareRoot()
    }
    #expect(halfWidth(count) <= precision * 2.5)
    #expect(halfWidth(count - 1) > precision * 2.5)
    // With the normal quantile of 1.96 it is the textbook's (1.96 s / (precision mean))^2.
    let textbook = (1.96 * deviation / (precision * 2.5)) * (1.96 * deviation / (precision * 2.5))
    #expect(Double(count) >= textbook && Double(count) < textbook + 4)
  }

  @Test("19 of 20 intervals hold the true mean")
  func coverage() {
    var generator = SplitMix64(seed: 20)
    func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
    let trials = 4000
    let hits = (0..<trials).count { _ in
      let values = (0..<8).map { _ in (0..<6).reduce(0) { sum, _ in sum + uniform() } }
      let sample = SampleStatistics(values)
      return sample.interval?.contains(3) ?? false
    }
    // Five standard errors of a share of 0.95.
    let error = (0.95 * 0.05 / Double(trials)).squareRoot()
    #expect(abs(Double(hits) / Double(trials) - 0.95) < 5 * error, "\(hits) of \(trials)")
  }

  @Test("a precision is a percentage or a share")
  func precisionTexts() {
    for (text, share) in [("2%", 0.02), ("0.5 %", 0.005), ("0.1", 0.1)] {
      #expect(PrecisionGoal.share(text) == .success(share))
    }
    for text in ["", "%", "two", "0", "-1%", "100%", "nan", "inf"] {
      guard case .failure(let error) = PrecisionGoal.share(text) else {
        Issue.record("\(text) is read as a precision")
        continue
      }
      #expect(error.description.contains("\"\(text)\""))
    }
  }

  /// Twelve items of random cost: replications differ.
  private static let random = Scenario(
    name: "random", sync: SyncSettings(chunkTimeSeconds: 2),
    workload: WorkloadSettings(
      source: .phases([
        WorkloadPhase(
          count: 12, classes: [ItemClass(name: "x", handle: .exponential(mean: 1))])
      ])),
    schedulers: [SchedulerSettings("moving-average"), SchedulerSettings("deadline")])

  @Test("replications are added until the precision is reached, and are those of a longer run")
  func adding() async throws {
    let goal = PrecisionGoal(precision: 0.1, metrics: [.makespan])
    let results = try await Experiment(Self.random).run(until: goal)
    let count = results.count / 2
    #expect(count > PrecisionGoal.fewest && count < 200, "\(count)")
    #expect(goal.isReached(by: results))
    #expect(goal.verdict(results).contains("reached with \(count) replications"))
    var scenario = Self.random
    scenario.replications = count
    let atOnce = try await Experiment(scenario).run()
    #expect(results == atOnce)
  }

  @Test("the maximum ends the search, and the verdict says how many it would take")
  func maximum() async throws {
    let goal = PrecisionGoal(precision: 0.001, metrics: [.makespan], maximum: 12)
    let results = try await Experiment(Self.random).run(until: goal)
    #expect(results.count == 24)
    let verdict = goal.verdict(results)
    #expect(verdict.contains("not reached with 12 replications"), "\(verdict)")
    #expect(verdict.contains("About \(goal.needed(results)) are needed"), "\(verdict)")
    #expect(goal.needed(results) > 10_000)
  }
}
