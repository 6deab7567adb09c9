public import Syncer

/// The rule of Flink's buffer debloating: a moving average of sizes, announced in big steps.
///
/// After a chunk of `n` items and `d` seconds at target `T`,
///
///     w = min(n / d * T, 2 * s)
///     s = clamp(s + 2 / (samples + 1) * (w - s), minSize, maxSize)
///
/// and the next size is `s` if it differs from the size before by at least `threshold` of that, or
/// is at a bound. Up and down are symmetric, and it starts at the largest size. An item stands for
/// 1000 bytes, since the original counts those, and a duration for whole milliseconds, at least 1.
///
/// Source: apache/flink, `BufferDebloater` at 45f8c8bf and `BufferSizeEMA` at 036179f8.
public struct FlinkScheduler: SizedScheduler, Equatable {
  /// The least size; the recorded traces take 1.
  public let minSize: Int
  /// The largest size and the first; the recorded traces take 1000.
  public let maxSize: Int
  /// How many chunks the average is about; the original's is 20.
  public let samples: Int
  /// The least change that is announced, as a part of the size; the original's is 0.25.
  public let threshold: Double
  /// The size of the next chunk.
  public var size: Int { announcedBytes / Self.bytesPerItem }
  private var average: BufferSizeAverage
  private var announcedBytes: Int
  private var targetSeconds: Double?

  private static let bytesPerItem = 1000
  private static let largestSize = 1_000_000_000_000

  /// Makes the scheduler.
  ///
  /// - Precondition: `minSize` and `samples` are at least 1, `maxSize` is at least `minSize` and
  ///   at most 10^12, `threshold` is at least 0.
  public init(
    minSize: Int = 1, maxSize: Int = 1000, samples: Int = 20, threshold: Double = 0.25
  ) {
    checkSizes(from: minSize, to: maxSize)
    precondition(
      maxSize <= Self.largestSize,
      "A largest chunk size is at most \(Self.largestSize); it is \(maxSize).")
    precondition(samples >= 1, "An average is about at least 1 chunk; it is about \(samples).")
    precondition(threshold >= 0, "A threshold is at least 0; it is \(threshold).")
    self.minSize = minSize
    self.maxSize = maxSize
    self.samples = samples
    self.threshold = threshold
    average = BufferSizeAverage(
      minSize: minSize * Self.bytesPerItem, maxSize: maxSize * Self.bytesPerItem,
      samples: samples)
    announcedBytes = maxSize * Self.bytesPerItem
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    guard sample.count > 0 else { return }
    targetSeconds = sample.targetSeconds
    let milliseconds = max(1, (sample.durationSeconds * 1000).rounded())
    let throughput = Double(sample.count) * Double(Self.bytesPerItem) * 1000 / milliseconds
    announce(average.add(total: throughput * sample.targetSeconds, buffers: 1))
  }

  private mutating func announce(_ bytes: Int) {
    let isBound = bytes <= average.minSize || bytes >= average.maxSize
    let change = abs(1 - Double(bytes) / Double(announcedBytes))
    if isBound || change >= threshold { announcedBytes = bytes }
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }
}

/// The moving average of sizes inside `FlinkScheduler`, in bytes.
package struct BufferSizeAverage: Sendable, Equatable {
  package let minSize: Int
  package let maxSize: Int
  private let weight: Double
  private var size: Double

  package init(minSize: Int, maxSize: Int, samples: Int) {
    self.minSize = minSize
    self.maxSize = maxSize
    weight = 2 / (Double(samples) + 1)
    size = Double(maxSize)
  }

  /// Adds the bytes that `buffers` together should have; the size one should have, rounded.
  package mutating func add(total: Double, buffers: Int) -> Int {
    let wanted = min(total / Double(buffers), 2 * size)
    size = min(max(size + weight * (wanted - size), Double(minSize)), Double(maxSize))
    return clampedInt(size.rounded(), to: minSize...maxSize)
  }
}
