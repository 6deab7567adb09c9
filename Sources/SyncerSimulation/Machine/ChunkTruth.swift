/// What a chunk really cost, as only the simulation knows.
struct ChunkTruth: Sendable, Equatable {
  /// Nanoseconds of the longest item, handling and processing together.
  var longestItem: Int64 = 0
  /// Nanoseconds of fixed overhead.
  var overhead: Int64 = 0
  /// Nanoseconds of all items and the overhead, on one worker.
  var loaded: Int64 = 0
  /// The same on an unloaded machine.
  var unloaded: Int64 = 0
  /// The classes of the chunk, in the order the chunk met them.
  var classes: [ClassTruth] = []

  /// How much longer everything took than on an unloaded machine; 1 where nothing cost anything.
  var loadFactor: Double {
    unloaded > 0 ? Double(loaded) / Double(unloaded) : 1
  }
}

/// What the items of one class in a chunk really cost.
struct ClassTruth: Sendable, Equatable {
  /// The class, as an index into the workload's.
  var index: Int
  /// How many items.
  var items: Int
  /// Their nanoseconds.
  var time: Int64
}

/// Adds up the truth about the chunk being processed.
struct ChunkMeter: Sendable {
  private var truth = ChunkTruth()
  /// For every class of the workload, where it stands in `truth.classes`, or -1.
  private var slots: [Int] = []

  mutating func add(
    _ items: [HandledItem], _ processTimes: [Int64], _ workload: Workload, overhead: Int64,
    took overheadTime: Int64
  ) {
    if slots.isEmpty { slots = [Int](repeating: -1, count: workload.classes.count) }
    // A chunk is processed in several calls where items of it fail.
    truth.overhead += overheadTime
    truth.loaded += overheadTime
    truth.unloaded += overhead
    var (longest, loaded, unloaded) = (Int64(0), Int64(0), Int64(0))
    var latest = -1
    var slot = 0
    for position in items.indices {
      let item = items[position].item
      let time = items[position].handleTime + (processTimes.isEmpty ? 0 : processTimes[position])
      longest = max(longest, time)
      loaded += time
      unloaded += workload.handle(item) + workload.process(item)
      let index = Int(workload.classOfItem[item])
      if index != latest {
        slot = self.slot(of: index)
        latest = index
      }
      truth.classes[slot].items += 1
      truth.classes[slot].time += time
    }
    truth.longestItem = max(truth.longestItem, longest)
    truth.loaded += loaded
    truth.unloaded += unloaded
  }

  /// Where a class stands in the truth.
  private mutating func slot(of index: Int) -> Int {
    if slots[index] < 0 {
      slots[index] = truth.classes.count
      truth.classes.append(ClassTruth(index: index, items: 0, time: 0))
    }
    return slots[index]
  }

  /// Returns the truth and starts anew.
  mutating func take() -> ChunkTruth {
    defer {
      for entry in truth.classes { slots[entry.index] = -1 }
      truth = ChunkTruth()
    }
    return truth
  }
}
