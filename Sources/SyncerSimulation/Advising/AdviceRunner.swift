internal import Syncer

/// A chunk time and a scheduler, to be tried.
struct AdviceTask: Sendable {
  var candidate: AdviceCandidate
  var chunkSeconds: Double

  var settings: SchedulerSettings { candidate.settings(chunkSeconds) }
}

/// Runs tasks on the replications of a scenario, several at once.
struct AdviceRunner: Sendable {
  private let advisor: Advisor
  private let cores: Int?
  private let progress: RunProgress?

  init(_ advisor: Advisor, cores: Int?, progress: RunProgress?) {
    (self.advisor, self.cores, self.progress) = (advisor, cores, progress)
  }

  /// Runs tasks.
  ///
  /// - Parameters:
  ///   - tasks: What to run.
  ///   - replications: On which replications.
  /// - Returns: for every task its trials, one per replication.
  /// - Throws: as `Simulation.run(_:onChunk:)`.
  func run(
    _ tasks: [AdviceTask], on replications: ClosedRange<Int>
  ) async throws -> [[AdviceTrial]] {
    if tasks.isEmpty { return [] }
    let before = progress?.moment.items ?? 0
    let simulations = SharedForPieces(uses: tasks.count) { [advisor] index in
      try advisor.simulation(replications.lowerBound + index)
    }
    let work = OrderedWork(count: tasks.count * replications.count, cores: cores) {
      [advisor, progress] number in
      let task = tasks[number % tasks.count]
      let simulation = try await simulations.value(number / tasks.count)
      progress?.expect(before + simulation.workload.count * tasks.count * replications.count)
      let trial = try await AdviceTrial(
        simulation.with(chunkSeconds: task.chunkSeconds), task.settings, advisor.measure)
      progress?.add(simulation.workload.count)
      return trial
    }
    var trials = [[AdviceTrial]](repeating: [], count: tasks.count)
    try await work.run { number in
      let task = tasks[number % tasks.count]
      progress?.begin(
        "\(task.candidate.name) at \(DurationText.text(task.chunkSeconds)), replication "
          + "\(replications.lowerBound + number / tasks.count)")
    } take: { number, trial in
      trials[number % tasks.count].append(trial)
    }
    return trials
  }

  /// What no scheduler's waste is below, replication by replication; nil where it is not known.
  func bounds(on replications: ClosedRange<Int>) async throws -> [Double]? {
    guard case .waste = advisor.measure else { return nil }
    let work = OrderedWork(count: replications.count, cores: cores) { [advisor] number in
      let simulation = try advisor.simulation(replications.lowerBound + number)
      let optimum = try await Optimum(simulation)
      return optimum.bound?.waste(items: optimum.itemCount, of: optimum.itemCount)
    }
    let bounds = try await work.results().compactMap { $0 }
    return bounds.count == replications.count ? bounds : nil
  }
}
