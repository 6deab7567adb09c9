internal import CGSL
internal import Syncer

/// Chunk times to try, rounded as people write them.
enum ChunkTimes {
  /// The chunk time times powers of two, from one exponent to another in steps of one over `steps`.
  static func around(_ seconds: Double, from least: Double, to most: Double, steps: Int) -> [Double]
  {
    let (first, last) = (
      Int((least * Double(steps)).rounded()), Int((most * Double(steps)).rounded())
    )
    return distinct((first...max(first, last)).map { seconds * exp2(Double($0) / Double(steps)) })
  }

  /// Chunk times in order, each once, of at least a nanosecond and at most 100 years.
  static func distinct(_ seconds: [Double]) -> [Double] {
    var times: [Double] = []
    for time in seconds.map({ rounded($0, digits: 3) }).sorted()
    where time >= 1e-9 && time <= DurationText.limitSeconds && times.last.map({ time > $0 }) ?? true
    {
      times.append(time)
    }
    return times
  }

  /// A number above zero with so many significant digits.
  static func rounded(_ value: Double, digits: Int) -> Double {
    let exponent = Int(log10(value).rounded(.down)) - digits + 1
    // Dividing by a power of ten is exact where multiplying by 0.001 is not.
    let scale = gsl_pow_int(10, Int32(abs(exponent)))
    return exponent < 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
  }
}
