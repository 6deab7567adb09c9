internal import Syncer

/// What must hold of every sync, whatever the items cost and whoever schedules.
struct Invariants {
  let scenario: Scenario
  let run: FuzzRun

  /// What does not hold, each a sentence.
  var violations: [String] {
    conservation + accounts + chunkBounds + weights + time + overlap + fleet + figures
      + handlingIsCut + leastWaste
  }

  /// Whether things go wrong while the scenario runs.
  private var isFaulty: Bool { scenario.faults?.isInjecting ?? false }

  /// Whether several processes share the sync.
  private var isShared: Bool { scenario.sync.workers > 1 }

  /// Whether chunks may be refused for their size.
  private var isRefusing: Bool { !scenario.workload.largestChunk.isEmpty }

  /// Every item is processed once, failed for good, or is left, and nothing else is.
  private var conservation: [String] {
    var violations: [String] = []
    let processed = run.processed.flatMap { $0 }
    // A shuffled order lets items wait while others overtake them.
    if !isFaulty && !isShared && scenario.sync.order == .listed
      && processed != Array(run.expected.prefix(processed.count))
    {
      violations.append(
        "The items processed are not those expected: \(processed.count) of \(run.expected.count), "
          + "first difference at \(zip(processed, run.expected).prefix { $0 == $1 }.count).")
    }
    let done = Set(processed)
    let left =
      isFaulty ? run.account.unfinished : run.expected.filter { !done.contains($0) }
    let all = (processed + run.account.lost + left).sorted()
    if all != run.expected.sorted() {
      violations.append(
        "\(processed.count) items processed, \(run.account.lost.count) failed and \(left.count) "
          + "left are not the \(run.expected.count) there are, each once.")
    }
    if !left.isEmpty && !mayLeaveItems {
      violations.append("\(left.count) items are left, and nothing is there to leave them.")
    }
    if !run.account.failed.isEmpty && !mayFail {
      violations.append("\(run.account.failed.count) items failed, and nothing makes them.")
    }
    return violations
  }

  private var mayFail: Bool {
    scenario.faults.map { !$0.items.isEmpty || $0.chunkProbability > 0 } ?? false
  }

  private var mayLeaveItems: Bool {
    if scenario.sync.mayEndEarly { return true }
    guard let faults = scenario.faults else { return false }
    let isEnough = faults.onFailure.maximumErrors.map { $0 >= run.expected.count } ?? false
    return faults.cancelAtSeconds != nil || (mayFail && !isEnough)
  }

  /// The report, the observer and the metrics tell the same.
  private var accounts: [String] {
    var violations: [String] = []
    let sizes = run.chunks.map(\.record.size)
    let failedCount = run.chunks.map(\.record.failedCount).reduce(0, +)
    let processedCount = run.processed.map(\.count).reduce(0, +)
    if isShared ? run.account.sizes.sorted() != sizes.sorted() : run.account.sizes != sizes {
      violations.append("The observer was told of other chunks than the report lists.")
    }
    let reported = sizes.reduce(0, +) - failedCount
    // Of chunks that overlap, one may be processed when the process dies in the one before.
    let mayBeUnreported = run.account.crashes > 0 && scenario.sync.openChunks > 1
    if mayBeUnreported ? reported > processedCount : reported != processedCount {
      violations.append("The sizes reported are not those of the chunks processed.")
    }
    if !isFaulty && !isRefusing && !isShared && sizes != run.processed.map(\.count) {
      violations.append("A chunk was not processed in one call.")
    }
    if failedCount > run.account.failed.count {
      violations.append("The report counts more failures than the observer was told of.")
    }
    if run.account.handledCount < sizes.reduce(0, +) {
      violations.append("The observer was told of fewer items than the chunks have.")
    }
    if run.account.hasTimeGoneBack { violations.append("The observer was told time ran back.") }
    let counts: [(Metric, Int)] = [
      (.failedItems, run.account.lost.count), (.unfinishedItems, run.account.unfinished.count),
      (.restarts, run.account.crashes),
    ]
    for (metric, count) in counts where isFaulty && run.metrics[metric] != Double(count) {
      violations.append("The metric \(metric.rawValue) is not \(count).")
    }
    return violations
  }

  private var chunkBounds: [String] {
    var violations: [String] = []
    // A chunk that is lost while one after it is processed leaves its number out.
    let mayLeaveOut = isFaulty && scenario.sync.openChunks > 1
    var number = 0
    for (index, chunk) in run.chunks.enumerated() {
      let record = chunk.record
      if mayLeaveOut ? record.number <= number : record.number != number + 1 {
        violations.append("Chunk \(index + 1) has number \(record.number).")
      }
      number = record.number
      if record.size < 1 { violations.append("Chunk \(record.number) is empty.") }
      if let cap = scenario.sync.chunkCap, record.size > cap {
        violations.append("Chunk \(record.number) has \(record.size) items, above its cap \(cap).")
      }
      let isLast = index == run.chunks.count - 1
      // A chunk at the end of a sync that then crashes is followed by others.
      let mayEnd = isFaulty || isShared || scenario.sync.mayEndEarly
      if (record.closeReason == .end) != isLast && !mayEnd {
        violations.append("Chunk \(record.number) is closed by \(record.closeReason.rawValue).")
      }
      if scenario.sync.chunkTimeSeconds == nil && record.closeReason == .scheduler {
        violations.append("Chunk \(record.number) was scheduled without a chunk time.")
      }
    }
    return violations
  }

  /// No chunk is heavier than its caps, unless it has one item.
  private var weights: [String] {
    zip(run.processed, run.weights).enumerated().flatMap { index, chunk in
      zip(chunk.1, scenario.weightCaps).compactMap { weight, cap in
        weight <= cap.atMost || chunk.0.count == 1
          ? nil
          : "Call \(index + 1) of processChunk has \(weight) \(cap.unit), above the cap \(cap.atMost)."
      }
    }
  }

  /// No more is at work, and no more chunks are open, than may be; chunks are filled and end in order.
  private var overlap: [String] {
    let sync = scenario.sync
    guard sync.isConcurrent else { return [] }
    var violations: [String] = []
    if run.mostAtWork > sync.handlersAtOnce {
      violations.append("\(run.mostAtWork) items were at work at once.")
    }
    let records = run.chunks.map(\.record)
    for (index, record) in records.enumerated() {
      if record.waiting < .zero { violations.append("Chunk \(record.number) waited less than 0.") }
      if index >= sync.openChunks && record.start < records[index - sync.openChunks].end {
        violations.append("Chunk \(record.number) is opened while \(sync.openChunks) are open.")
      }
      guard index > 0 else { continue }
      let before = records[index - 1]
      if record.start < before.start + before.handling {
        violations.append("Chunk \(record.number) is opened while the one before is filled.")
      }
      if record.end - record.processing < before.end {
        violations.append("Chunk \(record.number) is processed before the one before.")
      }
    }
    return violations
  }

  /// Time goes forward and no time is lost between chunks.
  private var time: [String] {
    if scenario.sync.openChunks > 1 { return [] }
    return Set(run.chunks.map(\.worker)).sorted().flatMap { worker in
      time(of: run.chunks.filter { $0.worker == worker })
    }
  }

  /// The chunks of one process.
  private func time(of chunks: [SimulatedChunk]) -> [String] {
    var violations: [String] = []
    var end = Duration.zero
    for chunk in chunks {
      // Between two chunks there may be a crash and what it cost, or the wait for a range.
      let mayWait = isShared && (isFaulty || scenario.sync.mayEndEarly)
      let mayPause = run.account.crashes > 0 || mayWait
      if mayPause ? chunk.record.start < end : chunk.record.start != end {
        violations.append(
          "Chunk \(chunk.record.number) starts at \(chunk.record.start), not \(end).")
      }
      if chunk.record.handling < .zero || chunk.record.processing < .zero {
        violations.append("Chunk \(chunk.record.number) took less than no time.")
      }
      if chunk.durationSeconds < chunk.longestItemSeconds * (1 - 1e-9) - 1e-9 {
        violations.append("Chunk \(chunk.record.number) is shorter than its longest item.")
      }
      end = chunk.record.start + chunk.record.duration
    }
    return violations
  }

  /// What one process had begun is gone on with by others, in order and after the last whole chunk.
  private var fleet: [String] {
    guard isShared else { return [] }
    var violations: [String] = []
    let ranges = KeyRange.split(run.expected.sorted(), into: scenario.sync.rangeCount)
    if let largest = ranges.map(\.count).max(),
      largest * ranges.count > 2 * max(run.expected.count, ranges.count)
    {
      violations.append("A range has \(largest) of \(run.expected.count) items.")
    }
    var rangeOfItem: [Int: Int] = [:]
    for (number, range) in ranges.enumerated() {
      for item in range { rangeOfItem[item] = number }
    }
    for chunk in run.processed where Set(chunk.map { rangeOfItem[$0] }).count != 1 {
      violations.append("A chunk has items of several ranges: \(chunk.prefix(5)).")
    }
    if let worker = run.chunks.map(\.worker).max(), worker > scenario.sync.workers {
      violations.append("There is a process \(worker) of \(scenario.sync.workers).")
    }
    return violations
  }

  private var figures: [String] {
    var violations: [String] = []
    for (metric, value) in run.metrics.values where !value.isFinite || value < 0 {
      violations.append("The metric \(metric.rawValue) is \(value).")
    }
    for chunk in run.chunks {
      for entry in chunk.classes {
        if let estimate = entry.estimateSecondsPerItem, !estimate.isFinite || estimate < 0 {
          violations.append(
            "The estimate of \(entry.costClass) in chunk \(chunk.record.number) is \(estimate).")
        }
      }
    }
    return violations.sorted()
  }

  /// Nobody wastes less than the optimum of the order, or, in another order, than 1.
  private var leastWaste: [String] {
    // A chunk that was divided has the overhead of several, which counts as one.
    guard !isRefusing, let waste = run.metrics[.waste], let bound = run.wasteBound
    else { return [] }
    let processed = run.processed.flatMap { $0 }
    let isInOrder = processed == Array(run.expected.prefix(processed.count))
    let least = isInOrder || isFaulty ? bound : 1
    // Work is what time is left beside overhead: next to very much of that, not to nine digits.
    let workShare = max(0, 1 - (run.metrics[.overheadShare] ?? 0))
    let rounding = 1e-9 + Double(run.chunks.count) * 1e-15 / workShare
    return waste < least * (1 - rounding) ? ["The waste \(waste) is below its bound \(least)."] : []
  }

  /// With all costs in the handlers, the default never exceeds the target by more than one item, or,
  /// where several are handled at once, by one that was begun before it and one beside that.
  private var handlingIsCut: [String] {
    guard !isFaulty, scenario.schedulers[0].kind == "deadline",
      let target = scenario.sync.chunkTimeSeconds
    else { return [] }
    let items = scenario.sync.handlersAtOnce > 1 ? 2.0 : 1
    return run.chunks.compactMap { chunk in
      let record = chunk.record
      guard record.processing == .zero, record.size > 1 else { return nil }
      return chunk.durationSeconds > target + items * chunk.longestItemSeconds + 1e-6
        ? "Chunk \(record.number) takes \(chunk.durationSeconds) s, more than its target of "
          + "\(target) s and one item." : nil
    }
  }
}
