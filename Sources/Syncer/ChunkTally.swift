/// What the items of the open chunk took, by class.
///
/// Reset for every chunk without giving memory back, so that a chunk costs no allocation per item.
@usableFromInline
struct ChunkTally: Sendable {
  /// One sample per class met in this chunk, in the order they were met.
  @usableFromInline private(set) var samples: [ClassSample] = []
  private var items: [ItemProfile] = []
  /// Where a class's sample is; valid where `chunkOfSlot` names this chunk.
  @usableFromInline var slots: [Int] = []
  @usableFromInline var chunkOfSlot: [Int] = []
  @usableFromInline var chunk = 0

  @usableFromInline init() {}

  @usableFromInline
  mutating func reset() {
    samples.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    chunk += 1
  }

  /// Adds a handled item.
  @usableFromInline
  mutating func add(_ item: ItemProfile, seconds: Double) {
    let index = item.classIndex
    while slots.count <= index {
      slots.append(0)
      chunkOfSlot.append(0)
    }
    if chunkOfSlot[index] != chunk {
      chunkOfSlot[index] = chunk
      slots[index] = samples.count
      samples.append(ClassSample(classIndex: index))
    }
    samples[slots[index]].handling.add(units: item.units, seconds: seconds)
    items.append(item)
  }

  /// Adds the reported completion of an item of this chunk.
  @usableFromInline
  mutating func complete(_ completion: Completion) {
    let item = items[completion.position]
    samples[slots[item.classIndex]].completions.add(units: item.units, seconds: completion.seconds)
  }
}
