public import Syncer

/// The rule of Apache Beam's `BatchElements`: a line through size and time, aimed at the target.
///
/// Every chunk is a point of `n` items and `d` seconds. The sizes of the first two chunks are
/// `minSize` and `growth` times that. Then, with `a + b * n` fitted to the points (`BatchTimeLine`),
///
///     aim  = min(maxSize, (T - a) / b)                                   a >= 1e-10, b >= 1e-20
///     aim += trunc(aim * variance * 2 * (u - 0.5))                       with more than 10 points
///     size = trunc(max(minSize + points mod 2, min(aim, growth * last n, maxSize)))
///
/// where `u` is random, from 0 to 1: sizes that differ keep the line from being a guess. At 100
/// points two are forgotten, one of the oldest quarter and one of the older half, at random.
///
/// Source: apache/beam 2.77, `_BatchSizeEstimator` in `sdks/python/apache_beam/transforms/util.py`.
/// The aim for a share of overhead, which the project combines with the one for a duration, is left
/// out, and so is the first timing of a bundle.
public struct BeamScheduler: SizedScheduler, Equatable {
  /// A chunk that was seen.
  struct Point: Sendable, Equatable {
    var count: Double
    var seconds: Double
  }

  /// The least size; the project's is 1.
  public let minSize: Int
  /// The largest size; the project's is 10,000.
  public let maxSize: Int
  /// The most a size grows in one step, above 1; the project's is 2.
  public let growth: Double
  /// How far around the aim sizes are spread, from 0 to 1; the project's is 0.25.
  public let variance: Double
  /// The size of the next chunk.
  public private(set) var size: Int
  private var points: [Point] = []
  private var random: SplitMix64
  private var targetSeconds: Double?

  /// How many points there are when two are forgotten.
  static let mostPoints = 100

  /// Makes the scheduler; `seed` begins its random numbers.
  ///
  /// - Precondition: `minSize` is at least 1, `maxSize` not below it, `growth` above 1, `variance`
  ///   from 0 to 1.
  public init(
    minSize: Int = 1, maxSize: Int = 10_000, growth: Double = 2, variance: Double = 0.25,
    seed: UInt64 = 0
  ) {
    checkSizes(from: minSize, to: maxSize)
    precondition(growth > 1, "The growth of a step is above 1; it is \(growth).")
    precondition((0...1).contains(variance), "The variance is from 0 to 1; it is \(variance).")
    self.minSize = minSize
    self.maxSize = maxSize
    self.growth = growth
    self.variance = variance
    size = minSize
    random = SplitMix64(seed: seed)
  }

  /// Whether both have the same parameters, points and sizes; random numbers to come aside.
  public static func == (left: BeamScheduler, right: BeamScheduler) -> Bool {
    left.minSize == right.minSize && left.maxSize == right.maxSize && left.growth == right.growth
      && left.variance == right.variance && left.size == right.size && left.points == right.points
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    guard sample.count > 0 else { return }
    targetSeconds = sample.targetSeconds
    points.append(Point(count: Double(sample.count), seconds: sample.durationSeconds))
    if points.count >= Self.mostPoints {
      points.remove(at: random.next(below: points.count / 4))
      points.remove(at: random.next(below: points.count / 2))
    }
    size = points.count < 2 ? secondSize : aimedSize(after: sample)
  }

  /// Another size than the first, as one size makes no line.
  private var secondSize: Int {
    let grown = clampedInt(growth * Double(minSize), to: 1...maxSize)
    return min(maxSize, max(grown, minSize == maxSize ? minSize : minSize + 1))
  }

  private mutating func aimedSize(after sample: ChunkSample) -> Int {
    let line = BatchTimeLine(points)
    let fixed = max(line.fixedSeconds, 1e-10)
    let perItem = max(line.secondsPerItem, 1e-20)
    var aim = min(Double(maxSize), (sample.targetSeconds - fixed) / perItem)
    if points.count > 10 {
      let uniform = Double(random.next() >> 11) / 0x1p53
      aim += (aim * variance * 2 * (uniform - 0.5)).rounded(.towardZero)
    }
    let highest = min(growth * Double(sample.count), Double(maxSize))
    let lowest = min(maxSize, minSize + (minSize == maxSize ? 0 : points.count % 2))
    return clampedInt(min(aim, highest), to: lowest...max(lowest, maxSize))
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }
}
