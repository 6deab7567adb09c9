/// What the items of the open chunk took, by class.
///
/// Reset for every chunk without giving memory back, so that a chunk costs no allocation per item.
@usableFromInline
struct ChunkTally: Sendable {
  /// One sample per class met in this chunk, in the order they were met.
  @usableFromInline private(set) var samples: [ClassSample] = []
  /// Where a class's sample is; valid where `chunkOfSlot` names this chunk.
  @usableFromInline var slots: [Int] = []
  @usableFromInline var chunkOfSlot: [Int] = []
  @usableFromInline var chunk = 0

  @usableFromInline init() {}

  @usableFromInline
  mutating func reset() {
    samples.removeAll(keepingCapacity: true)
    chunk += 1
  }

  /// Adds a handled item.
  @inlinable @inline(__always)
  mutating func add(_ item: ItemProfile, seconds: Double) {
    let index = item.classIndex
    if index >= slots.count || chunkOfSlot[index] != chunk { open(index) }
    samples[slots[index]].handling.add(units: item.units, seconds: seconds)
  }

  /// Makes a sample for a class this chunk has not met before.
  @usableFromInline
  mutating func open(_ index: Int) {
    while slots.count <= index {
      slots.append(0)
      chunkOfSlot.append(0)
    }
    chunkOfSlot[index] = chunk
    slots[index] = samples.count
    samples.append(ClassSample(classIndex: index))
  }

  /// Adds the reported completion of an item of this chunk.
  mutating func complete(_ item: ItemProfile, seconds: Double) {
    let index = item.classIndex
    // A handler may name another class when it is asked again.
    guard index < slots.count, chunkOfSlot[index] == chunk else { return }
    samples[slots[index]].completions.add(units: item.units, seconds: seconds)
  }
}
