extension Duration {
  /// The duration in whole nanoseconds, what is below one cut off, limited to an `Int64`'s 292 years.
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isTooLong) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || isTooLong ? (seconds < 0 ? .min : .max) : sum
  }

  /// The duration, at most a century: sleeping for `Int64.max` seconds traps in the runtime.
  var atMostACentury: Duration { min(self, .seconds(3_155_760_000)) }

  /// The duration in seconds, read to the nanosecond.
  ///
  /// Whole nanoseconds divided once are the nearest `Double` to the decimal; adding the two
  /// components of a `Duration` is not, and a size rule that truncates would notice.
  @inlinable
  package var inSeconds: Double {
    @inline(__always) get {
      let whole = attoseconds
      if let short = UInt64(exactly: whole) { return Double(short / 1_000_000_000) / 1e9 }
      return inSecondsOfComponents
    }
  }

  /// The same of a duration that is negative or longer than 18 seconds.
  @usableFromInline
  var inSecondsOfComponents: Double {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return Double(seconds) }
    return Double(scaled &+ attoseconds / 1_000_000_000) / 1e9
  }
}
