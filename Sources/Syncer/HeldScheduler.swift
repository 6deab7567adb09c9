/// A scheduler in use: the default one, which is called directly, or any other.
///
/// A call through an existential costs as much as everything else the loop does with an item.
@usableFromInline
struct HeldScheduler: ChunkScheduler {
  @usableFromInline let isDefault: Bool
  @usableFromInline var deadline: DeadlineScheduler
  /// The scheduler where it is not the default one.
  @usableFromInline var other: any ChunkScheduler
  /// Whether it plans sizes and need not be asked before every item.
  @usableFromInline let isSized: Bool

  @usableFromInline
  init(_ scheduler: any ChunkScheduler) {
    let deadline = scheduler as? DeadlineScheduler
    isDefault = deadline != nil
    self.deadline = deadline ?? DeadlineScheduler()
    other = deadline == nil ? scheduler : FixedScheduler(size: 1)
    isSized = scheduler is any SizedScheduler
  }

  @inlinable @inline(__always)
  mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Bool {
    if isDefault {
      return deadline.admits(
        next.classIndex, units: next.units, isHinted: next.hint != nil, count: chunk.count,
        elapsed: chunk.elapsedSeconds, target: chunk.targetSeconds)
    }
    return other.admits(next, into: chunk)
  }

  @usableFromInline
  mutating func record(_ sample: ChunkSample) {
    if isDefault { deadline.record(sample) } else { other.record(sample) }
  }

  @usableFromInline
  func plannedSize(for chunk: OpenChunk) -> Int? {
    isDefault ? deadline.plannedSize(for: chunk) : other.plannedSize(for: chunk)
  }

  @usableFromInline
  var overheadSeconds: Double? { isDefault ? deadline.overheadSeconds : other.overheadSeconds }

  @usableFromInline
  func estimate(for item: ItemProfile) -> CostEstimate? {
    isDefault ? deadline.estimate(for: item) : other.estimate(for: item)
  }
}
