public import Syncer

/// The rule of the G1 garbage collector: mandatory items by prediction, optional ones in rounds.
///
/// Per class and phase, in seconds per unit, with one sample `x` per chunk,
///
///     m' = m + smoothing * (x - m)                       (the first sample: m' = x, v' = 0)
///     v' = (1 - smoothing) * (v + smoothing * (x - m)^2)
///     sd = max(sqrt(v), m * (5 - k) / 2 with fewer than 5 samples k)
///     prediction = m + confidence * sd
///
/// What remains of the target falls by the prediction of every item, not below 0. While more than
/// `optionalShare` of the target remains, items are mandatory: taken without a look at the clock.
/// While anything remains, items are optional: a round fills at most `roundShare` of what is really
/// left of the target with predictions; when the next one does not fit, another round begins, unless
/// this one took nothing.
///
/// A class without samples is predicted by all classes together, as the original, which has no
/// classes, predicts everything; before any chunk an item fills the target. Zero seconds are a
/// sample.
///
/// Source: openjdk/jdk, `g1CollectionSet.cpp`, `g1Analytics.cpp`, `g1Predictions.hpp` and
/// `numberSeq.cpp`.
public struct G1Scheduler: ChunkScheduler, Equatable {
  /// What is known of one open chunk.
  public struct Draft: Sendable, Equatable {
    /// What remains of the target after the predictions of all items taken, in seconds.
    var remainingSeconds: Double
    /// Expected seconds of processing the items taken.
    var processingSeconds = 0.0
    /// What remains of the round, nil before the first.
    var roundSeconds: Double?
    /// Whether the round took an item.
    var roundTookItem = false
  }

  /// The weight of the newest sample, above 0 and below 1; G1's is 0.3.
  public let smoothing: Double
  /// Deviations added to a mean, at least 0; G1's is 0.5.
  public let confidence: Double
  /// The share of the target that optional items may fill, from 0 to 1; G1's is 0.2.
  public let optionalShare: Double
  /// The share of what is really left that a round may fill, above 0 and at most 1; G1's is 0.75.
  public let roundShare: Double
  private var classes: [DecayingCosts] = []
  private var all = DecayingCosts()

  /// Makes the scheduler.
  ///
  /// - Precondition: `smoothing` is above 0 and below 1, `confidence` at least 0, `optionalShare`
  ///   from 0 to 1, `roundShare` above 0 and at most 1.
  public init(
    smoothing: Double = 0.3, confidence: Double = 0.5, optionalShare: Double = 0.2,
    roundShare: Double = 0.75
  ) {
    precondition(
      smoothing > 0 && smoothing < 1, "The smoothing is above 0 and below 1; it is \(smoothing).")
    precondition(confidence >= 0, "The confidence is at least 0; it is \(confidence).")
    precondition(
      (0...1).contains(optionalShare),
      "The share of optional items is from 0 to 1; it is \(optionalShare).")
    precondition(
      roundShare > 0 && roundShare <= 1,
      "The share of a round is above 0 and at most 1; it is \(roundShare).")
    self.smoothing = smoothing
    self.confidence = confidence
    self.optionalShare = optionalShare
    self.roundShare = roundShare
  }

  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft) {
    (.asked, Draft(remainingSeconds: chunk.targetSeconds))
  }

  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Draft
  ) -> Admission {
    guard let costs = costs(of: next) else {
      draft.remainingSeconds = 0
      return .close
    }
    let processing = next.units * costs.processing.prediction(confidence)
    let seconds = next.units * costs.handling.prediction(confidence) + processing
    draft.remainingSeconds = max(0, draft.remainingSeconds - seconds)
    if chunk.count > 0, draft.remainingSeconds <= optionalShare * chunk.targetSeconds {
      guard draft.remainingSeconds > 0, fits(seconds, chunk, &draft) else { return .close }
    }
    draft.processingSeconds += processing
    return .take
  }

  /// Whether an optional item fits into the round or, where that took something, into a new one.
  private func fits(_ seconds: Double, _ chunk: OpenChunk, _ draft: inout Draft) -> Bool {
    let left =
      roundShare
      * (chunk.targetSeconds - chunk.elapsedSeconds - draft.processingSeconds)
    var round = draft.roundSeconds ?? left
    if seconds > round, draft.roundTookItem {
      round = left
      draft.roundTookItem = false
    }
    guard seconds <= round else { return false }
    draft.roundSeconds = round - seconds
    draft.roundTookItem = true
    return true
  }

  private func costs(of item: ItemProfile) -> DecayingCosts? {
    if classes.indices.contains(item.classIndex), classes[item.classIndex].handling.count > 0 {
      return classes[item.classIndex]
    }
    return all.handling.count > 0 ? all : nil
  }

  /// Adds a sample to every class of the chunk; processing is divided by expectation.
  public mutating func learn(_ sample: ChunkSample, from draft: Draft) {
    let units = sample.classes.reduce(0) { $0 + $1.handling.units }
    guard units > 0 else { return }
    let known = classes
    let processing = sample.processSeconds { index in
      guard known.indices.contains(index), known[index].processing.count > 0 else { return nil }
      return known[index].processing.mean
    }
    for (entry, seconds) in zip(sample.classes, processing) where entry.handling.units > 0 {
      while classes.count <= entry.classIndex { classes.append(DecayingCosts()) }
      classes[entry.classIndex].add(
        handling: entry.handling.seconds / entry.handling.units,
        processing: seconds / entry.handling.units, smoothing)
    }
    all.add(
      handling: sample.handleSeconds / units, processing: sample.processSeconds / units, smoothing)
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    costs(of: item).map { costs in
      CostEstimate(
        seconds: item.units * (costs.handling.mean + costs.processing.mean),
        deviationSeconds: item.units
          * (costs.handling.variance + costs.processing.variance).squareRoot(),
        observations: costs.handling.count)
    }
  }
}

/// What a unit of a class costs in both phases, newer samples weighing more.
private struct DecayingCosts: Sendable, Equatable {
  var handling = DecayingMean()
  var processing = DecayingMean()

  mutating func add(handling: Double, processing: Double, _ smoothing: Double) {
    self.handling.add(handling, smoothing)
    self.processing.add(processing, smoothing)
  }
}

/// A mean and a variance that forget.
struct DecayingMean: Sendable, Equatable {
  private(set) var count = 0
  private(set) var mean = 0.0
  private(set) var variance = 0.0

  mutating func add(_ value: Double, _ smoothing: Double) {
    let difference = count == 0 ? 0 : value - mean
    mean = count == 0 ? value : mean + smoothing * difference
    variance = (1 - smoothing) * (variance + smoothing * difference * difference)
    count += 1
  }

  /// The mean and so many deviations, of which few samples leave more.
  func prediction(_ confidence: Double) -> Double {
    let doubt = count < 5 ? mean * Double(5 - count) / 2 : 0
    return mean + confidence * max(variance.squareRoot(), doubt)
  }
}
