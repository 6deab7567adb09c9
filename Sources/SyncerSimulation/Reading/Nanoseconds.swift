internal import Syncer

/// The unit of virtual time.
enum Nanoseconds {
  /// Seconds as whole nanoseconds, limited to 100 years.
  @inline(__always)
  static func rounding(_ seconds: Double) -> Int64 {
    if !(seconds > 0) { return 0 }
    let exact = min(seconds, DurationText.limitSeconds) * 1e9
    // As `rounded()`, which is a call of the C library, and without a branch: which way a drawn
    // cost is rounded cannot be predicted.
    let whole = Int64(exact)
    return whole &+ Int64(2 * (exact - Double(whole)))
  }
}
