internal import Syncer

/// What the chunks of one run come to: the sums that metrics are made of.
package struct RunFigures {
  private(set) var chunkCount = 0
  private(set) var itemCount = 0
  private(set) var ratiosToFloor: [Double] = []
  private(set) var largestRatioToTarget = 0.0
  private(set) var sumOfRatiosToTarget = 0.0
  /// The target; nil without chunk time.
  private(set) var targetSeconds: Double?
  /// The sum of the durations, and of their squares.
  private(set) var seconds = 0.0
  private(set) var squaredSeconds = 0.0
  /// The part of `seconds` in chunks within 20 % of their floor.
  private(set) var nearSeconds = 0.0
  private(set) var overheadSeconds = 0.0
  /// U: the useful work, without the overhead; what w workers process counts 1/w.
  private(set) var workSeconds = 0.0
  /// The sum over items of what each takes times what it takes of U; nil where items are not known.
  private(set) var squaredItemSeconds: Double? = 0
  /// The sum over items of their processing, on one worker each, and the workers' time for it.
  private(set) var processingSeconds = 0.0
  private(set) var workerSeconds = 0.0
  private(set) var endSeconds = 0.0
  private(set) var tracking = (sum: 0.0, count: 0)
  private(set) var settling = SettlingCounter()
  /// What became of the items, where things were meant to go wrong.
  package var faults: FaultFigures?
  /// What the processes come to, where several share the sync.
  package var fleet: FleetFigures?

  /// No chunks.
  package init() {}

  /// Whether there is a chunk with a target.
  var isTimed: Bool { targetSeconds != nil }

  /// Adds a chunk.
  package mutating func add(_ chunk: MeasuredChunk) {
    let duration = chunk.durationSeconds
    chunkCount += 1
    itemCount += chunk.record.size
    seconds += duration
    squaredSeconds += duration * duration
    overheadSeconds += chunk.overheadSeconds
    workSeconds += chunk.workSeconds
    squaredItemSeconds = squaredItemSeconds.flatMap { sum in
      chunk.squaredItemSeconds.map { sum + $0 }
    }
    processingSeconds += chunk.processingWorkSeconds
    workerSeconds += Double(chunk.workers) * chunk.record.processing.inSeconds
    endSeconds = max(endSeconds, chunk.record.end.inSeconds)
    guard let target = chunk.record.target?.inSeconds, let ratio = chunk.ratioToFloor else {
      return
    }
    targetSeconds = target
    ratiosToFloor.append(ratio)
    largestRatioToTarget = max(largestRatioToTarget, duration / target)
    sumOfRatiosToTarget += duration / target
    if chunk.isSettled { nearSeconds += duration }
    settling.add(chunk)
    addTracking(chunk)
  }

  /// The estimate of the chunk's mean item against the truth, where there is an estimate of all.
  private mutating func addTracking(_ chunk: MeasuredChunk) {
    var estimate = 0.0
    var truth = 0.0
    for entry in chunk.classes {
      guard let seconds = entry.estimateSecondsPerItem else { return }
      estimate += Double(entry.items) * seconds
      truth += Double(entry.items) * entry.trueSecondsPerItem
    }
    if truth > 0 {
      tracking.sum += abs(estimate - truth) / truth
      tracking.count += 1
    }
  }

  /// A percentile of the chunks over their floors, by nearest rank; nil without chunk time.
  func ratioToFloor(percentile: Int) -> Double? {
    let sorted = ratiosToFloor.sorted()
    return sorted.isEmpty ? nil : sorted[(sorted.count * percentile + 99) / 100 - 1]
  }

  /// (k c + sum of d squared) / (2 T U); nil without chunk time or work.
  var waste: Double? {
    guard let target = targetSeconds, workSeconds > 0 else { return nil }
    let overhead = overheadSeconds / Double(chunkCount)
    let perChunk = Waste.costPerChunk(target: target, overhead: overhead)
    return (Double(chunkCount) * perChunk + squaredSeconds) / (2 * target * workSeconds)
  }

  /// The metrics that this run alone tells.
  package var metrics: RunMetrics {
    var metrics = RunMetrics()
    for definition in MetricDefinition.all {
      metrics[definition.metric] = definition.value(self)
    }
    return metrics
  }
}

/// The processes that share a sync.
package struct FleetFigures: Sendable {
  var workers: Int
  /// How often a range was taken up that somebody else had not finished.
  var takeovers: Int

  /// Makes figures.
  package init(workers: Int, takeovers: Int) {
    self.workers = workers
    self.takeovers = takeovers
  }
}

/// What became of the items of a run in which things were meant to go wrong.
package struct FaultFigures: Sendable {
  var failedItems: Int
  var unfinishedItems: Int
  var crashes: Int
  var lostSeconds: Double

  /// Makes figures; `lostSeconds` were spent on chunks that a crash or a failure ended.
  package init(failedItems: Int, unfinishedItems: Int, crashes: Int, lostSeconds: Double) {
    self.failedItems = failedItems
    self.unfinishedItems = unfinishedItems
    self.crashes = crashes
    self.lostSeconds = lostSeconds
  }
}

/// The measure: what chunks cost that miss their target.
///
/// A chunk costs c for being one, and what it has at risk when something fails grows with the square
/// of its duration d: half of d is lost on average, with a probability in proportion to d (Young,
/// Communications of the ACM 17, 1974; Daly, Future Generation Computer Systems 22, 2006).
package enum Waste {
  /// c = max(0, T² - 2 T o), for which chunks of exactly T cost least, in square seconds.
  ///
  /// With an overhead o above T/2 there is none, and the best chunk takes 2 o.
  package static func costPerChunk(target: Double, overhead: Double) -> Double {
    max(0, target * (target - 2 * overhead))
  }
}

/// Counts chunks from a shift of the mean cost until a chunk is near its floor again.
struct SettlingCounter {
  private(set) var worst = 0
  private var previousMean: Double?
  private var sinceShift: Int?

  mutating func add(_ chunk: MeasuredChunk) {
    let mean = chunk.durationSeconds / Double(chunk.record.size)
    if let previousMean, previousMean > 0, mean > 0 {
      let ratio = mean / previousMean
      if sinceShift == nil && (ratio >= 10 || ratio <= 0.1) { sinceShift = 0 }
    }
    previousMean = mean
    guard let passed = sinceShift else { return }
    worst = max(worst, passed + 1)
    sinceShift = chunk.isSettled || chunk.record.closeReason == .end ? nil : passed + 1
  }
}
