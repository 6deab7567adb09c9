public import Syncer

/// The rule of vend/chunky: a moving average of rates, bounded around the first size.
///
/// After a chunk of `n` items and `d` seconds at target `T`,
///
///     rate = smoothing * (n / d) + (1 - smoothing) * rate        (at first firstSize / T)
///     size = clamp(round(rate * T), minSize, maxSize)
///
/// A mean of rates: one fast chunk counts as much as one that took hours.
///
/// Source: vend/chunky 1.1.0, `src/Chunk.php` at d95312c7.
public struct ChunkyScheduler: SizedScheduler, Equatable {
  /// The size of the first chunk; the original has no default, the recorded traces take 500.
  public let firstSize: Int
  /// The weight of the newest chunk, above 0 and at most 1; the original's is 0.3.
  public let smoothing: Double
  /// The least size; the original's is 1 % of the first.
  public let minSize: Int
  /// The largest size; the original's is three times the first.
  public let maxSize: Int
  /// The size of the next chunk.
  public private(set) var size: Int
  private var rate: Double?
  private var targetSeconds: Double?

  /// Makes the scheduler.
  ///
  /// The least and the largest size, unless given, are `lowFactor` and `highFactor` times the
  /// first size, towards zero, at least 1.
  ///
  /// - Precondition: the sizes are at least 1, the largest is not below the least, `smoothing` is
  ///   above 0 and at most 1, `lowFactor` is at least 0.
  public init(
    firstSize: Int = 500, smoothing: Double = 0.3, lowFactor: Double = 0.01,
    highFactor: Double = 3, minSize: Int? = nil, maxSize: Int? = nil
  ) {
    precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    precondition(
      smoothing > 0 && smoothing <= 1,
      "The smoothing of rates is above 0 and at most 1; it is \(smoothing).")
    precondition(lowFactor >= 0, "A low factor is at least 0; it is \(lowFactor).")
    let least = minSize ?? clampedInt(lowFactor * Double(firstSize), to: 1...Int.max)
    let largest = maxSize ?? clampedInt(highFactor * Double(firstSize), to: 1...Int.max)
    checkSizes(from: least, to: largest)
    self.firstSize = firstSize
    self.smoothing = smoothing
    self.minSize = least
    self.maxSize = largest
    size = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  /// Averages the rate of the chunk with the rate so far.
  ///
  /// A chunk of zero seconds is no observation (the original divides by it and dies).
  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    guard sample.count > 0, sample.durationSeconds > 0 else { return }
    targetSeconds = sample.targetSeconds
    let before = rate ?? Double(firstSize) / sample.targetSeconds
    let newest = Double(sample.count) / sample.durationSeconds
    let average = smoothing * newest + (1 - smoothing) * before
    rate = average
    size = clampedInt((average * sample.targetSeconds).rounded(), to: minSize...maxSize)
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }
}
