internal import CGSL

/// What several replications say about one quantity: where it lies and how sure that is.
public struct SampleStatistics: Sendable, Equatable {
  /// The share of intervals that hold the true mean.
  public static let confidence = 0.95

  /// How many values there are.
  public let count: Int
  /// Their mean.
  public let mean: Double
  /// Their median; of an even number, the mean of the two in the middle.
  public let median: Double
  /// The smallest value.
  public let least: Double
  /// The largest value.
  public let most: Double
  /// The standard deviation, with n - 1 in the denominator; nil for a single value.
  public let standardDeviation: Double?

  /// Sums up values, by GSL's `gsl_stats_` functions.
  ///
  /// - Parameter values: At least one, all finite; their order does not matter.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "Statistics need at least one value.")
    var sorted = values.sorted()
    count = sorted.count
    mean = gsl_stats_mean(&sorted, 1, sorted.count)
    median = gsl_stats_median_from_sorted_data(&sorted, 1, sorted.count)
    least = sorted[0]
    most = sorted[sorted.count - 1]
    standardDeviation = sorted.count > 1 ? gsl_stats_sd_m(&sorted, 1, sorted.count, mean) : nil
  }

  /// Half the width of the 95 % confidence interval of the mean; nil for a single value.
  ///
  /// t(0.975, n - 1) s / sqrt(n), with t the quantile of Student's distribution and s the standard
  /// deviation. It assumes values that are independent and not far from normal; Statistics.md says
  /// how far that holds.
  public var halfWidth: Double? {
    standardDeviation.map { deviation in
      let factor = StudentT.factor(confidence: Self.confidence, count: count)
      return factor * deviation / Double(count).squareRoot()
    }
  }

  /// The 95 % confidence interval of the mean; nil for a single value.
  public var interval: ClosedRange<Double>? {
    halfWidth.map { (mean - $0)...(mean + $0) }
  }

  /// Half the width of the interval over the mean; nil for a single value or a mean of 0 that is
  /// not certain.
  public var relativeHalfWidth: Double? {
    guard let halfWidth else { return nil }
    if halfWidth == 0 { return 0 }
    return mean == 0 ? nil : halfWidth / abs(mean)
  }

  /// Whether the interval excludes 0: of a difference, whether there is one.
  public var isDistinctFromZero: Bool {
    interval.map { !$0.contains(0) } ?? false
  }

  /// How many values a stated precision of the mean takes, as far as these tell.
  ///
  /// The smallest n with t(0.975, n - 1) s / sqrt(n) at most the precision times the mean, s and
  /// the mean being those of these values.
  ///
  /// - Parameter precision: Half the width of the interval over the mean, above 0.
  /// - Returns: at least 2; nil for a single value or a mean of 0, which tell nothing. Never more
  ///   than a billion.
  public func countNeeded(for precision: Double) -> Int? {
    precondition(precision > 0, "A precision is above 0; it is \(precision).")
    guard let deviation = standardDeviation else { return nil }
    if deviation == 0 { return 2 }
    let allowed = precision * abs(mean)
    guard allowed > 0 else { return nil }
    func suffices(_ count: Int) -> Bool {
      let factor = StudentT.factor(confidence: Self.confidence, count: count)
      return factor * deviation / Double(count).squareRoot() <= allowed
    }
    // The half width falls as the count grows: double until it suffices, then halve the gap.
    var enough = 2
    while !suffices(enough) {
      if enough >= 1_000_000_000 { return 1_000_000_000 }
      enough *= 2
    }
    var tooFew = enough / 2
    while enough - tooFew > 1 {
      let middle = (enough + tooFew) / 2
      if suffices(middle) { enough = middle } else { tooFew = middle }
    }
    return max(2, enough)
  }
}
