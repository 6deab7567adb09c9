/// What a chunk really cost, as only the simulation knows.
struct ChunkTruth: Sendable, Equatable {
  /// Nanoseconds of the longest item, handling and processing together.
  var longestItem: Int64 = 0
  /// Nanoseconds of fixed overhead.
  var overhead: Int64 = 0
  /// Nanoseconds of all items and the overhead, on one worker.
  var loaded: Int64 = 0
  /// Nanoseconds of the items' processing, on one worker.
  var processing: Int64 = 0
  /// The sum over items of what each takes times its handling and 1/workers of its processing, in
  /// square nanoseconds.
  var squaredItems = 0.0
  /// How many workers process a chunk, and how many of its items are handled at once.
  var workers = 1
  var handlersAtOnce = 1
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
    _ items: [HandledItem], _ processTimes: [Int64], _ workload: Workload, workers: Int,
    overhead: Int64, took overheadTime: Int64, handlersAtOnce: Int = 1
  ) {
    if slots.isEmpty { slots = [Int](repeating: -1, count: workload.classes.count) }
    // A chunk is processed in several calls where items of it fail.
    truth.workers = workers
    truth.handlersAtOnce = handlersAtOnce
    let places = Double(handlersAtOnce)
    truth.overhead = truth.overhead.adding(saturating: overheadTime)
    truth.loaded = truth.loaded.adding(saturating: overheadTime)
    truth.unloaded = truth.unloaded.adding(saturating: overhead)
    truth.unloaded = truth.unloaded.adding(saturating: workload.total(of: items))
    var position = 0
    while position < items.count {
      let index = workload.classOfItem[items[position].item]
      var entry = ClassTruth(index: Int(index), items: 0, time: 0)
      // Items of one class often follow each other.
      repeat {
        let own = processTimes.isEmpty ? 0 : processTimes[position]
        let time = items[position].handleTime.adding(saturating: own)
        if time > truth.longestItem { truth.longestItem = time }
        truth.processing = truth.processing.adding(saturating: own)
        let share = Double(items[position].handleTime) / places + Double(own) / Double(workers)
        truth.squaredItems += Double(time) * share
        entry.time = entry.time.adding(saturating: time)
        entry.items += 1
        position += 1
      } while position < items.count && workload.classOfItem[items[position].item] == index
      let slot = slot(of: entry.index)
      truth.classes[slot].items += entry.items
      truth.classes[slot].time = truth.classes[slot].time.adding(saturating: entry.time)
      truth.loaded = truth.loaded.adding(saturating: entry.time)
    }
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

extension Workload {
  /// The nanoseconds of some items on an unloaded machine.
  fileprivate func total(of items: [HandledItem]) -> Int64 {
    var total: Int64 = 0
    if !handleNanoseconds.isEmpty {
      for handled in items { total = total.adding(saturating: handleNanoseconds[handled.item]) }
    }
    if !processNanoseconds.isEmpty {
      for handled in items { total = total.adding(saturating: processNanoseconds[handled.item]) }
    }
    return total
  }
}
