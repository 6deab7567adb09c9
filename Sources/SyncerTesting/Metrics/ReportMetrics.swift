public import Syncer

extension RunMetrics {
  /// Computes the metrics of a sync from its report alone.
  ///
  /// The longest item of a chunk is known from handling and from reported completions, but not
  /// inside `processChunk`. Workers are not known: there is no `utilisation`, and `waste` counts
  /// all time except the overhead as work. `waste_floor` and `waste_vs_optimal` need the cost of
  /// every item, and are missing.
  ///
  /// - Parameters:
  ///   - report: The report that `chunkedSync` returned.
  ///   - overheadSeconds: The fixed overhead of a chunk, such as
  ///     `DeadlineScheduler.overheadSeconds`. By default it is fitted to items and processing time
  ///     of the chunks, as in a recording, or 0 if they do not determine it.
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
