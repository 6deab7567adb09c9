public import Syncer

extension RunMetrics {
  /// The metrics of a sync from its report alone, as far as it tells.
  ///
  /// The longest item of a chunk is taken from what handling took item by item and from reported
  /// completions; what is hidden inside `processChunk` is not known. Nor are workers: there is no
  /// `utilisation`, and `waste` counts all time but the overhead as work. `waste_floor` and
  /// `waste_vs_optimal` need every item's cost, and are missing.
  ///
  /// - Parameters:
  ///   - report: What `chunkedSync` returned.
  ///   - overheadSeconds: The fixed overhead of a chunk, such as `DeadlineScheduler.overheadSeconds`;
  ///     unless given, what a line through items and processing time of the chunks says, as in a
  ///     recording, or 0 where they do not tell.
  public init<Key>(_ report: SyncReport<Key>, overheadSeconds: Double? = nil) {
    let overhead = overheadSeconds ?? Self.overheadSeconds(of: report.chunks)
    var figures = RunFigures()
    for record in report.chunks {
      figures.add(MeasuredChunk(record, overheadSeconds: max(0, overhead)))
    }
    self = figures.metrics
  }

  private static func overheadSeconds(of chunks: [ChunkRecord]) -> Double {
    var fit = ChunkOverhead()
    for chunk in chunks {
      fit.add(items: chunk.size, nanoseconds: chunk.processing.wholeNanoseconds)
    }
    return Double(fit.nanoseconds ?? 0) / 1e9
  }
}
