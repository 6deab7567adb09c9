internal import CGSL

extension Distribution {
  /// How often a draw is repeated until it lies between the bounds.
  static let mostDraws = 1_000_000

  /// The share of draws between two bounds, both included.
  func share(from least: Double, to most: Double) -> Double {
    moment(0, upTo: most) - moment(0, upTo: least, isBelow: true)
  }

  /// The mean of the k-th powers of what is between two bounds, both included.
  func moment(_ power: Int, from least: Double, to most: Double) -> Double {
    let part = moment(power, upTo: most) - moment(power, upTo: least, isBelow: true)
    return part / share(from: least, to: most)
  }

  /// The part of the mean of k-th powers that values up to a bound contribute; with `isBelow`, those
  /// below it.
  ///
  /// The partial moments are textbook integrals: Johnson, Kotz, Balakrishnan, Continuous Univariate
  /// Distributions 1, chapters 13 (normal), 14 (lognormal), 17 (gamma), 20 (Pareto), 21 (Weibull).
  func moment(_ power: Int, upTo bound: Double, isBelow: Bool = false) -> Double {
    GSLErrors.areReturned
    if bound < 0 || bound == 0 && isBelow { return 0 }
    let order = Double(power)
    switch self {
    case .constant(let value):
      return value < bound || value == bound && !isBelow ? raised(value, power) : 0
    case .uniform(let min, let max):
      if min == max {
        return Distribution.constant(min).moment(power, upTo: bound, isBelow: isBelow)
      }
      let end = Swift.min(Swift.max(bound, min), max)
      return (raised(end, power + 1) - raised(min, power + 1)) / ((order + 1) * (max - min))
    case .exponential(let mean):
      return Distribution.gamma(mean: mean, cv: 1).moment(power, upTo: bound)
    case .lognormal(let mean, let cv), .gamma(let mean, let cv), .normal(let mean, let cv):
      if cv * cv <= 1e-300 {
        return Distribution.constant(mean).moment(power, upTo: bound, isBelow: isBelow)
      }
      return ofMeanAndVariation(power, upTo: bound, mean: mean, cv: cv)
    case .weibull(let scale, let shape):
      let whole = raised(scale, power) * gsl_sf_gamma(1 + order / shape)
      return bound.isInfinite
        ? whole : whole * gsl_cdf_gamma_P(pow(bound / scale, shape), 1 + order / shape, 1)
    case .pareto(let scale, let shape):
      if bound <= scale { return 0 }
      if bound.isInfinite && order >= shape { return .infinity }
      if order == shape { return shape * raised(scale, power) * log(bound / scale) }
      let rest = bound.isInfinite ? 0 : pow(scale / bound, shape - order)
      return shape * raised(scale, power) / (shape - order) * (1 - rest)
    case .mix(let components):
      return Self.weighted(components) { $0.moment(power, upTo: bound, isBelow: isBelow) }
    case .empirical(let values):
      let below = values.filter { $0 < bound || $0 == bound && !isBelow }
      return below.reduce(0) { $0 + raised($1, power) } / Double(values.count)
    case .truncated(let whole, let least, let most):
      if bound < least || bound == least && isBelow { return 0 }
      let upper = whole.moment(
        power, upTo: Swift.min(bound, most), isBelow: isBelow && bound <= most)
      let lower = whole.moment(power, upTo: least, isBelow: true)
      return (upper - lower) / whole.share(from: least, to: most)
    }
  }

  /// The same of those that have a mean and a coefficient of variation above zero.
  private func ofMeanAndVariation(
    _ power: Int, upTo bound: Double, mean: Double, cv: Double
  ) -> Double {
    let order = Double(power)
    let square = cv * cv
    switch self {
    case .lognormal:
      let variance = log1p(square)
      let whole = raised(mean, power) * exp(variance * order * (order - 1) / 2)
      if bound.isInfinite || bound == 0 { return bound == 0 ? 0 : whole }
      let centre = log(mean) + variance * (order - 0.5)
      return whole * gsl_cdf_ugaussian_P((log(bound) - centre) / variance.squareRoot())
    case .gamma:
      let rising = power == 2 ? 1 + square : 1
      let whole = raised(mean, power) * rising
      return bound.isInfinite
        ? whole : whole * gsl_cdf_gamma_P(bound, 1 / square + order, mean * square)
    default:
      return ofNormal(power, upTo: bound, mean: mean, deviation: mean * cv)
    }
  }

  /// The same of a normal quantity without what is below zero.
  private func ofNormal(
    _ power: Int, upTo bound: Double, mean: Double, deviation: Double
  ) -> Double {
    let (low, high) = (-mean / deviation, (bound - mean) / deviation)
    let share = gsl_cdf_ugaussian_Q(low) - (bound.isInfinite ? 0 : gsl_cdf_ugaussian_Q(high))
    let density = (low: gsl_ran_ugaussian_pdf(low), high: gsl_ran_ugaussian_pdf(high))
    let end = bound.isInfinite ? 0 : density.high
    let part: Double
    switch power {
    case 0: part = share
    case 1: part = mean * share + deviation * (density.low - end)
    default:
      let edges = mean * density.low - (bound.isInfinite ? 0 : (bound + mean) * density.high)
      part = (mean * mean + deviation * deviation) * share + deviation * edges
    }
    return part / gsl_cdf_ugaussian_Q(low)
  }

  private func raised(_ value: Double, _ power: Int) -> Double {
    gsl_pow_int(value, Int32(power))
  }
}
