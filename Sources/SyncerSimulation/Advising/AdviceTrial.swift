internal import Syncer
internal import SyncerTesting

/// What is made small: what one chunk time and scheduler is better by than another.
package enum AdviceMeasure: Sendable, Equatable {
  /// The waste of chunks that are all held against this target in seconds, whatever chunk time made
  /// them.
  case waste(target: Double)
  /// The seconds a sync is expected to take where the process fails at random.
  case completion(ExpectedCompletion)

  /// The most that a value may be: beyond it nothing is worth telling apart, and squares are numbers.
  package static let most = 1e100
}

/// How one run did under one chunk time and scheduler.
package struct AdviceTrial: Sendable {
  /// How many chunks there were.
  package private(set) var chunks = 0.0
  /// The share of the time in the fixed overhead of chunks.
  package private(set) var overheadShare = 0.0
  /// What a chunk costs besides its work, in seconds: overhead, and workers without any.
  private(set) var costPerChunk = 0.0
  /// The mean fixed overhead of a chunk, in seconds.
  private(set) var overheadPerChunk = 0.0
  /// What a failure at a random moment loses on average, in seconds: half of the chunk it meets.
  package private(set) var lostPerFailure = 0.0
  /// From the start of the sync to its end, in seconds.
  package private(set) var makespan = 0.0
  /// The share of the workers' time that is work; nil where nothing is processed.
  private(set) var utilisation: Double?
  /// The measure, at most `AdviceMeasure.most`.
  private(set) var value = 0.0

  /// Runs a scheduler.
  ///
  /// - Parameters:
  ///   - simulation: The items, with the chunk time.
  ///   - settings: The scheduler.
  ///   - measure: What is made small.
  /// - Throws: as `Simulation.run(_:onChunk:)`.
  init(
    _ simulation: Simulation, _ settings: SchedulerSettings, _ measure: AdviceMeasure
  ) async throws {
    var chunks: [MeasuredChunk.Costs] = []
    let metrics = try await simulation.run(settings) { chunks.append($0.costs) }
    let seconds = chunks.reduce(0) { $0 + $1.seconds }
    let work = chunks.reduce(0) { $0 + $1.work }
    let overhead = chunks.reduce(0) { $0 + $1.overhead }
    let count = Double(max(1, chunks.count))
    self.chunks = Double(chunks.count)
    makespan = metrics[.makespan] ?? 0
    utilisation = metrics[.utilisation]
    overheadPerChunk = overhead / count
    costPerChunk = max(0, seconds - work) / count
    if seconds > 0 {
      overheadShare = overhead / seconds
      lostPerFailure = chunks.reduce(0) { $0 + $1.seconds * $1.seconds } / (2 * seconds)
    }
    value = Self.value(chunks, work: work, measure, overhead: overhead / count)
  }

  private static func value(
    _ chunks: [MeasuredChunk.Costs], work: Double, _ measure: AdviceMeasure, overhead: Double
  ) -> Double {
    let value: Double
    switch measure {
    case .waste(let target):
      let perChunk = Waste.costPerChunk(target: target, overhead: overhead)
      let squares = chunks.reduce(0) { $0 + perChunk + $1.seconds * $1.seconds }
      value = work > 0 ? squares / (2 * target * work) : 0
    case .completion(let completion):
      value = chunks.reduce(0) { $0 + completion.seconds(ofChunk: $1.seconds) }
    }
    return min(AdviceMeasure.most, value)
  }
}

extension MeasuredChunk {
  /// What a chunk took, in seconds, and of that its work and its fixed overhead.
  fileprivate struct Costs {
    var seconds, work, overhead: Double
  }

  fileprivate var costs: Costs {
    Costs(seconds: durationSeconds, work: workSeconds, overhead: overheadSeconds)
  }
}
