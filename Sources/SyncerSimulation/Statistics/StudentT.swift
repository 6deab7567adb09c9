internal import CGSL

/// Student's t distribution: how far the mean of a small sample strays.
public enum StudentT {
  /// The value that a quantity with this distribution stays below with a probability.
  ///
  /// - Parameters:
  ///   - probability: Above 0 and below 1.
  ///   - degreesOfFreedom: Above 0; of a mean of n values, n - 1.
  /// - Returns: the quantile, by GSL's `gsl_cdf_tdist_Pinv`.
  public static func quantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    precondition(
      probability > 0 && probability < 1,
      "A probability lies above 0 and below 1; it is \(probability).")
    precondition(
      degreesOfFreedom > 0, "Degrees of freedom are above 0; they are \(degreesOfFreedom).")
    GSLErrors.areReturned
    return gsl_cdf_tdist_Pinv(probability, degreesOfFreedom)
  }

  /// How many standard errors a two-sided interval reaches to either side of a mean.
  ///
  /// - Parameters:
  ///   - confidence: The share of such intervals that hold the true mean, above 0 and below 1.
  ///   - count: The number of values, at least 2.
  /// - Returns: the quantile at (1 + confidence) / 2.
  static func factor(confidence: Double, count: Int) -> Double {
    quantile((1 + confidence) / 2, degreesOfFreedom: Double(count - 1))
  }
}
