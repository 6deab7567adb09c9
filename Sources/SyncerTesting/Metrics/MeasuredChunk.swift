public import Syncer

/// A finished chunk as reported by the library, with its true costs.
public struct MeasuredChunk: Sendable, Equatable {
  /// The record in the library's report.
  public var record: ChunkRecord
  /// The longest single item in seconds, handling and processing, under load.
  public var longestItemSeconds: Double
  /// The fixed overhead, in seconds.
  public var overheadSeconds: Double
  /// The useful work in seconds, under load and without overhead: handling, plus processing divided
  /// by the number of workers.
  public var workSeconds: Double
  /// The sum over items of their duration times their part of `workSeconds`, in square seconds; nil
  /// if single items are not known.
  public var squaredItemSeconds: Double?
  /// The sum of the items' processing, in seconds; 0 if it is not known.
  public var processingWorkSeconds: Double
  /// The number of workers that process a chunk.
  public var workers: Int
  /// The ratio of the time taken to that on an unloaded machine.
  public var loadFactor: Double
  /// The classes of the chunk, in the order it met them.
  public var classes: [MeasuredClass]
  /// The number of the process that made the chunk, from 1.
  public var worker = 1

  /// Makes a chunk; see its properties.
  package init(
    _ record: ChunkRecord, longestItemSeconds: Double, overheadSeconds: Double, workSeconds: Double,
    squaredItemSeconds: Double?, processingWorkSeconds: Double, workers: Int, loadFactor: Double,
    classes: [MeasuredClass]
  ) {
    self.record = record
    self.longestItemSeconds = longestItemSeconds
    self.overheadSeconds = overheadSeconds
    self.workSeconds = workSeconds
    self.squaredItemSeconds = squaredItemSeconds
    self.processingWorkSeconds = processingWorkSeconds
    self.workers = workers
    self.loadFactor = loadFactor
    self.classes = classes
  }

  /// A chunk of which only the report is known, and perhaps the fixed overhead.
  package init(_ record: ChunkRecord, overheadSeconds overhead: Double) {
    let overhead = min(overhead, record.duration.inSeconds)
    self.init(
      record, longestItemSeconds: record.longestItemSeconds, overheadSeconds: overhead,
      workSeconds: record.duration.inSeconds - overhead, squaredItemSeconds: nil,
      processingWorkSeconds: 0, workers: 1, loadFactor: 1, classes: [])
  }

  /// The duration, in seconds.
  public var durationSeconds: Double { record.duration.inSeconds }

  /// The floor of the duration: the larger of the target and the longest item; nil without a
  /// target.
  public var floorSeconds: Double? {
    record.target.map { max($0.inSeconds, longestItemSeconds) }
  }

  /// The ratio of the duration to the floor; above 2 the chunk has collapsed.
  public var ratioToFloor: Double? {
    floorSeconds.map { durationSeconds / $0 }
  }

  /// Whether the duration is within 20 % of the floor.
  package var isSettled: Bool {
    ratioToFloor.map { abs($0 - 1) <= 0.2 } ?? true
  }
}

/// The items of one class in a measured chunk.
public struct MeasuredClass: Sendable, Equatable {
  /// The class.
  public var costClass: CostClass
  /// The number of items.
  public var items: Int
  /// The true mean per item, in seconds, under load.
  public var trueSecondsPerItem: Double
  /// The scheduler's estimate before the chunk; nil without one.
  public var estimateSecondsPerItem: Double?
  /// The mean per item that the sync could observe.
  ///
  /// Handling is timed per item. Processing is as reported per item, or an equal share of the
  /// chunk's.
  public var observedSecondsPerItem: Double?

  /// Makes a class; see its properties.
  package init(
    costClass: CostClass, items: Int, trueSecondsPerItem: Double,
    estimateSecondsPerItem: Double?, observedSecondsPerItem: Double?
  ) {
    self.costClass = costClass
    self.items = items
    self.trueSecondsPerItem = trueSecondsPerItem
    self.estimateSecondsPerItem = estimateSecondsPerItem
    self.observedSecondsPerItem = observedSecondsPerItem
  }
}
