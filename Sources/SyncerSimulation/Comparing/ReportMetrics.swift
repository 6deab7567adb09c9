public import Syncer

extension RunMetrics {
  /// The metrics of a sync from its report alone, as far as it tells.
  ///
  /// The longest item of a chunk is taken from what handling took item by item and from reported
  /// completions; what is hidden inside `processChunk` is not known.
  public init<Key>(_ report: SyncReport<Key>) {
    var metrics = MetricsAccumulator()
    for record in report.chunks { metrics.add(SimulatedChunk(record)) }
    self = metrics.metrics
  }
}
