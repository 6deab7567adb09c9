/// What the items of the open chunk took, by class.
///
/// Reset for every chunk without giving memory back, so that a chunk costs no allocation per item.
@usableFromInline
struct ChunkTally: Sendable {
  /// One sample per class met in this chunk, in the order they were met.
  @usableFromInline private(set) var samples: [ClassSample] = []
  /// Where a class's sample is; valid where `chunkOfSlot` names this chunk.
  private var slots: [Int] = []
  private var chunkOfSlot: [Int] = []
  private var chunk = 0

  /// The sums of the class met last, at hand while its items follow each other.
  @usableFromInline
  struct Streak: Sendable {
    /// The number of the class, -1 before the first.
    @usableFromInline let classIndex: Int
    @usableFromInline var handling: CostMoments
    /// Items without a hint that took no time, not yet in the sums.
    @usableFromInline var timelessCount = 0

    @usableFromInline
    init(classIndex: Int = -1, handling: CostMoments = CostMoments()) {
      self.classIndex = classIndex
      self.handling = handling
    }

    /// Adds an item of the class.
    @inlinable @inline(__always)
    mutating func add(_ item: ItemProfile, seconds: Double) {
      if seconds == 0 && item.hint == nil {
        timelessCount &+= 1
      } else {
        handling.add(units: item.units, seconds: seconds)
      }
    }
  }

  @usableFromInline init() {}

  @usableFromInline
  mutating func reset() {
    samples.removeAll(keepingCapacity: true)
    chunk += 1
  }

  /// Puts the sums of a class away and returns those of another.
  @usableFromInline
  mutating func exchange(_ streak: Streak, for index: Int) -> Streak {
    put(streak)
    if index >= slots.count || chunkOfSlot[index] != chunk { open(index) }
    return Streak(classIndex: index, handling: samples[slots[index]].handling)
  }

  /// Puts the sums of a class away.
  @usableFromInline
  mutating func put(_ streak: Streak) {
    guard streak.classIndex >= 0 else { return }
    var handling = streak.handling
    handling.add(timelessCount: streak.timelessCount)
    if handling.count > 0 {
      samples[slots[streak.classIndex]].handling = handling
    } else {
      // Its first item was not admitted or failed.
      samples.removeLast()
      chunkOfSlot[streak.classIndex] -= 1
    }
  }

  /// Makes a sample for a class this chunk has not met before.
  private mutating func open(_ index: Int) {
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

extension CostMoments {
  /// Adds items of one unit that took no time.
  fileprivate mutating func add(timelessCount: Int) {
    count += timelessCount
    units += Double(timelessCount)
    squaredUnits += Double(timelessCount)
  }
}
