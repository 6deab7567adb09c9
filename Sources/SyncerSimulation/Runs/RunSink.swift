/// What takes the runs of an experiment one by one, as the files of a report do.
public protocol RunSink {
  /// What takes the chunks of one run.
  associatedtype Rows: ChunkSink

  /// Makes what takes the chunks of a run; runs may be under way at once.
  var openRun: @Sendable () throws -> Rows { get }

  /// Takes a run that is over, with its collapsed chunks and with what took all of them.
  ///
  /// Runs come replication by replication, schedulers in the scenario's order.
  func take(_ run: RunResult, _ collapses: [Collapse], _ rows: Rows) throws
}

/// What takes the chunks of one run while it is under way.
public protocol ChunkSink: Sendable {
  /// Takes the next chunk.
  mutating func add(_ chunk: SimulatedChunk, of run: RunResult) throws
}

/// What keeps nothing.
struct NoSink: RunSink {
  struct Rows: ChunkSink {
    func add(_ chunk: SimulatedChunk, of run: RunResult) {}
  }

  let openRun: @Sendable () throws -> Rows = { Rows() }

  func take(_ run: RunResult, _ collapses: [Collapse], _ rows: Rows) {}
}
