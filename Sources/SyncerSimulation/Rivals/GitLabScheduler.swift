public import Syncer

/// The rule of GitLab's background migrations: a smoothed efficiency kept within a band.
///
/// The efficiency of a chunk is its seconds over the target. Once `jobs` chunks are done, after
/// every chunk
///
///     e = round(sum(e[i] * (1 - smoothing)^i) / sum((1 - smoothing)^i), 2 decimals)
///     size = clamp(trunc(size * min(upper / e, growth)), min(minSize, maxSize), maxSize)
///
/// over the newest `jobs` chunks, `i` from 0 for the newest, and `upper` the upper end of the
/// band. Within the band, or at an efficiency of zero, the size stays. The first `jobs` chunks
/// are blind, and then efficiencies of different sizes are mixed, so it overshoots downwards.
///
/// Source: gitlabhq, `lib/gitlab/database/batch/optimizer.rb` at 9f2fc39e and
/// `smoothed_time_efficiency` at 0ea3fcec.
public struct GitLabScheduler: SizedScheduler, Equatable {
  /// The size of the first chunk; the original's is 1000.
  public let firstSize: Int
  /// The least size, unless `maxSize` is less; the original's is 1000.
  public let minSize: Int
  /// The largest size; the original's is 2,000,000.
  public let maxSize: Int
  /// The weight of the newest chunk, above 0 and at most 1; the original's is 0.4.
  public let smoothing: Double
  /// How many chunks the efficiency is smoothed over; the original's is 20.
  public let jobs: Int
  /// The efficiencies at which the size stays; the original's are 0.90 to 0.95.
  public let efficiencyTarget: ClosedRange<Double>
  /// The most a size grows after a chunk, above 1; the original's is 1.2.
  public let growth: Double
  /// The size of the next chunk.
  public private(set) var size: Int
  private var newestFirst: [Double] = []
  private var targetSeconds: Double?

  /// Makes the scheduler.
  ///
  /// - Precondition: the sizes and `jobs` are at least 1, `smoothing` is above 0 and at most 1,
  ///   `efficiencyTarget` starts above 0, `growth` is above 1.
  public init(
    firstSize: Int = 1000, minSize: Int = 1000, maxSize: Int = 2_000_000,
    smoothing: Double = 0.4, jobs: Int = 20, efficiencyTarget: ClosedRange<Double> = 0.90...0.95,
    growth: Double = 1.2
  ) {
    precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    precondition(minSize >= 1, "A least chunk size is at least 1; it is \(minSize).")
    precondition(maxSize >= 1, "A largest chunk size is at least 1; it is \(maxSize).")
    precondition(
      smoothing > 0 && smoothing <= 1,
      "The smoothing of efficiencies is above 0 and at most 1; it is \(smoothing).")
    precondition(jobs >= 1, "Efficiencies are smoothed over at least 1 chunk; it is \(jobs).")
    precondition(
      efficiencyTarget.lowerBound > 0,
      "A target efficiency is above 0; it starts at \(efficiencyTarget.lowerBound).")
    precondition(growth > 1, "The growth after a chunk is above 1; it is \(growth).")
    self.firstSize = firstSize
    self.minSize = minSize
    self.maxSize = maxSize
    self.smoothing = smoothing
    self.jobs = jobs
    self.efficiencyTarget = efficiencyTarget
    self.growth = growth
    size = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  /// Adds the chunk's efficiency and adapts the size once there are enough.
  ///
  /// A chunk of zero seconds has an efficiency of zero, as in the original.
  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    guard sample.count > 0 else { return }
    targetSeconds = sample.targetSeconds
    newestFirst.insert(sample.durationSeconds / sample.targetSeconds, at: 0)
    guard newestFirst.count >= jobs else { return }
    if newestFirst.count > jobs { newestFirst.removeLast() }
    let efficiency = Self.smoothedEfficiency(newestFirst, smoothing: smoothing)
    if isOffTarget(efficiency) { size = resized(size, at: efficiency) }
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }

  /// The mean of efficiencies, each older one weighing less, to two decimals; nil of none.
  package static func smoothedEfficiency(_ newestFirst: [Double], smoothing: Double) -> Double? {
    guard !newestFirst.isEmpty else { return nil }
    var weight = 1.0
    var sum = 0.0
    var weights = 0.0
    for efficiency in newestFirst {
      sum += efficiency * weight
      weights += weight
      weight *= 1 - smoothing
    }
    return (sum / weights * 100).rounded() / 100
  }

  /// Whether the size should change: the efficiency is known, not zero and outside the band.
  package func isOffTarget(_ efficiency: Double?) -> Bool {
    guard let efficiency, efficiency > 0 else { return false }
    return !efficiencyTarget.contains(efficiency)
  }

  /// A size after an efficiency, within the growth and the bounds; the same without one.
  package func resized(_ size: Int, at efficiency: Double?) -> Int {
    guard let efficiency else { return size }
    let factor = min(efficiencyTarget.upperBound / efficiency, growth)
    return clampedInt(Double(size) * factor, to: min(minSize, maxSize)...maxSize)
  }
}
