public import Logging
internal import Synchronization
public import Syncer

/// Tells swift-log how a sync goes.
///
/// - Debug: every finished chunk.
/// - Info: the start; an end as completed, at the limit or out of time; chunks back at their target.
/// - Notice: an end by cancellation.
/// - Warning: the first of a row of chunks beyond twice their target; an item that failed and was
///   left out; what stands in the way of the target.
/// - Error: an end by a failure.
///
/// Texts are always the same, values are metadata; seconds are decimal.
public final class SyncLog: SyncObserver {
  private let logger: Logger
  /// How many chunks in a row have taken more than twice their target.
  private let lateCount = Atomic<Int>(0)

  /// Makes an observer that logs to the system the process was bootstrapped with.
  ///
  /// One observer is for one sync at a time.
  public init(logger: Logger = Logger(label: "Syncer")) {
    self.logger = logger
  }

  /// Logs what there is to do, at info.
  public func syncDidStart(_ progress: SyncProgress) {
    lateCount.store(0, ordering: .relaxed)
    logger.info("Sync started.", metadata: ["items": items(progress)])
  }

  /// Logs the chunk at debug, and at warning where it is the first to take more than twice its
  /// target.
  public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    logger.debug("Chunk finished.", metadata: metadata(chunk, progress))
    guard let target = chunk.target else { return }
    if chunk.duration > target * 2 {
      if lateCount.add(1, ordering: .relaxed).oldValue == 0 {
        logger.warning(
          "A chunk took more than twice its target.", metadata: metadata(chunk, progress))
      }
    } else {
      let late = lateCount.exchange(0, ordering: .relaxed)
      if late > 0 {
        logger.info(
          "Chunks take less than twice their target again.",
          metadata: ["chunk": "\(chunk.number)", "late_chunks": "\(late)"])
      }
    }
  }

  /// Logs the item and its error at warning.
  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    logger.warning(
      "An item failed and was left out.",
      metadata: [
        "item": "\(item.key)", "phase": "\(item.phase.rawValue)", "chunk": "\(item.chunk)",
        "error": "\(item.error)",
      ])
  }

  /// Logs the sentence of the warning.
  public func syncDidWarn(_ warning: SyncWarning) {
    logger.warning("\(warning)")
  }

  /// Logs why the sync ended: at info, cancelled at notice, failed at error.
  public func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
    let level: Logger.Level =
      switch reason {
      case .completed, .itemLimit, .maximumDuration, .timeLeft: .info
      case .cancelled: .notice
      case .failed: .error
      }
    var metadata: Logger.Metadata = [
      "reason": "\(reason.rawValue)", "handled": "\(progress.handledCount)",
      "items": items(progress), "chunks": "\(progress.chunkCount)",
      "elapsed_s": "\(progress.elapsed / .seconds(1))",
    ]
    if let error { metadata["error"] = "\(error)" }
    logger.log(level: level, "Sync ended.", metadata: metadata)
  }

  /// How many items there are, as far as that is known.
  private func items(_ progress: SyncProgress) -> Logger.MetadataValue {
    "\(progress.itemCount.map(String.init) ?? "unknown")"
  }

  private func metadata(_ chunk: ChunkRecord, _ progress: SyncProgress) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "chunk": "\(chunk.number)", "size": "\(chunk.size)",
      "duration_s": "\(chunk.duration / .seconds(1))",
      "processing_s": "\(chunk.processing / .seconds(1))",
      "handled": "\(progress.handledCount)", "items": items(progress),
    ]
    if let target = chunk.target { metadata["target_s"] = "\(target / .seconds(1))" }
    if chunk.failedCount > 0 { metadata["failed"] = "\(chunk.failedCount)" }
    return metadata
  }
}
