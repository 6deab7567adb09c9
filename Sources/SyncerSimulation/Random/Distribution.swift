internal import CGSL

/// A random quantity, not negative; for costs the unit is seconds.
public indirect enum Distribution: Sendable, Equatable {
  /// Always the same value.
  case constant(Double)
  /// Every value between two bounds alike.
  case uniform(min: Double, max: Double)
  /// Waiting times without memory.
  case exponential(mean: Double)
  /// The exponential of a normal quantity, by its own mean and coefficient of variation.
  case lognormal(mean: Double, cv: Double)
  /// A gamma quantity, by its mean and coefficient of variation.
  case gamma(mean: Double, cv: Double)
  /// A Weibull quantity.
  case weibull(scale: Double, shape: Double)
  /// A power law above `scale`: density proportional to x^-(shape + 1).
  case pareto(scale: Double, shape: Double)
  /// A normal quantity, negative draws repeated; mean and cv are those before truncation.
  case normal(mean: Double, cv: Double)
  /// One of several distributions, with a probability proportional to its weight.
  case mix([Component])
  /// One of the values given, each alike.
  case empirical([Double])
  /// Another distribution whose draws are repeated until they lie between two bounds, both included.
  case truncated(Distribution, min: Double, max: Double)

  /// A distribution within a mix.
  public struct Component: Sendable, Equatable {
    /// Its probability, relative to the other weights.
    public var weight: Double
    /// The distribution.
    public var distribution: Distribution

    /// Makes a component.
    public init(weight: Double, of distribution: Distribution) {
      self.weight = weight
      self.distribution = distribution
    }
  }
}

extension Distribution {
  /// Draws a value.
  func sample(_ stream: borrowing RandomStream) -> Double {
    let generator = stream.generator
    switch self {
    case .constant(let value): return value
    case .uniform(let min, let max): return gsl_ran_flat(generator, min, max)
    case .exponential(let mean): return gsl_ran_exponential(generator, mean)
    case .lognormal: return PreparedDistribution(self).sample(stream)
    case .gamma(let mean, let cv):
      // Of a variation whose square is lost nothing is left in the last digit of a value either.
      let square = cv * cv
      return square > 1e-300 ? gsl_ran_gamma(generator, 1 / square, mean * square) : mean
    case .weibull(let scale, let shape): return gsl_ran_weibull(generator, scale, shape)
    case .pareto(let scale, let shape): return gsl_ran_pareto(generator, shape, scale)
    case .normal(let mean, let cv):
      while true {
        let value = mean + gsl_ran_gaussian_ziggurat(generator, mean * cv)
        if value >= 0 { return value }
      }
    case .mix(let components): return component(of: components, stream).sample(stream)
    case .empirical(let values):
      return values[Int(gsl_rng_uniform_int(generator, UInt(values.count)))]
    case .truncated(let whole, let min, let max):
      for _ in 0..<Self.mostDraws {
        let value = whole.sample(stream)
        if value >= min && value <= max { return value }
      }
      return min
    }
  }

  private func component(
    of components: [Component], _ stream: borrowing RandomStream
  ) -> Distribution {
    let scale = Self.scale(ofWeights: components.lazy.map(\.weight))
    var left = stream.uniform() * components.reduce(0) { $0 + $1.weight * scale }
    for component in components {
      left -= component.weight * scale
      if left < 0 { return component.distribution }
    }
    return components[components.count - 1].distribution
  }

  /// What weights are multiplied by so that their sum is a number; 1 where it is.
  static func scale(ofWeights weights: some Collection<Double>) -> Double {
    weights.reduce(0, +).isFinite ? 1 : 0.5 / Double(weights.count)
  }
}

/// A distribution with what its draws have in common worked out.
struct PreparedDistribution {
  private let original: Distribution
  /// The parameters of the normal quantity behind a lognormal one; nil for any other.
  private let normal: (mean: Double, deviation: Double)?

  init(_ distribution: Distribution) {
    original = distribution
    guard case .lognormal(let mean, let cv) = distribution else {
      normal = nil
      return
    }
    let variance = log1p(cv * cv)
    normal = (log(mean) - variance / 2, variance.squareRoot())
  }

  /// Draws a value.
  func sample(_ stream: borrowing RandomStream) -> Double {
    guard let normal else { return original.sample(stream) }
    return gsl_ran_lognormal(stream.generator, normal.mean, normal.deviation)
  }
}

/// Mean and variance in closed form, so that samples can be checked against them.
extension Distribution {
  /// The expected value; infinite for a Pareto shape of 1 or less.
  public var mean: Double {
    switch self {
    case .constant(let value): value
    case .uniform(let min, let max): (min + max) / 2
    case .exponential(let mean), .lognormal(let mean, _), .gamma(let mean, _): mean
    case .weibull(let scale, let shape): scale * Self.gamma(1 + 1 / shape)
    case .pareto(let scale, let shape): shape > 1 ? shape * scale / (shape - 1) : .infinity
    case .normal(let mean, let cv):
      cv == 0 ? mean : mean + mean * cv * Self.truncationHazard(cv)
    case .mix(let components): Self.weighted(components) { $0.mean }
    case .empirical(let values): values.reduce(0, +) / Double(values.count)
    case .truncated(let whole, let min, let max): whole.moment(1, from: min, to: max)
    }
  }

  /// The expected squared distance from the mean; infinite for a Pareto shape of 2 or less.
  public var variance: Double {
    switch self {
    case .constant: 0
    case .uniform(let min, let max): (max - min) * (max - min) / 12
    case .exponential(let mean): mean * mean
    case .lognormal(let mean, let cv), .gamma(let mean, let cv): mean * mean * cv * cv
    case .weibull(let scale, let shape):
      Self.finiteSquare(Self.gamma(1 + 1 / shape)).map {
        max(0, scale * scale * (Self.gamma(1 + 2 / shape) - $0))
      } ?? .infinity
    case .pareto(let scale, let shape):
      shape > 2
        ? scale * scale * shape / ((shape - 1) * (shape - 1) * (shape - 2)) : .infinity
    case .normal(let mean, let cv):
      cv == 0 ? 0 : gsl_pow_2(mean * cv) * Self.truncationVariance(cv)
    case .mix(let components):
      Self.weighted(components) { $0.variance + $0.mean * $0.mean } - mean * mean
    case .empirical(let values):
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    case .truncated(let whole, let min, let max):
      Swift.max(0, whole.moment(2, from: min, to: max) - mean * mean)
    }
  }

  static func weighted(
    _ components: [Component], _ value: (Distribution) -> Double
  ) -> Double {
    let most = components.map(\.weight).max() ?? 1
    let total = components.reduce(0) { $0 + $1.weight / most }
    return components.reduce(0) { $0 + $1.weight / most / total * value($1.distribution) }
  }

  /// The gamma function; infinity where it is larger than any number.
  private static func gamma(_ argument: Double) -> Double {
    GSLErrors.areReturned
    return argument.isFinite ? gsl_sf_gamma(argument) : .infinity
  }

  /// The square of a number; nil where that is infinite.
  private static func finiteSquare(_ value: Double) -> Double? {
    (value * value).isFinite ? value * value : nil
  }

  /// The hazard of a standard normal at the truncation point -1/cv.
  private static func truncationHazard(_ cv: Double) -> Double {
    GSLErrors.areReturned
    return gsl_ran_ugaussian_pdf(-1 / cv) / gsl_cdf_ugaussian_Q(-1 / cv)
  }

  /// The variance left by truncating a standard normal at -1/cv (Johnson, Kotz, Balakrishnan,
  /// Continuous Univariate Distributions 1, 13.10.1).
  private static func truncationVariance(_ cv: Double) -> Double {
    let hazard = truncationHazard(cv)
    return 1 - hazard / cv - hazard * hazard
  }
}
