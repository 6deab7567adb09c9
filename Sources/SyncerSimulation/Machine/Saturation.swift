extension Int64 {
  /// The sum of two times in nanoseconds; the longest there is where it does not fit.
  ///
  /// A moment that never comes is `Int64.max`: whatever follows it never comes either.
  @inline(__always)
  func adding(saturating other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}
