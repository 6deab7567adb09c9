public import Syncer

/// The rule of Spark Streaming's back pressure: a PID controller of a rate.
///
/// After a chunk (a batch) of `n` items and `d` seconds that started `w` seconds late, at target
/// (batch interval) `T`,
///
///     error = rate - n / d
///     rate = max(minRate, rate - proportional * error - integral * (w * (n / d) / T)
///                         - derivative * (error - lastError) / (time - lastTime))
///     size = max(1, floor(trunc(rate) * T))
///
/// A batch is submitted every `T` seconds and starts when the one before has ended, so `w` is the
/// time still owed; the scheduler adds that up from the durations. The first chunk only sets
/// `rate = n / d`. Time is in whole milliseconds, as in the original.
///
/// Source: apache/spark 3.5.6, `PIDRateEstimator` and `RateController`; master at 26c2bd0d.
public struct SparkPIDScheduler: SizedScheduler, Equatable {
  /// The size of the first chunks; Spark takes everything unless told an initial rate.
  ///
  /// The 5 is one item per second for 5 seconds, as in the recorded traces.
  public let firstSize: Int
  /// The weight of the error of the rate; Spark's is 1.
  public let proportional: Double
  /// The weight of the time owed; Spark's is 0.2.
  public let integral: Double
  /// The weight of the change of the error; Spark's is 0.
  public let derivative: Double
  /// The least rate in items per second, above 0; Spark's is 100.
  public let minRate: Double
  /// Whether rates are cut to whole items per second, as Spark does.
  public let cutsRates: Bool
  /// The size of the next chunk.
  public private(set) var size: Int
  /// Milliseconds at which the next batch is submitted.
  private var submission = 0.0
  /// Milliseconds at which the last batch ended.
  private var end = 0.0
  private var lastMilliseconds = -1.0
  private var lastRate: Double?
  private var lastError = 0.0
  private var targetSeconds: Double?

  /// Makes the scheduler.
  ///
  /// - Precondition: `firstSize` is at least 1, the three weights are at least 0, `minRate` is
  ///   above 0.
  public init(
    firstSize: Int = 5, proportional: Double = 1, integral: Double = 0.2, derivative: Double = 0,
    minRate: Double = 100, cutsRates: Bool = true
  ) {
    precondition(firstSize >= 1, "A first chunk size is at least 1; it is \(firstSize).")
    precondition(proportional >= 0, "A proportional weight is at least 0; it is \(proportional).")
    precondition(integral >= 0, "An integral weight is at least 0; it is \(integral).")
    precondition(derivative >= 0, "A derivative weight is at least 0; it is \(derivative).")
    precondition(minRate > 0, "A least rate is above 0; it is \(minRate).")
    self.firstSize = firstSize
    self.proportional = proportional
    self.integral = integral
    self.derivative = derivative
    self.minRate = minRate
    self.cutsRates = cutsRates
    size = firstSize
  }

  public func proposedSize(for chunk: ChunkStart) -> Int { size }

  /// Places the batch in time, then corrects the rate.
  ///
  /// A batch below half a millisecond is no observation: the original ignores 0 milliseconds.
  public mutating func learn(_ sample: ChunkSample, from draft: Void) {
    let interval = (sample.targetSeconds * 1000).rounded()
    guard interval > 0, interval.isFinite, sample.durationSeconds.isFinite else { return }
    let duration = (sample.durationSeconds * 1000).rounded()
    let start = max(submission, end)
    let delay = start - submission
    submission += interval
    end = start + max(0, duration)
    let rate = correctedRate(
      at: end, count: sample.count, duration: duration, delay: delay, interval: interval)
    guard let rate else { return }
    targetSeconds = sample.targetSeconds
    let published = cutsRates ? rate.rounded(.towardZero) : rate
    size = clampedInt(published * sample.targetSeconds, to: 1...Int.max)
  }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    targetSeconds.map { CostEstimate(seconds: $0 / Double(size), observations: size) }
  }

  /// The new rate in items per second; nil of the first batch and of one that says nothing.
  ///
  /// All times are in milliseconds, `time` is when the batch ended.
  package mutating func correctedRate(
    at time: Double, count: Int, duration: Double, delay: Double, interval: Double
  ) -> Double? {
    guard time > lastMilliseconds, count > 0, duration > 0 else { return nil }
    let seconds = (time - lastMilliseconds) / 1000
    let rate = Double(count) / duration * 1000
    lastMilliseconds = time
    guard let oldRate = lastRate else {
      lastRate = rate
      return nil
    }
    let error = oldRate - rate
    let owed = delay * rate / interval
    let change = (error - lastError) / seconds
    let corrected = oldRate - proportional * error - integral * owed - derivative * change
    let newRate = max(minRate, corrected)
    lastRate = newRate
    lastError = error
    return newRate
  }
}
