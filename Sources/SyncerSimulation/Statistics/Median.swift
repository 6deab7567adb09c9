internal import CGSL

/// The median, by GSL; NaN without values.
func median(_ values: [Double]) -> Double {
  if values.isEmpty { return .nan }
  var sorted = values.sorted()
  return gsl_stats_median_from_sorted_data(&sorted, 1, sorted.count)
}
