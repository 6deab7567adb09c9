/// What the items of the open chunk took, by class.
///
/// Reset for every chunk without giving memory back, so that a chunk costs no allocation per item.
@usableFromInline
struct ChunkTally: Sendable {
  /// One sample per class met in this chunk, in the order they were met.
  @usableFromInline private(set) var samples: [ClassSample] = []
  /// The class items are added to, also after a reset: the likeliest of the next item.
  @usableFromInline private(set) var costClass = CostClass("")
  /// The number of that class, -1 before the first.
  @usableFromInline private(set) var classIndex = -1
  /// What its items in this chunk took; in the sample once settled.
  @usableFromInline private(set) var handling = CostMoments()
  /// Those without a hint that took no time, not yet among them.
  @usableFromInline private(set) var timelessCount = 0
  /// Where a class's sample is; valid where `chunkOfSlot` names this chunk.
  private var slots: [Int] = []
  private var chunkOfSlot: [Int] = []
  private var chunk = 0

  @usableFromInline init() {}

  @usableFromInline
  mutating func reset() {
    samples.removeAll(keepingCapacity: true)
    handling = CostMoments()
    chunk += 1
  }

  /// Takes the items that follow for those of a class.
  @usableFromInline
  mutating func turn(to costClass: consuming CostClass, _ index: Int) {
    settle()
    self.costClass = costClass
    classIndex = index
    while slots.count <= index {
      slots.append(0)
      chunkOfSlot.append(0)
    }
    handling = chunkOfSlot[index] == chunk ? samples[slots[index]].handling : CostMoments()
  }

  /// Adds an item of the class; the seconds are nil where no time has passed.
  @inlinable @inline(__always)
  mutating func add(_ item: ItemProfile, seconds: Double?) {
    if seconds == nil && item.hint == nil {
      timelessCount &+= 1
    } else {
      handling.add(units: item.units, seconds: seconds ?? 0)
    }
  }

  /// Brings the sample of the class up to date; makes it where the chunk has its first items.
  @usableFromInline
  mutating func settle() {
    handling.add(timelessCount: timelessCount)
    timelessCount = 0
    guard handling.count > 0 else { return }
    if chunkOfSlot[classIndex] != chunk {
      chunkOfSlot[classIndex] = chunk
      slots[classIndex] = samples.count
      samples.append(ClassSample(classIndex: classIndex))
    }
    samples[slots[classIndex]].handling = handling
  }

  /// Adds the reported completion of an item of this chunk.
  mutating func complete(_ item: ItemProfile, seconds: Double) {
    let index = item.classIndex
    // A handler may name another class when it is asked again.
    guard index < slots.count, chunkOfSlot[index] == chunk else { return }
    samples[slots[index]].completions.add(units: item.units, seconds: seconds)
  }
}

extension CostMoments {
  /// Adds items of one unit that took no time.
  fileprivate mutating func add(timelessCount: Int) {
    count += timelessCount
    units += Double(timelessCount)
    squaredUnits += Double(timelessCount)
  }
}
