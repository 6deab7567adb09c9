internal import CGSL

/// Two quantiles, which say all of a distribution with two parameters.
struct Quantiles {
  /// A share of the draws, and what they are at most; of the smaller share, and of the larger.
  var low, high: (share: Double, value: Double)

  /// The percentages that can be named, each by a key such as `p95`.
  static let percentages = [1, 5, 10, 25, 50, 75, 90, 95, 99]

  /// The lognormal with these quantiles.
  var lognormal: Distribution {
    let (first, last) = (gsl_cdf_ugaussian_Pinv(low.share), gsl_cdf_ugaussian_Pinv(high.share))
    let deviation = log(high.value / low.value) / (last - first)
    let location = log(low.value) - deviation * first
    return .lognormal(
      mean: exp(location + deviation * deviation / 2),
      cv: gsl_expm1(deviation * deviation).squareRoot())
  }

  /// The Weibull distribution with these quantiles.
  var weibull: Distribution {
    func exponent(_ share: Double) -> Double { log(-log1p(-share)) }
    let shape = (exponent(high.share) - exponent(low.share)) / log(high.value / low.value)
    return .weibull(scale: low.value * exp(-exponent(low.share) / shape), shape: shape)
  }
}
