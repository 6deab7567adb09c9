extension Metric {
  /// What the metric means, in a sentence for people who see its value: on a page, in help.
  public var meaning: String {
    switch self {
    case .overshoot: "The longest chunk, as a multiple of the target."
    case .overshootAboveFloor:
      "The worst chunk, as a multiple of its floor: the target, or its longest single item where "
        + "that is longer. Above 2 a chunk has collapsed; 1 is what no scheduler can beat."
    case .p99AboveFloor: "99 of 100 chunks are at most this multiple of their floor."
    case .timeMatch:
      "The mean chunk, as a multiple of the target. It hides a collapse among many good chunks."
    case .over2xShare: "The share of chunks above twice their floor."
    case .workAtRisk:
      "What a failure at a random moment loses: 1 is half a target on average, 2 a whole one."
    case .makespan: "The time from the start of the sync to its end, in seconds."
    case .chunks: "The number of chunks."
    case .items: "The number of items: the same for all."
    case .overheadShare: "The share of the time that goes into the fixed overhead of chunks."
    case .makespanVsOracle:
      "The time all takes, as a multiple of that of a scheduler that knows the future."
    case .settlingChunks:
      "The most chunks it took, after a tenfold shift of the cost, to be near the floor again."
    case .trackingError:
      "The mean relative error of the expected seconds per item against what they took."
    case .failedItems: "The items that failed and were left out."
    case .unfinishedItems: "The items that were not reached before the sync ended."
    case .restarts: "How often the process crashed and the sync started again."
    case .lost: "The time spent on chunks that a crash or a failure ended, in seconds."
    case .expectedCompletion:
      "The mean time to completion where failures come at random and lost work is redone, in "
        + "seconds."
    }
  }
}
