internal import Syncer

/// The four tables of a report and their columns.
///
/// Reports/README.md defines every column.
enum ReportTable: String, CaseIterable {
  case chunks
  case tracking
  case collapse
  case summary

  var fileName: String { "\(rawValue).csv" }

  static let runColumns = ["scenario", "scheduler", "seed", "replication"]

  var columns: [String] {
    switch self {
    case .chunks:
      Self.runColumns + [
        "chunk", "start_s", "planned_size", "size", "handle_s", "process_s", "duration_s",
        "target_s", "longest_item_s", "load_factor", "close_reason",
      ]
    case .tracking:
      Self.runColumns + [
        "chunk", "class", "items", "estimate_s_per_item", "observed_s_per_item",
        "true_s_per_item", "relative_error",
      ]
    case .collapse:
      Self.runColumns + [
        "chunk", "size", "duration_s", "target_s", "floor_s", "overshoot", "chunks_lost",
        "recovery_chunks",
      ]
    case .summary: Self.runColumns + Metric.allCases.map(\.rawValue)
    }
  }
}

extension CSVLine {
  private mutating func addRun(_ run: RunResult) {
    add(run.scenario)
    add(run.scheduler)
    add(String(run.seed))
    add(run.replication)
  }

  mutating func addChunk(_ chunk: SimulatedChunk, of run: RunResult) {
    addRun(run)
    let record = chunk.record
    add(record.number)
    add(record.start.inSeconds)
    add(record.plannedSize.map { Double($0) })
    add(record.size)
    add(record.handling.inSeconds)
    add(record.processing.inSeconds)
    add(record.duration.inSeconds)
    add(record.target?.inSeconds)
    add(chunk.longestItemSeconds)
    add(chunk.loadFactor)
    add(record.closeReason.rawValue)
    end()
  }

  mutating func addTracking(_ entry: SimulatedClass, chunk: Int, of run: RunResult) {
    addRun(run)
    add(chunk)
    add(entry.costClass.name)
    add(entry.items)
    add(entry.estimateSecondsPerItem)
    add(entry.observedSecondsPerItem)
    add(entry.trueSecondsPerItem)
    let truth = entry.trueSecondsPerItem
    add(entry.estimateSecondsPerItem.flatMap { truth > 0 ? abs($0 - truth) / truth : nil })
    end()
  }

  mutating func addCollapse(_ collapse: Collapse, of run: RunResult) {
    addRun(run)
    let chunk = collapse.chunk
    add(chunk.record.number)
    add(chunk.record.size)
    add(chunk.durationSeconds)
    add(chunk.record.target?.inSeconds)
    add(chunk.floorSeconds)
    add(chunk.record.target.map { chunk.durationSeconds / $0.inSeconds })
    add(collapse.chunksLost)
    add(collapse.recoveryChunks)
    end()
  }

  mutating func addSummary(_ run: RunResult, digest: String? = nil) {
    addRun(run)
    for metric in Metric.allCases { add(run.metrics[metric]) }
    if let digest { add(digest) }
    end()
  }
}
