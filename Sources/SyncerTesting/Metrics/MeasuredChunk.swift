public import Syncer

/// A finished chunk: what the library reported, and what is known of the truth.
public struct MeasuredChunk: Sendable, Equatable {
  /// What the library reported.
  public var record: ChunkRecord
  /// Seconds of the longest single item, handling and processing, under load.
  public var longestItemSeconds: Double
  /// Seconds of fixed overhead.
  public var overheadSeconds: Double
  /// Seconds of useful work under load, without the overhead: handling, and the processing of w
  /// workers divided by w.
  public var workSeconds: Double
  /// The sum over items of what each takes times its part of `workSeconds`, in square seconds; nil
  /// where single items are not known.
  public var squaredItemSeconds: Double?
  /// Seconds of the items' processing, one after the other; 0 where it is not known.
  public var processingWorkSeconds: Double
  /// How many workers process a chunk.
  public var workers: Int
  /// How much longer everything took than on an unloaded machine.
  public var loadFactor: Double
  /// The classes of the chunk, in the order the chunk met them.
  public var classes: [MeasuredClass]
  /// Which of the processes that share the sync made it, from 1.
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

  /// Seconds of the chunk.
  public var durationSeconds: Double { record.duration.inSeconds }

  /// max(T, longest item): what no scheduler can go below for a chunk with that item.
  ///
  /// Nil for a chunk without a target.
  public var floorSeconds: Double? {
    record.target.map { max($0.inSeconds, longestItemSeconds) }
  }

  /// The duration over the floor; above 2 the chunk has collapsed.
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
  /// How many items.
  public var items: Int
  /// Their true mean, in seconds, under load.
  public var trueSecondsPerItem: Double
  /// What the scheduler expected before the chunk; nil where it had no opinion.
  public var estimateSecondsPerItem: Double?
  /// What the sync could see: handling timed per item; processing as reported per item, or an
  /// equal share of the chunk's.
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
