internal import Syncer
public import SyncerSimulation

/// The rows of one run, kept apart until those of the runs before it are written.
public struct ReportPart: ChunkSink {
  private let folder: String
  fileprivate var chunks: TableFile
  fileprivate var tracking: TableFile

  /// Keeps the rows of a run.
  init(in folder: String) throws(ScenarioError) {
    self.folder = folder
    do {
      chunks = try TableFile(hiddenIn: folder)
      tracking = try TableFile(hiddenIn: folder)
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }

  /// Adds a chunk to chunks.csv and its classes to tracking.csv.
  ///
  /// - Throws: `ScenarioError` where they cannot be written.
  public mutating func add(_ chunk: SimulatedChunk, of run: RunResult) throws(ScenarioError) {
    do {
      try chunks.add { $0.addChunk(chunk, of: run) }
      try tracking.add { line in
        for entry in chunk.classes {
          line.addTracking(entry, chunk: chunk.record.number, of: run)
        }
      }
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }
}

extension ReportWriter: RunSink {
  public var openRun: @Sendable () throws -> ReportPart {
    let folder = staging
    return { try ReportPart(in: folder) }
  }

  public func take(
    _ run: RunResult, _ collapses: [Collapse], _ rows: ReportPart
  ) throws(ScenarioError) {
    var rows = rows
    do {
      try files[.chunks]?.add(rowsOf: &rows.chunks)
      try files[.tracking]?.add(rowsOf: &rows.tracking)
    } catch {
      throw ScenarioError(writing: folder, error)
    }
    try add(to: .collapse) { line in
      for collapse in collapses { line.addCollapse(collapse, of: run) }
    }
    try add(to: .summary) { $0.addSummary(run) }
  }
}
