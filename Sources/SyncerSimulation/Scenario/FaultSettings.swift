public import Syncer

/// What goes wrong in a scenario, and what the sync does about it.
public struct FaultSettings: Sendable, Equatable {
  /// What the sync does when something fails.
  public var onFailure: FailureSettings
  /// Items that fail.
  public var items: [ItemFaults]
  /// The probability that a call of `processChunk` fails, from 0 to 1.
  public var chunkProbability: Double
  /// Items that take longer than their class says.
  public var slow: [SlowItems]
  /// When the sync is asked to finish its open chunk and stop, in seconds; nil for never.
  public var cancelAtSeconds: Double?
  /// When the process dies.
  public var crashes: CrashSettings
  /// How long the sync takes to start again after a crash, in seconds.
  public var restartSeconds: Double
  /// The mean time between failures that `expected_completion_s` reckons with, in seconds; nil for
  /// no such metric.
  public var meanTimeBetweenFailuresSeconds: Double?

  /// Makes the settings.
  public init(
    onFailure: FailureSettings = FailureSettings(), items: [ItemFaults] = [],
    chunkProbability: Double = 0, slow: [SlowItems] = [], cancelAtSeconds: Double? = nil,
    crashes: CrashSettings = CrashSettings(), restartSeconds: Double = 0,
    meanTimeBetweenFailuresSeconds: Double? = nil
  ) {
    self.onFailure = onFailure
    self.items = items
    self.chunkProbability = chunkProbability
    self.slow = slow
    self.cancelAtSeconds = cancelAtSeconds
    self.crashes = crashes
    self.restartSeconds = restartSeconds
    self.meanTimeBetweenFailuresSeconds = meanTimeBetweenFailuresSeconds
  }

  /// Whether anything happens to a run; a mean time between failures alone is arithmetic.
  var isInjecting: Bool {
    !items.isEmpty || chunkProbability > 0 || cancelAtSeconds != nil || crashes != CrashSettings()
  }
}

/// A `FailurePolicy` in numbers.
public struct FailureSettings: Sendable, Equatable {
  /// How often a call is made before it counts as failed, at least 1.
  public var attempts: Int
  /// The wait before the second attempt, in seconds; each further one is twice as long.
  public var backoffSeconds: Double
  /// The longest wait, in seconds.
  public var longestBackoffSeconds: Double
  /// How many items may fail and be listed; nil where the first one ends the sync.
  public var maximumErrors: Int?

  /// Makes the settings; by default those of `FailurePolicy.stop`.
  public init(
    attempts: Int = 1, backoffSeconds: Double = 1, longestBackoffSeconds: Double = 60,
    maximumErrors: Int? = nil
  ) {
    self.attempts = attempts
    self.backoffSeconds = backoffSeconds
    self.longestBackoffSeconds = longestBackoffSeconds
    self.maximumErrors = maximumErrors
  }

  /// The policy.
  public var policy: FailurePolicy {
    .retry(
      attempts: attempts,
      backoff: .exponential(
        from: .nanoseconds(Nanoseconds.rounding(backoffSeconds)),
        atMost: .nanoseconds(Nanoseconds.rounding(longestBackoffSeconds))),
      then: maximumErrors.map { .isolate(maximumErrors: $0) })
  }
}

/// Items that fail, chosen at random.
public struct ItemFaults: Sendable, Equatable {
  /// The class of the items; nil for all.
  public var costClass: CostClass?
  /// The share of them that fails, from 0 to 1.
  public var probability: Double
  /// Where they fail.
  public var phase: TraceSettings.Cost
  /// Whether they fail only the first time.
  public var isTransient: Bool

  /// Makes faults.
  public init(
    costClass: CostClass? = nil, probability: Double, phase: TraceSettings.Cost = .handle,
    isTransient: Bool = false
  ) {
    self.costClass = costClass
    self.probability = probability
    self.phase = phase
    self.isTransient = isTransient
  }
}

/// Items whose handling takes longer, chosen at random.
public struct SlowItems: Sendable, Equatable {
  /// The class of the items; nil for all.
  public var costClass: CostClass?
  /// The share of them that is slow, from 0 to 1.
  public var probability: Double
  /// By how much their handling takes longer, above zero.
  public var slowdown: Double

  /// Makes slow items.
  public init(costClass: CostClass? = nil, probability: Double, slowdown: Double) {
    self.costClass = costClass
    self.probability = probability
    self.slowdown = slowdown
  }
}

/// When the process that runs the sync dies; it then starts again from what was processed.
///
/// Where several processes share the sync, each dies at random moments of its own, and of the known moments
/// the first is the first one's, the second the second one's and so on.
public struct CrashSettings: Sendable, Equatable {
  /// Known moments, in seconds.
  public var atSeconds: [Double]
  /// The mean of the exponential time between crashes at random moments, in seconds.
  public var meanGapSeconds: Double?

  /// Makes the settings; by default nothing crashes.
  public init(atSeconds: [Double] = [], meanGapSeconds: Double? = nil) {
    self.atSeconds = atSeconds
    self.meanGapSeconds = meanGapSeconds
  }
}
