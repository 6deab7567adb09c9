extension MetricDefinition {
  /// How long chunks take.
  static let chunkTimes: [MetricDefinition] = [
    MetricDefinition(
      .overshoot, .ratio, .smallerDownToOne, formula: "max d / T",
      meaning: "The longest chunk, as a multiple of the target."
    ) { $0.isTimed ? $0.largestRatioToTarget : nil },
    MetricDefinition(
      .overshootAboveFloor, .ratio, .smallerDownToOne,
      formula: "max d / f: what no scheduler can avoid is not held against it",
      meaning: "The worst chunk, as a multiple of its floor: the target, or its longest single "
        + "item where that is longer. Above 2 a chunk has collapsed; 1 is what is meant."
    ) { $0.ratiosToFloor.max() },
    MetricDefinition(
      .p99AboveFloor, .ratio, .smallerDownToOne,
      formula: "99th percentile of d / f by nearest rank: the ceil(0.99 k)-th smallest of k",
      meaning: "99 of 100 chunks are at most this multiple of their floor."
    ) { $0.ratioToFloor(percentile: 99) },
    MetricDefinition(
      .timeMatch, .ratio, .nearerToOne,
      formula: "mean of d / T, the original's figure: it hides a collapse among many good chunks",
      meaning: "The mean chunk, as a multiple of the target. It hides a collapse among many good "
        + "chunks."
    ) { $0.isTimed ? $0.sumOfRatiosToTarget / Double($0.chunkCount) : nil },
    MetricDefinition(
      .over2xShare, .ratio, .smaller, formula: "share of chunks with d > 2 f",
      meaning: "The share of chunks above twice their floor."
    ) { figures in
      figures.isTimed
        ? Double(figures.ratiosToFloor.count { $0 > 2 }) / Double(figures.chunkCount) : nil
    },
    MetricDefinition(
      .workAtRisk, .ratio, .smallerDownToOne,
      formula: "sum of d² / (T × sum of d): 1 means that a failure at a random moment costs half a "
        + "target on average",
      meaning: "What a failure at a random moment loses: 1 is half a target on average, 2 a whole "
        + "one. Chunks that are too short lose less, and cost more: see waste."
    ) { figures in
      guard let target = figures.targetSeconds else { return nil }
      let (squares, sum) = (figures.squaredSeconds, figures.seconds)
      return sum > 0 ? squares / (target * sum) : 0
    },
  ]

  /// What a run comes to.
  static let totals: [MetricDefinition] = [
    MetricDefinition(
      .makespan, .seconds, .smaller,
      formula: "from the start of the sync to the end of its last chunk",
      meaning: "The time from the start of the sync to its end, in seconds."
    ) { $0.endSeconds },
    MetricDefinition(
      .chunks, .count, .smaller, formula: "number of chunks", meaning: "The number of chunks."
    ) { Double($0.chunkCount) },
    MetricDefinition(
      .items, .count, .fixed, formula: "number of items",
      meaning: "The number of items, the same for all unless a sync ends early."
    ) { Double($0.itemCount) },
    MetricDefinition(
      .overheadShare, .ratio, .smaller, formula: "sum of the fixed overheads / sum of d",
      meaning: "The share of the time that goes into the fixed overhead of chunks."
    ) { $0.seconds > 0 ? $0.overheadSeconds / $0.seconds : 0 },
    MetricDefinition(
      .makespanVsOracle, .ratio, .smaller,
      formula: "makespan / that of the scheduler `oracle` on the same items; empty where that is 0",
      meaning: "The time all takes, as a multiple of that of a scheduler that knows the future."),
    MetricDefinition(
      .settlingChunks, .count, .smaller, formula: "see below",
      meaning: "The most chunks it took, after a tenfold shift of the cost, to be near the floor "
        + "again."
    ) { $0.isTimed ? Double($0.settling.worst) : nil },
    MetricDefinition(
      .trackingError, .ratio, .smaller, formula: "see below; empty where no chunk qualifies",
      meaning: "The mean relative error of the expected seconds per item against what they took."
    ) { $0.tracking.count > 0 ? $0.tracking.sum / Double($0.tracking.count) : nil },
  ]

  /// What went wrong, where something was meant to.
  static let faults: [MetricDefinition] = [
    MetricDefinition(
      .failedItems, .count, .smaller,
      formula: "items that failed and were left out; this and the next three are empty where a "
        + "scenario's `faults` do nothing",
      meaning: "The items that failed and were left out."
    ) { $0.faults.map { Double($0.failedItems) } },
    MetricDefinition(
      .unfinishedItems, .count, .smaller,
      formula: "items neither processed nor failed when the sync ended: it was stopped, or a "
        + "failure ended it",
      meaning: "The items that were not reached before the sync ended."
    ) { $0.faults.map { Double($0.unfinishedItems) } },
    MetricDefinition(
      .restarts, .count, .smaller, formula: "how often the process crashed",
      meaning: "How often the process crashed and the sync started again."
    ) { $0.faults.map { Double($0.crashes) } },
    MetricDefinition(
      .lost, .seconds, .smaller,
      formula: "time from the end of the last finished chunk to the crash or failure, summed up: "
        + "work that is done again",
      meaning: "The time spent on chunks that a crash or a failure ended, in seconds."
    ) { $0.faults.map { $0.lostSeconds } },
    MetricDefinition(
      .expectedCompletion, .seconds, .smaller,
      formula: "Σ M e^(R/M) (e^(d/M) - 1) over the chunks, with M the scenario's "
        + "`meanTimeBetweenFailures` and R its `restartTime`: the mean time to completion where "
        + "failures come at random and the open chunk is redone; empty without M",
      meaning: "The mean time to completion where failures come at random and lost work is redone, "
        + "in seconds."),
  ]

  /// How near chunks come to their target, on both sides, and what it costs where they do not.
  static let waste: [MetricDefinition] = [
    MetricDefinition(
      .waste, .ratio, .smaller,
      formula: "(k c + sum of d²) / (2 T U) over k chunks, with o the mean fixed overhead of a "
        + "chunk as spent, c = max(0, T² - 2 T o) and U the useful work; empty where U is 0",
      meaning: "What the chunks cost, in overhead and at risk, as a multiple of what chunks of "
        + "exactly the target cost: twice or half as long are 1.25, ten times or a tenth 5.05."
    ) { $0.waste },
    MetricDefinition(
      .wasteFloor, .ratio, .smaller,
      formula: "sum of y x / (2 T U) over single items, with x what an item takes and y what it "
        + "takes of U: with one worker sum of x² / (2 T U)",
      meaning: "The waste of the items themselves, which no scheduler can avoid: large where items "
        + "are longer than the target."
    ) { figures in
      guard let target = figures.targetSeconds, let squares = figures.squaredItemSeconds,
        figures.workSeconds > 0
      else { return nil }
      return squares / (2 * target * figures.workSeconds)
    },
    MetricDefinition(
      .wasteVsOptimal, .ratio, .smaller,
      formula: "waste / that of the best partition of the same items, see below",
      meaning: "The waste, as a multiple of that of the best chunks there are in this order, all "
        + "costs being known. The figure to compare by."),
    MetricDefinition(
      .nearTargetShare, .ratio, .larger,
      formula: "sum of d over chunks with abs(d / f - 1) ≤ 0.2 / sum of d",
      meaning: "The share of the time that is spent in chunks within 20 % of their floor: the "
        + "target, or the longest single item where that is longer."
    ) { $0.isTimed && $0.seconds > 0 ? $0.nearSeconds / $0.seconds : nil },
    MetricDefinition(
      .utilisation, .ratio, .larger,
      formula: "sum of the items' processing / (workers × sum of p); empty where nothing is "
        + "processed",
      meaning: "Of the time that workers have while chunks are processed, the share that is work; "
        + "the rest they are idle, or wait for the fixed overhead."
    ) { figures in
      let (work, time) = (figures.processingSeconds, figures.workerSeconds)
      return work > 0 && time > 0 ? work / time : nil
    },
  ]

  /// What several processes come to that share a sync; one has none of it.
  static let fleet: [MetricDefinition] = [
    MetricDefinition(
      .parallelEfficiency, .ratio, .larger,
      formula: "sum of d / (processes × makespan); this and the next two are empty without "
        + "`sync.workers`",
      meaning: "Of the time that all processes have until the last is done, the share spent on "
        + "chunks that were finished; the rest they waited for others, or began what was lost."
    ) { figures in
      figures.fleet.flatMap { fleet in
        figures.endSeconds > 0
          ? figures.seconds / (Double(fleet.workers) * figures.endSeconds) : nil
      }
    },
    MetricDefinition(
      .uncommitted, .seconds, .smaller,
      formula: "sum of d² / (2 × makespan): half of every chunk that is open, on average over time",
      meaning: "The work that all processes together have not committed at a random moment, in "
        + "seconds: what is lost where all die at once."
    ) { figures in
      figures.fleet != nil && figures.endSeconds > 0
        ? figures.squaredSeconds / (2 * figures.endSeconds) : nil
    },
    MetricDefinition(
      .takeovers, .count, .smaller,
      formula: "how often a process went on with a range that another had not finished",
      meaning: "How often a range was taken up after whoever had it was gone."
    ) { $0.fleet.map { Double($0.takeovers) } },
  ]
}
