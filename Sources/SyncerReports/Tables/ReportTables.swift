internal import Syncer
internal import SyncerSimulation

/// The four tables of a report.
enum ReportTable: String, CaseIterable {
  case chunks
  case tracking
  case collapse
  case summary

  var fileName: String { "\(rawValue).csv" }

  static let runColumns = ["scenario", "scheduler", "seed", "replication"]

  /// The names of the columns, in order.
  var columns: [String] {
    switch self {
    case .chunks: Self.runColumns + ReportColumn.chunks.map(\.name)
    case .tracking: Self.runColumns + ReportColumn.tracking.map(\.name)
    case .collapse: Self.runColumns + ReportColumn.collapse.map(\.name)
    case .summary: Self.runColumns + Metric.allCases.map(\.rawValue)
    }
  }
}

/// A column of a table: its name, its unit, what it means, and its field of a row.
struct ReportColumn<Row>: Sendable {
  var name: String
  var unit: String
  var meaning: String
  var add: @Sendable (inout CSVLine, Row) -> Void

  init(
    _ name: String, _ unit: String, _ meaning: String,
    add: @escaping @Sendable (inout CSVLine, Row) -> Void
  ) {
    (self.name, self.unit, self.meaning, self.add) = (name, unit, meaning, add)
  }

  /// A column of numbers, empty where there is none.
  init(
    _ name: String, _ unit: String, _ meaning: String,
    number: @escaping @Sendable (Row) -> Double?
  ) {
    self.init(name, unit, meaning) { line, row in line.add(number(row)) }
  }
}

/// A class of a chunk, as tracking.csv has it.
struct TrackingRow {
  var chunk: Int
  var entry: SimulatedClass
}

extension ReportColumn where Row == SimulatedChunk {
  /// Those of chunks.csv.
  static let chunks: [ReportColumn] = [
    ReportColumn("chunk", "", "The number of the chunk, from 1") { $0.add($1.record.number) },
    ReportColumn("start_s", "s", "When it was opened, since the start of the sync") {
      $0.record.start.inSeconds
    },
    ReportColumn(
      "planned_size", "items",
      "What the scheduler intended before the chunk; empty where it plans no size"
    ) { $0.record.plannedSize.map { Double($0) } },
    ReportColumn("size", "items", "n") { $0.add($1.record.size) },
    ReportColumn("handle_s", "s", "h: from opening the chunk to the end of its last handler") {
      $0.record.handling.inSeconds
    },
    ReportColumn("process_s", "s", "p: `processChunk`, the fixed overhead included") {
      $0.record.processing.inSeconds
    },
    ReportColumn("duration_s", "s", "d = h + p") { $0.record.duration.inSeconds },
    ReportColumn("target_s", "s", "T; empty without chunk time") { $0.record.target?.inSeconds },
    ReportColumn(
      "longest_item_s", "s",
      "m: the largest sum of an item's handling and its own processing on its worker, under load"
    ) { $0.longestItemSeconds },
    ReportColumn(
      "load_factor", "",
      "(overhead + every item's handling and processing, as they took) / (the same on an unloaded "
        + "machine); 1 where nothing cost anything"
    ) { $0.loadFactor },
    ReportColumn(
      "close_reason", "",
      "`scheduler` (it did not admit the next item), `cap` (`chunkCap`), `weight cap` (`chunkWeightCap`), "
        + "`end` (no more items), `maximum duration`, `time left`, `cancelled`"
    ) { $0.add($1.record.closeReason.rawValue) },
    ReportColumn("worker", "", "Which of the processes of `sync.workers` made it, from 1") {
      $0.add($1.worker)
    },
  ]
}

extension ReportColumn where Row == TrackingRow {
  /// Those of tracking.csv.
  static let tracking: [ReportColumn] = [
    ReportColumn("chunk", "", "The number of the chunk") { $0.add($1.chunk) },
    ReportColumn("class", "", "The cost class") { $0.add($1.entry.costClass.name) },
    ReportColumn("items", "items", "n_c: items of the class in the chunk") {
      $0.add($1.entry.items)
    },
    ReportColumn(
      "estimate_s_per_item", "s/item",
      "What the scheduler expected of such an item before it learned from this chunk, handling and "
        + "processing; with hints, of an item of the class's mean hint in the chunk. Empty where it "
        + "had no opinion"
    ) { $0.entry.estimateSecondsPerItem },
    ReportColumn(
      "observed_s_per_item", "s/item",
      "What the sync could see: handling of the class / n_c + its reported completions / their "
        + "number, or p / n where none are reported (overhead included). Empty without chunk time"
    ) { $0.entry.observedSecondsPerItem },
    ReportColumn(
      "true_s_per_item", "s/item",
      "What the items took, handling and own processing under load, / n_c; without overhead"
    ) { $0.entry.trueSecondsPerItem },
    ReportColumn(
      "relative_error", "",
      "abs(estimate - true) / true; empty without estimate and where the truth is 0"
    ) { row in
      let truth = row.entry.trueSecondsPerItem
      return row.entry.estimateSecondsPerItem.flatMap { truth > 0 ? abs($0 - truth) / truth : nil }
    },
  ]
}

extension ReportColumn where Row == Collapse {
  /// Those of collapse.csv.
  static let collapse: [ReportColumn] = [
    ReportColumn("chunk", "", "The number of the chunk") { $0.add($1.chunk.record.number) },
    ReportColumn("size", "items", "n") { $0.add($1.chunk.record.size) },
    ReportColumn("duration_s", "s", "d") { $0.chunk.durationSeconds },
    ReportColumn("target_s", "s", "T") { $0.chunk.record.target?.inSeconds },
    ReportColumn("floor_s", "s", "f = max(T, m)") { $0.chunk.floorSeconds },
    ReportColumn("overshoot", "", "d / T") { row in
      row.chunk.record.target.map { row.chunk.durationSeconds / $0.inSeconds }
    },
    ReportColumn(
      "chunks_lost", "chunks",
      "floor(d / f) - 1: how many chunks at the floor would have been safe before a failure at its "
        + "end"
    ) { $0.add($1.chunksLost) },
    ReportColumn(
      "recovery_chunks", "chunks",
      "How many chunks followed up to the first with abs(d / f - 1) ≤ 0.2, that one included, or up "
        + "to the last of the sync"
    ) { $0.add($1.recoveryChunks) },
  ]
}
