internal import Syncer

/// The metrics of one run, by name; nil where one has no meaning, as without a chunk time.
public struct RunMetrics: Sendable, Equatable {
  /// The values, those without meaning left out.
  public var values: [Metric: Double] = [:]

  /// Makes metrics.
  public init(_ values: [Metric: Double] = [:]) {
    self.values = values
  }

  /// The value of a metric.
  public subscript(_ metric: Metric) -> Double? {
    get { values[metric] }
    set { values[metric] = newValue }
  }

  /// Adds the makespan over that of the oracle on the same items, where both have one.
  mutating func relate(to oracle: RunMetrics) {
    if let best = oracle[.makespan], best > 0, let own = self[.makespan] {
      self[.makespanVsOracle] = own / best
    }
  }
}

/// Computes the metrics as chunks finish, keeping two numbers per chunk.
struct MetricsAccumulator {
  private var ratiosToFloor: [Double] = []
  private var chunkCount = 0
  private var itemCount = 0
  private var worstRatioToTarget = 0.0
  private var sumOfRatiosToTarget = 0.0
  private var sumOfDurations = 0.0
  private var sumOfSquares = 0.0
  private var targetSeconds: Double?
  private var overheadSeconds = 0.0
  private var endSeconds = 0.0
  private var tracking = (sum: 0.0, count: 0)
  private var settling = SettlingCounter()

  mutating func add(_ chunk: SimulatedChunk) {
    let duration = chunk.durationSeconds
    chunkCount += 1
    itemCount += chunk.record.size
    sumOfDurations += duration
    sumOfSquares += duration * duration
    overheadSeconds += chunk.overheadSeconds
    endSeconds = (chunk.record.start + chunk.record.duration).inSeconds
    guard let target = chunk.record.target?.inSeconds, let ratio = chunk.ratioToFloor else {
      return
    }
    targetSeconds = target
    ratiosToFloor.append(ratio)
    worstRatioToTarget = max(worstRatioToTarget, duration / target)
    sumOfRatiosToTarget += duration / target
    settling.add(chunk)
    addTracking(chunk)
  }

  /// The estimate of the chunk's mean item against the truth, where there is an estimate of all.
  private mutating func addTracking(_ chunk: SimulatedChunk) {
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

  var metrics: RunMetrics {
    var values: [Metric: Double] = [
      .makespan: endSeconds, .chunks: Double(chunkCount), .items: Double(itemCount),
      .overheadShare: sumOfDurations > 0 ? overheadSeconds / sumOfDurations : 0,
    ]
    if let target = targetSeconds, chunkCount > 0 {
      let sorted = ratiosToFloor.sorted()
      values[.overshoot] = worstRatioToTarget
      values[.overshootAboveFloor] = sorted[sorted.count - 1]
      values[.p99AboveFloor] = sorted[(sorted.count * 99 + 99) / 100 - 1]
      values[.timeMatch] = sumOfRatiosToTarget / Double(chunkCount)
      values[.over2xShare] =
        Double(sorted.count { $0 > 2 }) / Double(sorted.count)
      values[.workAtRisk] = sumOfDurations > 0 ? sumOfSquares / (target * sumOfDurations) : 0
      values[.settlingChunks] = Double(settling.worst)
      if tracking.count > 0 {
        values[.trackingError] = tracking.sum / Double(tracking.count)
      }
    }
    return RunMetrics(values)
  }
}

/// Counts chunks from a shift of the mean cost until a chunk is near its floor again.
private struct SettlingCounter {
  private(set) var worst = 0
  private var previousMean: Double?
  private var sinceShift: Int?

  mutating func add(_ chunk: SimulatedChunk) {
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
