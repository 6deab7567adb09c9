public import CoreMetrics
public import Syncer

/// Counts through swift-metrics what a sync does.
///
/// | label | kind | what |
/// |---|---|---|
/// | `syncer_items_total` | counter | items of finished chunks, those that failed included |
/// | `syncer_chunks_total` | counter | finished chunks |
/// | `syncer_failures_total` | counter | items that failed and were left out |
/// | `syncer_syncs_total` | counter | ended syncs, with the dimension `reason` |
/// | `syncer_chunk_handling_seconds` | timer | a chunk's time in the handlers |
/// | `syncer_chunk_processing_seconds` | timer | a chunk's time in `processChunk` |
/// | `syncer_chunk_overshoot` | gauge | the last chunk's duration over its target |
/// | `syncer_items_remaining` | gauge | items that the sync has still to handle |
///
/// Every metric has the dimension `sync`, the name given here. Timers record nanoseconds, as all of
/// swift-metrics does, and ask to be shown as seconds.
public struct SyncMetrics: SyncObserver {
  private let items: Counter
  private let chunks: Counter
  private let failures: Counter
  private let handling: Timer
  private let processing: Timer
  private let overshoot: Gauge
  private let remaining: Gauge
  private let countEnd: @Sendable (StopReason) -> Void

  /// Makes an observer.
  ///
  /// - Parameters:
  ///   - name: The value of the dimension `sync`, which tells the syncs of a process apart.
  ///   - factory: What makes the metrics; nil means that of the process, as it is now.
  public init(name: String, factory: (any MetricsFactory)? = nil) {
    let factory = factory ?? MetricsSystem.factory
    let dimensions = [("sync", name)]
    let counter = { (label: String) in
      Counter(label: label, dimensions: dimensions, factory: factory)
    }
    let timer = { (label: String) in
      Timer(label: label, dimensions: dimensions, preferredDisplayUnit: .seconds, factory: factory)
    }
    let gauge = { (label: String) in
      Gauge(label: label, dimensions: dimensions, factory: factory)
    }
    items = counter("syncer_items_total")
    chunks = counter("syncer_chunks_total")
    failures = counter("syncer_failures_total")
    handling = timer("syncer_chunk_handling_seconds")
    processing = timer("syncer_chunk_processing_seconds")
    overshoot = gauge("syncer_chunk_overshoot")
    remaining = gauge("syncer_items_remaining")
    countEnd = { reason in
      Counter(
        label: "syncer_syncs_total", dimensions: dimensions + [("reason", reason.rawValue)],
        factory: factory
      ).increment()
    }
  }

  public func syncDidStart(_ progress: SyncProgress) {
    if let itemCount = progress.itemCount { remaining.record(itemCount) }
  }

  public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    items.increment(by: chunk.size)
    chunks.increment()
    handling.recordSeconds(chunk.handling / .seconds(1))
    processing.recordSeconds(chunk.processing / .seconds(1))
    if let target = chunk.target { overshoot.record(chunk.duration / target) }
    if let itemCount = progress.itemCount { remaining.record(itemCount - progress.handledCount) }
  }

  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    failures.increment()
  }

  public func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
    countEnd(reason)
  }
}
