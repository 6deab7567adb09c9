internal import Foundation
internal import SafeOutput
internal import Syncer
public import SyncerSimulation

/// The chunks of one run as a chart shows them, of a simulation or read back from chunks.csv.
public struct RunTimeline: Sendable, Equatable {
  /// A chunk: when it was, how long it took, and how long it should have taken.
  public struct Chunk: Sendable, Equatable {
    /// When it was opened, in seconds since the start of the sync.
    public var startSeconds: Double
    /// How long it took, in seconds.
    public var durationSeconds: Double
    /// How many items it had.
    public var size: Int
    /// How long it should have taken, in seconds; nil without chunk time.
    public var targetSeconds: Double?
    /// Its longest single item, in seconds.
    public var longestItemSeconds: Double
    /// How much longer everything took than on an unloaded machine.
    public var loadFactor: Double

    /// Whether it took more than twice what no scheduler can avoid.
    public var isCollapsed: Bool {
      targetSeconds.map { durationSeconds > 2 * max($0, longestItemSeconds) } ?? false
    }
  }

  /// The label of the scheduler.
  public let scheduler: String
  /// Which replication it is, from 1.
  public internal(set) var replication = 1
  /// The row of its first chunk in the file, from 0.
  let firstRow: Int
  /// Its chunks, in order.
  public private(set) var chunks: [Chunk] = []

  /// How long the chunks should take, in seconds; nil without chunk time.
  public var targetSeconds: Double? { chunks.first?.targetSeconds }

  /// When the last chunk ended, in seconds.
  public var endSeconds: Double {
    chunks.last.map { $0.startSeconds + $0.durationSeconds } ?? 0
  }

  /// The chunk that took longest.
  public var longest: Chunk? {
    chunks.max { $0.durationSeconds < $1.durationSeconds }
  }

  /// When the chunk was opened that holds an item, by its place in the sync, from 0.
  func start(ofItem item: Int) -> Double? {
    var passed = 0
    for chunk in chunks {
      passed += chunk.size
      if item < passed { return chunk.startSeconds }
    }
    return nil
  }
}

extension RunTimeline {
  /// Adds a chunk of a simulation.
  mutating func append(_ chunk: SimulatedChunk) {
    chunks.append(
      Chunk(
        startSeconds: chunk.record.start.inSeconds, durationSeconds: chunk.durationSeconds,
        size: chunk.record.size, targetSeconds: chunk.record.target?.inSeconds,
        longestItemSeconds: chunk.longestItemSeconds, loadFactor: chunk.loadFactor))
  }

  /// Reads the runs of one replication, in the order of the file.
  ///
  /// - Parameters:
  ///   - folder: The folder of a report.
  ///   - replication: Which, from 1.
  ///   - others: Which of a scheduler instead, by its label.
  /// - Returns: one timeline per scheduler with at least one chunk.
  /// - Throws: `ScenarioError` for a file that is missing or is no chunks.csv.
  public static func read(
    folder: String, replication: Int = 1, others: [String: Int] = [:]
  ) throws(ScenarioError) -> [RunTimeline] {
    let path = FilePath.joined(folder, ReportTable.chunks.fileName)
    var rows = try ReportRows(
      path,
      columns: [
        "scheduler", "replication", "start_s", "duration_s", "size", "target_s", "longest_item_s",
        "load_factor",
      ])
    var timelines: [RunTimeline] = []
    var labels: [String] = []
    var row = -1
    while try rows.next() {
      row += 1
      let (label, number) = (rows.text(0), Int(try rows.number(1)))
      if labels.last != label, !labels.contains(label) { labels.append(label) }
      guard number == others[label] ?? replication else { continue }
      if timelines.last?.scheduler != label {
        timelines.append(RunTimeline(scheduler: label, firstRow: row))
        timelines[timelines.count - 1].replication = number
      }
      timelines[timelines.count - 1].chunks.append(
        Chunk(
          startSeconds: try rows.number(2), durationSeconds: try rows.number(3),
          size: Int(min(try rows.number(4), 1e15)),
          targetSeconds: rows.text(5).isEmpty ? nil : try rows.number(5),
          longestItemSeconds: try rows.number(6), loadFactor: try rows.number(7)))
    }
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    return timelines.sorted { places[$0.scheduler] ?? 0 < places[$1.scheduler] ?? 0 }
  }
}

/// The rows of a file of a report, by the columns that are asked for.
struct ReportRows {
  private var file: DelimitedText
  private let columns: [(name: String, index: Int)]
  private var fields: [Range<Int>] = []

  init(_ path: String, columns names: [String]) throws(ScenarioError) {
    let remedy = "run the scenario again"
    file = try DelimitedText(path, remedy: remedy)
    var columns: [(String, Int)] = []
    for name in names {
      guard let index = file.index(of: name) else {
        throw ScenarioError(
          file: path, keyPath: "line 1", rule: "lacks the column \"\(name)\"", remedy: remedy)
      }
      columns.append((name, index))
    }
    self.columns = columns
  }

  mutating func next() throws(ScenarioError) -> Bool { try file.next(&fields) }

  /// The text in a column, counted as they were asked for.
  func text(_ column: Int) -> String {
    file.text(fields[columns[column].index])
  }

  /// The number in a column, zero or more.
  func number(_ column: Int) throws(ScenarioError) -> Double {
    try file.number(fields[columns[column].index], columns[column].name)
  }
}

extension RunTimeline {
  /// Reads the first replication of a report that is not in its place yet.
  ///
  /// - Throws: `ScenarioError` for rows that cannot be written or read.
  public static func read(_ report: ReportWriter) throws(ScenarioError) -> [RunTimeline] {
    try report.flush()
    return try read(folder: report.staging)
  }
}
