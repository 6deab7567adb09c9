internal import Syncer

/// What must hold of every sync, whatever the items cost and whoever schedules.
struct Invariants {
  let scenario: Scenario
  let run: FuzzRun

  /// What does not hold, each a sentence.
  var violations: [String] {
    conservation + chunkBounds + time + figures + handlingIsCut
  }

  /// Every item is processed once, in order, and the chunks say so.
  private var conservation: [String] {
    var violations: [String] = []
    let processed = run.processed.flatMap { $0 }
    if processed != run.expected {
      violations.append(
        "The items processed are not those expected: \(processed.count) of \(run.expected.count), "
          + "first difference at \(zip(processed, run.expected).prefix { $0 == $1 }.count).")
    }
    if run.chunks.map(\.record.size) != run.processed.map(\.count) {
      violations.append("The sizes reported are not those of the chunks processed.")
    }
    return violations
  }

  private var chunkBounds: [String] {
    var violations: [String] = []
    for (index, chunk) in run.chunks.enumerated() {
      let record = chunk.record
      if record.number != index + 1 {
        violations.append("Chunk \(index + 1) has number \(record.number).")
      }
      if record.size < 1 { violations.append("Chunk \(record.number) is empty.") }
      if let cap = scenario.sync.chunkCap, record.size > cap {
        violations.append("Chunk \(record.number) has \(record.size) items, above its cap \(cap).")
      }
      let isLast = index == run.chunks.count - 1
      if (record.closeReason == .end) != isLast {
        violations.append("Chunk \(record.number) is closed by \(record.closeReason.rawValue).")
      }
      if scenario.sync.chunkTimeSeconds == nil && record.closeReason == .scheduler {
        violations.append("Chunk \(record.number) was scheduled without a chunk time.")
      }
    }
    return violations
  }

  /// Time goes forward and no time is lost between chunks.
  private var time: [String] {
    var violations: [String] = []
    var end = Duration.zero
    for chunk in run.chunks {
      if chunk.record.start != end {
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

  /// With all costs in the handlers, the default never exceeds the target by more than one item.
  private var handlingIsCut: [String] {
    guard scenario.schedulers[0].kind == "deadline", let target = scenario.sync.chunkTimeSeconds
    else { return [] }
    return run.chunks.compactMap { chunk in
      let record = chunk.record
      guard record.processing == .zero, record.size > 1 else { return nil }
      return chunk.durationSeconds > target + chunk.longestItemSeconds + 1e-6
        ? "Chunk \(record.number) takes \(chunk.durationSeconds) s, more than its target of "
          + "\(target) s and one item." : nil
    }
  }
}
