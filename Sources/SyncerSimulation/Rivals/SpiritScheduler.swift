public import Syncer

/// The rule of block/spirit: a high percentile of a window of chunks, growing by steps.
///
/// After a chunk of `d` seconds at target `T`,
///
///     d > panicFactor * T:         size = step(trunc(size / panicDivisor)), at once
///     the window of chunks full:   size = step(trunc(size * (T / p90)))
///     step(x) = trunc(clamp(min(x, growth * size), minSize, maxSize)), and the window is emptied
///
/// where `p90` is the duration that a tenth of the window exceeds, the second longest of 11. A
/// slowdown below the panic is left alone until the window is full.
///
/// Its project gave the rule up in 2026-08: the time it measured contained waiting in a queue, which
/// no smaller chunk shortens, so that sizes fell to the floor (block/spirit #1072).
///
/// Source: block/spirit, `pkg/table/dynamic_chunk_sizer.go` at e4b69b6e.
public struct SpiritScheduler: SizedScheduler, Equatable {
  /// The size of the first chunk; the tool's is 1000.
  public let firstSize: Int
  /// The least size; the tool's is 10.
  public let minSize: Int
  /// The largest size; the tool's is 100,000.
  public let maxSize: Int
  /// The most a size grows in one step, above 1; the tool's is 1.5.
  public let growth: Double
  /// A chunk longer than this many targets shrinks the size at once; the tool's is 5.
  public let panicFactor: Double
  /// What a panic divides the size by, above 1; the tool's is 10.
  public let panicDivisor: Double
  /// After how many chunks the size is adapted; the tool's is 11.
  public let window: Int
  /// The size of the next chunk.
  public private(set) var size: Int
  private var history: [Double] = []
  private var targetSeconds: Double?

  /// Makes the scheduler.
  ///
  /// - Precondition: `firstSize`, `minSize` and `window` are at least 1, `maxSize` is at least
  ///   `minSize`, `growth` and `panicDivisor` are above 1, `panicFactor` above 0.
  public init(
    firstSize: Int = 1000, minSize: Int = 10, maxSize: Int = 100_000, growth: Double = 1.5,
    panicFactor: Double = 5, panicDivisor: Double = 10, window: Int = 11
  ) {
    precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    checkSizes(from: minSize, to: maxSize)
    precondition(growth > 1, "The growth of a step is above 1; it is \(growth).")
    precondition(panicFactor > 0, "A panic factor is above 0; it is \(panicFactor).")
    precondition(panicDivisor > 1, "A panic divisor is above 1; it is \(panicDivisor).")
    precondition(window >= 1, "A window has at least 1 chunk; it has \(window).")
    self.firstSize = firstSize
    self.minSize = minSize
    self.maxSize = maxSize
    self.growth = growth
    self.panicFactor = panicFactor
    self.panicDivisor = panicDivisor
    self.window = window
    size = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  /// Shrinks at once after a far too long chunk, else adapts once the window is full.
  ///
  /// A chunk with more items than the size was not planned by this size and is ignored. Durations
  /// of zero count; a percentile of zero grows by a full step.
  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    guard sample.count > 0, sample.count <= size else { return }
    targetSeconds = sample.targetSeconds
    if sample.durationSeconds > panicFactor * sample.targetSeconds {
      step(to: clampedInt(Double(size) / panicDivisor, to: 0...Int.max))
      return
    }
    history.append(sample.durationSeconds)
    if history.count >= window {
      step(to: neededSize(for: sample.targetSeconds, at: Self.slowTenth(of: history)))
    }
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }

  /// The duration that a tenth of `durations` exceeds.
  package static func slowTenth(of durations: [Double]) -> Double {
    durations.sorted(by: >)[durations.count / 10]
  }

  /// The size that would take `target` seconds if the present one takes `seconds`.
  package func neededSize(for target: Double, at seconds: Double) -> Int {
    clampedInt(Double(size) * (target / seconds), to: 0...Int.max)
  }

  /// Sets the size, limited to a step of growth and to the bounds, and empties the window.
  package mutating func step(to newSize: Int) {
    size = clampedInt(min(Double(newSize), growth * Double(size)), to: minSize...maxSize)
    history.removeAll()
  }
}
