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
  /// Where its sample is, -1 where the chunk has no item of it yet.
  @usableFromInline private(set) var slot = -1
  /// Its items without a hint that took no time, not yet in the sample.
  @usableFromInline private(set) var timelessCount = 0
  /// Where a class's sample is; valid where `chunkOfSlot` names this chunk.
  private var slots: [Int] = []
  private var chunkOfSlot: [Int] = []
  private var chunk = 0

  @usableFromInline init() {}

  @usableFromInline
  mutating func reset() {
    samples.removeAll(keepingCapacity: true)
    chunk += 1
    slot = -1
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
    slot = chunkOfSlot[index] == chunk ? slots[index] : -1
  }

  /// Adds an item of the class; the seconds are nil where no time has passed.
  @inlinable @inline(__always)
  mutating func add(_ item: ItemProfile, seconds: Double?) {
    if seconds == nil && item.hint == nil {
      timelessCount &+= 1
    } else {
      if slot < 0 { open() }
      samples[slot].handling.add(units: item.units, seconds: seconds ?? 0)
    }
  }

  /// Adds the items that were only counted to the sample.
  @usableFromInline
  mutating func settle() {
    guard timelessCount > 0 else { return }
    if slot < 0 { open() }
    samples[slot].handling.add(timelessCount: timelessCount)
    timelessCount = 0
  }

  /// Makes a sample for the class, of which the chunk has the first item.
  @usableFromInline
  mutating func open() {
    slot = samples.count
    chunkOfSlot[classIndex] = chunk
    slots[classIndex] = slot
    samples.append(ClassSample(classIndex: classIndex))
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
