import SyncerSimulation
import Testing

/// Samples against the mean and the variance in closed form, by way of workloads.
struct DistributionTests {
  struct Named: Sendable, CustomTestStringConvertible {
    var name: String
    var distribution: Distribution
    var testDescription: String { name }
  }

  /// Shapes are chosen so that the fourth moment exists: the standard error of a variance needs it.
  static let cases = [
    Named(name: "constant", distribution: .constant(2.5)),
    Named(name: "uniform", distribution: .uniform(min: 1, max: 4)),
    Named(name: "exponential", distribution: .exponential(mean: 3)),
    Named(name: "lognormal", distribution: .lognormal(mean: 2, cv: 0.5)),
    Named(name: "lognormal without variation", distribution: .lognormal(mean: 2, cv: 0)),
    Named(name: "gamma, bell", distribution: .gamma(mean: 5, cv: 0.3)),
    Named(name: "gamma, steeper than exponential", distribution: .gamma(mean: 1, cv: 1.5)),
    Named(name: "gamma without variation", distribution: .gamma(mean: 5, cv: 0)),
    Named(name: "weibull, falling", distribution: .weibull(scale: 2, shape: 0.8)),
    Named(name: "weibull, bell", distribution: .weibull(scale: 2, shape: 3)),
    Named(name: "pareto", distribution: .pareto(scale: 1, shape: 9)),
    Named(name: "normal, hardly truncated", distribution: .normal(mean: 10, cv: 0.1)),
    Named(name: "normal, truncated", distribution: .normal(mean: 1, cv: 0.7)),
    Named(name: "normal, heavily truncated", distribution: .normal(mean: 1, cv: 4)),
    Named(name: "normal without variation", distribution: .normal(mean: 1, cv: 0)),
    Named(
      name: "mix",
      distribution: .mix([
        .init(weight: 9, of: .exponential(mean: 1)),
        .init(weight: 1, of: .gamma(mean: 20, cv: 0.5)),
      ])),
    Named(
      name: "mix of mixes",
      distribution: .mix([
        .init(weight: 0.5, of: .mix([.init(weight: 3, of: .uniform(min: 0, max: 1))])),
        .init(weight: 0.25, of: .normal(mean: 5, cv: 0.5)),
      ])),
    Named(name: "empirical", distribution: .empirical([1, 2, 2, 7, 0, 11.5])),
  ]

  static let sampleCount = 60_000

  @Test(
    "sample mean and variance are within 5 standard errors of the closed form",
    arguments: cases, [0, 1, 20_260] as [UInt64])
  func moments(named: Named, seed: UInt64) throws {
    let distribution = named.distribution
    let itemClass = ItemClass(name: "x", handle: distribution)
    let workload = try Workload(.single([itemClass], count: Self.sampleCount, seed: seed))
    let sample = workload.handleNanoseconds.map { Double($0) / 1e9 }
    try #require(sample.count == Self.sampleCount)
    let count = Double(sample.count)
    let mean = sample.reduce(0, +) / count
    let central = sample.map { $0 - mean }
    let variance = central.reduce(0) { $0 + $1 * $1 } / (count - 1)
    let fourth = central.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    // Costs are whole nanoseconds.
    let rounding = 1e-9
    let errorOfMean = (distribution.variance / count).squareRoot()
    #expect(
      abs(mean - distribution.mean) <= 5 * errorOfMean + rounding,
      "\(named.name), seed \(seed): mean \(mean) instead of \(distribution.mean)")
    let errorOfVariance = (max(0, fourth - variance * variance) / count).squareRoot()
    #expect(
      abs(variance - distribution.variance) <= 5 * errorOfVariance + rounding,
      "\(named.name), seed \(seed): variance \(variance) instead of \(distribution.variance)")
    #expect(sample.allSatisfy { $0 >= 0 })
  }

  @Test("means and variances in closed form are the known ones")
  func closedForms() {
    let cases: [(Distribution, mean: Double, variance: Double)] = [
      (.uniform(min: 1, max: 4), 2.5, 0.75),
      (.exponential(mean: 3), 3, 9),
      (.weibull(scale: 2, shape: 1), 2, 4),
      (.pareto(scale: 1, shape: 3), 1.5, 0.75),
      (.pareto(scale: 1, shape: 1), .infinity, .infinity),
      (.pareto(scale: 1, shape: 2), 2, .infinity),
      (.mix([.init(weight: 1, of: .constant(0)), .init(weight: 3, of: .constant(4))]), 3, 3),
      (.empirical([1, 2, 3, 6]), 3, 3.5),
    ]
    for (distribution, mean, variance) in cases {
      let close =
        distribution.mean == mean || abs(distribution.mean - mean) < 1e-12 * mean
      let alike =
        distribution.variance == variance
        || abs(distribution.variance - variance) < 1e-12 * variance
      #expect(close, "\(distribution): mean \(distribution.mean)")
      #expect(alike, "\(distribution): variance \(distribution.variance)")
    }
    // A half normal: mean sqrt(2/pi), variance 1 - 2/pi, in the limit of a large cv.
    let half = Distribution.normal(mean: 1e-9, cv: 1e9)
    #expect(abs(half.mean - 0.797_884_560_8) < 1e-6)
    #expect(abs(half.variance - 0.363_380_227_6) < 1e-6)
  }
}
