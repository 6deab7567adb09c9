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
  /// The measure, of every part of the work alike; their mean is that of the run.
  private(set) var parts: [Double] = []

  /// The measure of the whole run.
  var value: Double { parts.reduce(0, +) / Double(parts.count) }

  /// Runs a scheduler.
  ///
  /// - Parameters:
  ///   - simulation: The items, with the chunk time.
  ///   - settings: The scheduler.
  ///   - measure: What is made small.
  ///   - parts: In how many parts of equal work the measure is divided, at least 1.
  /// - Throws: as `Simulation.run(_:onChunk:)`.
  init(
    _ simulation: Simulation, _ settings: SchedulerSettings, _ measure: AdviceMeasure, parts: Int
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
    self.parts = Self.parts(chunks, work: work, measure, count: parts, overhead: overhead / count)
  }

  /// The cost of every chunk goes to the parts of the work it did, in proportion.
  private static func parts(
    _ chunks: [MeasuredChunk.Costs], work: Double, _ measure: AdviceMeasure, count: Int,
    overhead: Double
  ) -> [Double] {
    var parts = [Double](repeating: 0, count: count)
    var before = 0.0
    for chunk in chunks {
      let cost: Double
      switch measure {
      case .waste(let target):
        let perChunk = Waste.costPerChunk(target: target, overhead: overhead)
        cost = work > 0 ? (perChunk + chunk.seconds * chunk.seconds) / (2 * target * work) : 0
      case .completion(let completion): cost = completion.seconds(ofChunk: chunk.seconds)
      }
      let share = work > 0 ? Double(count) / work : 0
      let (first, last) = (before * share, (before + chunk.work) * share)
      before += chunk.work
      let places = Int(min(first, Double(count - 1)))...Int(min(last, Double(count - 1)))
      for place in places {
        let common = min(last, Double(place + 1)) - max(first, Double(place))
        let part = last > first && places.count > 1 ? max(0, common) / (last - first) : 1
        parts[place] = min(AdviceMeasure.most, parts[place] + Double(count) * cost * part)
      }
    }
    return parts
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
