public import Syncer

/// The rule of Percona's pt-online-schema-change: a ratio of decayed sums.
///
/// After a chunk of `n` items and `d` seconds at target `T`,
///
///     N = decay * N + n, S = decay * S + d        (the first time N = n, S = d)
///     size = max(1, trunc(N / S * T))
///
/// The ratio of the sums weighs a second like a second, so after fast items one slow chunk
/// outweighs them at once. There is no growth limit and no cap.
///
/// Source: percona/percona-toolkit, `lib/WeightedAvgRate.pm` at 8d0f14c1, and the loop of
/// `bin/pt-online-schema-change`.
public struct PerconaScheduler: SizedScheduler, Equatable {
  /// The size of the first chunk; the tool's `--chunk-size` is 1000.
  public let firstSize: Int
  /// What is left of both sums after each chunk, above 0 and below 1; the tool's is 0.75.
  public let decay: Double
  /// The size of the next chunk.
  public private(set) var size: Int
  private var items = 0.0
  private var seconds = 0.0
  private var targetSeconds: Double?

  /// Makes the scheduler.
  ///
  /// - Precondition: `firstSize` is at least 1, `decay` above 0 and below 1.
  public init(firstSize: Int = 1000, decay: Double = 0.75) {
    precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    precondition(
      decay > 0 && decay < 1,
      "The decay of the sums is above 0 and below 1; it is \(decay).")
    self.firstSize = firstSize
    self.decay = decay
    size = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  /// Decays both sums and adds the chunk to them.
  ///
  /// A chunk of zero seconds counts its items once the sum of seconds is above zero, as in the
  /// tool; before that it is no observation (the tool divides by it and dies).
  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    let allSeconds = decay * seconds + sample.durationSeconds
    guard sample.count > 0, allSeconds > 0 else { return }
    items = decay * items + Double(sample.count)
    seconds = allSeconds
    targetSeconds = sample.targetSeconds
    size = clampedInt(items / seconds * sample.targetSeconds, to: 1...Int.max)
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }
}
