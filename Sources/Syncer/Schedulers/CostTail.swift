/// How often single items of a class took a long time, in multiples of the target.
///
/// A mean and a variance do not see an item in ten thousand that takes as long as all the others
/// of its chunk together; a count does.
struct CostTail: Sendable, Equatable {
  /// Counts of items longer than about 2^((i - 16) / 4) targets.
  ///
  /// Buckets are linear within an octave. Empty until an item is longer than a sixteenth.
  private var longer: [Double] = []
  private var items = 0.0

  /// What is shorter, in targets, is not counted.
  static let shortest = 0.0625
  private static let bucketsPerOctave = 4
  private static let lowest = -4
  private static let bucketCount = 32
  /// After so many items the older half counts half.
  private static let memory = 20_000.0

  /// Whether no item was longer than a sixteenth of the target.
  var isEmpty: Bool { longer.isEmpty }

  /// Adds a long item, by its seconds over the target.
  mutating func addLong(_ multiple: Double) {
    guard let bucket = CostTail.bucket(multiple) else { return }
    if longer.isEmpty { longer = [Double](repeating: 0, count: CostTail.bucketCount) }
    for lower in 0...bucket { longer[lower] += 1 }
  }

  /// Counts the items of a finished chunk, the long ones among them.
  mutating func count(_ finished: Int) {
    items += Double(finished)
    guard items > CostTail.memory else { return }
    items /= 2
    for bucket in longer.indices { longer[bucket] /= 2 }
  }

  /// The share of items that took between two multiples of the target, those of the open chunk
  /// included.
  func share(from low: Double, to high: Double, openItems: Double) -> Double {
    guard !longer.isEmpty, high > low, let first = CostTail.bucket(low) else { return 0 }
    let above = CostTail.bucket(high).map { $0 + 1 < longer.count ? longer[$0 + 1] : 0 } ?? 0
    return max(0, longer[first] - above) / (items + openItems)
  }

  /// The bucket of a multiple; nil below the lowest.
  private static func bucket(_ multiple: Double) -> Int? {
    guard multiple >= shortest, multiple.isFinite else { return multiple == .infinity ? 31 : nil }
    let mantissa = Int((multiple.significand - 1) * Double(bucketsPerOctave))
    let octave = Int(multiple.exponent) - lowest
    return min(octave * bucketsPerOctave + mantissa, bucketCount - 1)
  }
}
