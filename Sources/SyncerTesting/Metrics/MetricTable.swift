extension MetricDefinition {
  /// How long chunks take.
  static let chunkTimes: [MetricDefinition] = [
    MetricDefinition(
      .overshoot, .ratio, .smallerDownToOne, formula: "max d / T",
      meaning: "The longest chunk, as a multiple of the target."
    ) { $0.isTimed ? $0.largestRatioToTarget : nil },
    MetricDefinition(
      .overshootAboveFloor, .ratio, .smallerDownToOne,
      formula: "max d / f, which leaves out what no scheduler can avoid",
      meaning: "The worst chunk, as a multiple of its floor: the target, or its longest single "
        + "item if that is longer. 1 is the ideal; above 2 a chunk has collapsed."
    ) { $0.ratiosToFloor.max() },
    MetricDefinition(
      .p99AboveFloor, .ratio, .smallerDownToOne,
      formula: "99th percentile of d / f by nearest rank: the ceil(0.99 k)-th smallest of k",
      meaning: "99 of 100 chunks are at most this multiple of their floor."
    ) { $0.ratioToFloor(percentile: 99) },
    MetricDefinition(
      .timeMatch, .ratio, .nearerToOne,
      formula: "mean of d / T, the figure of co3 0.6.3; it hides a collapse among many good chunks",
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
      meaning:
        "The work that a failure at a random moment loses: at 1 half a target on average, at 2 a "
        + "whole one. Short chunks lose less and cost more: see waste."
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
      meaning: "The share of the time spent on the fixed overhead of chunks."
    ) { $0.seconds > 0 ? $0.overheadSeconds / $0.seconds : 0 },
    MetricDefinition(
      .makespanVsOracle, .ratio, .smaller,
      formula:
        "makespan / that of the scheduler `optimal` (`oracle`) on the same items; empty where that is 0",
      meaning: "The makespan, as a multiple of that of a scheduler that knows the future."),
    MetricDefinition(
      .settlingChunks, .count, .smaller, formula: "see below",
      meaning:
        "The largest number of chunks, after a tenfold shift of the cost, until one was near "
        + "its floor again; 0 without such a shift, as in a sync of one chunk."
    ) { $0.isTimed ? Double($0.settling.worst) : nil },
    MetricDefinition(
      .trackingError, .ratio, .smaller, formula: "see below; empty where no chunk qualifies",
      meaning: "The mean relative error of the estimated seconds per item."
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
      .restarts, .count, .smaller, formula: "number of crashes of the process",
      meaning: "The number of crashes after which the sync started again."
    ) { $0.faults.map { Double($0.crashes) } },
    MetricDefinition(
      .lost, .seconds, .smaller,
      formula: "sum of the times from the last finished chunk to a crash or failure: work that is "
        + "done again",
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
      meaning:
        "The cost of the chunks, in overhead and work at risk, as a multiple of that of chunks "
        + "of exactly the target: 1.25 if all are twice or half as long, 5.05 at ten times or a tenth."
    ) { $0.waste },
    MetricDefinition(
      .wasteFloor, .ratio, .smaller,
      formula: "sum of y x / (2 T U) over single items, with x what an item takes and y what it "
        + "takes of U: with one worker sum of x² / (2 T U)",
      meaning:
        "The waste of the items themselves, which no scheduler can avoid; large if items are "
        + "longer than the target."
    ) { figures in
      guard let target = figures.targetSeconds, let squares = figures.squaredItemSeconds,
        figures.workSeconds > 0
      else { return nil }
      return squares / (2 * target * figures.workSeconds)
    },
    MetricDefinition(
      .wasteVsOptimal, .ratio, .smaller,
      formula: "waste / that of the best partition of the same items, see below",
      meaning:
        "The waste, as a multiple of that of the best chunks possible in this order, with all "
        + "costs known. Schedulers are compared by it."),
    MetricDefinition(
      .nearTargetShare, .ratio, .larger,
      formula: "sum of d over chunks with abs(d / f - 1) ≤ 0.2 / sum of d",
      meaning:
        "The share of the time in chunks within 20 % of their floor: the target, or the longest "
        + "single item if that is longer."
    ) { $0.isTimed && $0.seconds > 0 ? $0.nearSeconds / $0.seconds : nil },
    MetricDefinition(
      .utilisation, .ratio, .larger,
      formula: "sum of the items' processing / (workers × sum of p); empty where nothing is "
        + "processed",
      meaning:
        "The share of the time of all workers that is work, while chunks are processed; in the "
        + "rest they are idle, or wait for the fixed overhead."
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
      meaning:
        "The share of the time of all processes, until the last is done, in finished chunks; in "
        + "the rest they wait for others, or work on chunks that are lost."
    ) { figures in
      figures.fleet.flatMap { fleet in
        figures.endSeconds > 0
          ? figures.seconds / (Double(fleet.workers) * figures.endSeconds) : nil
      }
    },
    MetricDefinition(
      .uncommitted, .seconds, .smaller,
      formula: "sum of d² / (2 × makespan): half of every open chunk, on average over time",
      meaning:
        "The uncommitted work of all processes at a random moment, in seconds: lost if all die "
        + "at once."
    ) { figures in
      figures.fleet != nil && figures.endSeconds > 0
        ? figures.squaredSeconds / (2 * figures.endSeconds) : nil
    },
    MetricDefinition(
      .takeovers, .count, .smaller,
      formula: "number of unfinished ranges that another process took over",
      meaning: "The number of unfinished ranges that another process took over."
    ) { $0.fleet.map { Double($0.takeovers) } },
  ]
}
