/// By how much a simulated run may differ from real numbers, as it rounds times to nanoseconds.
///
/// Half a nanosecond is lost or won with every item and twice with every chunk. What is late meets
/// another load, and then takes at most the ratio of the factors as long.
struct Rounding {
  /// By how much a moment may be late, in seconds.
  let drift: Double

  init(items: Int, factors: ClosedRange<Double>) {
    drift = 3 * Double(items) * 0.5e-9 * factors.upperBound / factors.lowerBound
  }

  /// The least that a sum of squared misses of some chunks can be that is so much in real numbers.
  func least(_ squares: Double, chunks: Int) -> Double {
    let root = max(0, squares.squareRoot() - 2 * drift * Double(chunks).squareRoot())
    return root * root
  }

  /// The most that it can be.
  func most(_ squares: Double, chunks: Int) -> Double {
    let root = squares.squareRoot() + 2 * drift * Double(chunks).squareRoot()
    return root * root
  }
}
