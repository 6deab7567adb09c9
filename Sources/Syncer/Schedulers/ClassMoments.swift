/// What handling and completing the items of a chunk took, by class.
@usableFromInline
struct ClassMoments: Sendable {
  /// One sample per class of the chunk, in the order they were met; flushed ones only.
  @usableFromInline private(set) var samples: [ClassSample] = []
  /// The class items are added to, -1 before the first.
  @usableFromInline private(set) var classIndex = -1
  /// What its items took; in its sample once flushed.
  @usableFromInline private(set) var handling = CostMoments()
  /// Where a class's sample is; valid where `chunkOfSlot` names this chunk.
  private var slots: [Int] = []
  private var chunkOfSlot: [Int] = []
  /// Numbers the chunks that used the memory, so that the slots need no reset.
  private var chunk = 0

  @usableFromInline init() {}

  /// Forgets all and keeps the memory, so that a chunk costs no allocation per class.
  @usableFromInline
  mutating func reset() {
    samples.removeAll(keepingCapacity: true)
    classIndex = -1
    handling = CostMoments()
    chunk += 1
  }

  /// Adds what handling an item took.
  @inlinable @inline(__always)
  mutating func add(_ item: ItemProfile, seconds: Double) {
    if item.classIndex != classIndex { select(item.classIndex) }
    handling.add(units: item.units, seconds: seconds)
  }

  /// Adds the reported completion of an item.
  mutating func complete(_ item: ItemProfile, seconds: Double) {
    samples[slots[item.classIndex]].completions.add(units: item.units, seconds: seconds)
  }

  /// Takes the items that follow for those of a class.
  @usableFromInline
  mutating func select(_ index: Int) {
    flush()
    classIndex = index
    while slots.count <= index {
      slots.append(0)
      chunkOfSlot.append(-1)
    }
    handling = chunkOfSlot[index] == chunk ? samples[slots[index]].handling : CostMoments()
  }

  /// Brings the sample of the class up to date; makes it where the chunk has its first items.
  @usableFromInline
  mutating func flush() {
    guard handling.count > 0 else { return }
    if chunkOfSlot[classIndex] != chunk {
      chunkOfSlot[classIndex] = chunk
      slots[classIndex] = samples.count
      samples.append(ClassSample(classIndex: classIndex))
    }
    samples[slots[classIndex]].handling = handling
  }
}
