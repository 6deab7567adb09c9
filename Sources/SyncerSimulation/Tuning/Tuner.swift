internal import Syncer

/// Finds parameters of a scheduler that make an objective small, and reports on seeds it has not
/// seen.
///
/// All tunings are tried on the same items (common random numbers), so that the differences between
/// them are differences of the tunings. Training uses the replications 1 to n of its scenarios; the
/// report uses later ones, never those.
public struct Tuner: Sendable {
  /// What is tuned, and between which values.
  public let space: TuningSpace
  /// What is made small.
  public let objective: TuningObjective
  /// The scenarios to train on, at least one.
  public let training: [Scenario]
  /// The scenarios to report on.
  public let heldOut: [Scenario]
  /// How many replications of each scenario to train on.
  public var trainingReplications = 5
  /// How many later replications of each scenario to report on, at least 2.
  public var heldOutReplications = 20
  /// The most tunings that are tried.
  public var evaluations = 150
  /// The share of the defaults' value that a gain must be to matter, from 0 to below 1.
  public var relevance = 0.01

  /// Makes a tuner.
  ///
  /// - Parameters:
  ///   - space: What is tuned.
  ///   - objective: What is made small.
  ///   - training: The scenarios to train on.
  ///   - heldOut: The scenarios to report on; those of the training unless given.
  public init(
    _ space: TuningSpace, objective: TuningObjective, training: [Scenario],
    heldOut: [Scenario] = []
  ) {
    precondition(!training.isEmpty, "Tuning needs at least one scenario.")
    self.space = space
    self.objective = objective
    self.training = training
    self.heldOut = heldOut.isEmpty ? training : heldOut
  }

  /// Tunes and reports.
  ///
  /// - Parameter willTry: Called before every tuning that is tried, with its number.
  /// - Returns: what was found and what it is worth.
  /// - Throws: `ScenarioError` for a scenario that cannot be run or lacks a metric,
  ///   `CancellationError` when the task is cancelled.
  public func run(willTry: (Int) -> Void = { _ in }) async throws -> TuningOutcome {
    precondition(trainingReplications >= 1, "Training needs at least one replication.")
    precondition(heldOutReplications >= 2, "The report needs at least two replications.")
    let seen = 1...trainingReplications
    let defaults = SchedulerSettings(space.kind.name)
    var trained: [(trials: TuningTrials, base: [Double])] = []
    for scenario in training {
      let trials = try await TuningTrials(scenario, replications: seen)
      trained.append((trials, try await trials.values(of: objective, defaults)))
    }
    var tried: [[String: Double]: Double] = [:]
    let minimiser = Minimiser(dimensions: space.axes.count, evaluations: evaluations)
    let minimum = try await minimiser.minimise(from: space.start) { point in
      let settings = space.settings(at: point)
      if let value = tried[settings.parameters] { return value }
      try Task.checkCancellation()
      willTry(tried.count + 1)
      var sum = 0.0
      for (trials, base) in trained {
        sum += ratio(try await trials.values(of: objective, settings), base)
      }
      let value = sum / Double(trained.count)
      tried[settings.parameters] = value
      return value
    }
    let tuned = space.settings(at: minimum.point)
    var outcome = TuningOutcome(
      objective: objective, space: space, defaults: defaults, tuned: tuned,
      evaluations: tried.count)
    outcome.relevance = relevance
    for (trials, base) in trained {
      outcome.training.append(
        TuningComparison(trials, base, try await trials.values(of: objective, tuned)))
    }
    let unseen = (trainingReplications + 1)...(trainingReplications + heldOutReplications)
    for scenario in heldOut {
      let trials = try await TuningTrials(scenario, replications: unseen)
      let base = try await trials.values(of: objective, defaults)
      outcome.heldOut.append(
        TuningComparison(trials, base, try await trials.values(of: objective, tuned)))
    }
    return outcome
  }

  /// The mean of a tuning over that of the defaults, so that every scenario counts alike.
  private func ratio(_ values: [Double], _ base: [Double]) -> Double {
    let (own, standard) = (SampleStatistics(values).mean, SampleStatistics(base).mean)
    return standard > 0 ? own / standard : own + 1
  }
}

/// The objective of the defaults and of the tuning in the same replications of a scenario.
public struct TuningComparison: Sendable, Equatable {
  /// The name of the scenario.
  public let scenario: String
  /// The scenario's seed.
  public let seed: UInt64
  /// Which replications: one where nothing is random.
  public let replications: ClosedRange<Int>
  /// The objective with the defaults.
  public let defaults: SampleStatistics
  /// The objective with the tuning.
  public let tuned: SampleStatistics
  /// Whether nothing in the scenario is random, so that other seeds say nothing new.
  public let isWithoutChance: Bool
  /// The tuning's value minus that of the defaults, replication by replication.
  public let difference: SampleStatistics

  init(_ trials: TuningTrials, _ defaults: [Double], _ tuned: [Double]) {
    scenario = trials.scenario.name
    seed = trials.scenario.seed
    replications = trials.replications
    isWithoutChance = !trials.scenario.isRandom
    self.defaults = SampleStatistics(defaults)
    self.tuned = SampleStatistics(tuned)
    difference = SampleStatistics(zip(tuned, defaults).map { $0 - $1 })
  }

  /// Whether the difference is not chance: nothing is random, or its interval excludes zero.
  var isSure: Bool { isWithoutChance || difference.isDistinctFromZero }
}
