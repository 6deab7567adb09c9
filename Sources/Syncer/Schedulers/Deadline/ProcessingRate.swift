/// What processing a unit of one class is believed to take, in seconds.
struct ProcessingRate: Sendable, Equatable {
  var mean = 0.0
  /// The variance of the mean.
  var doubt = 0.0
  /// The variance of a single unit that a trial leaves possible, whatever the mean: squared seconds.
  var unsureness = 0.0
  /// The covariance of the mean with the overhead.
  var tie = 0.0
  /// Items seen, all chunks together.
  var seen = 0.0
  /// Chunks seen.
  var chunks = 0
  // Squared deviations of chunks, the squared means they are measured in, and the first of those,
  // which stands for a scatter of 1 until more was seen.
  private var deviations = 0.0
  private var expectations = 0.0
  private var assumption = 0.0
  // Seconds and units with a long memory.
  private var pastSeconds = 0.0
  private var pastUnits = 0.0

  /// The variance of a single unit over the squared mean.
  var scatter: Double {
    let sum = expectations + assumption
    return sum > 0 ? (deviations + assumption) / sum : 1
  }

  /// The doubt in the mean, streaks included.
  var fullDoubt: Double {
    let past = pastUnits > 0 ? pastSeconds / pastUnits : 0
    return doubt + DeadlineConstants.streakDoubt * past * past
  }

  /// The rate of a class of which one chunk said all that is known.
  init(certain mean: Double, of part: ProcessingBelief.Part) {
    self.mean = mean
    doubt = mean * mean / part.count
    seen = part.count
    chunks = 1
    assumption = mean * mean * part.squaredUnits
    remember(mean * part.units, units: part.units)
  }

  /// The rate of a class that is remembered from an earlier sync.
  ///
  /// No chunk of this sync counts as seen, so that the first bounds the mean.
  init(remembered mean: Double, doubt relative: Double, scatter: Double, work: Double) {
    self.mean = mean
    doubt = relative * relative * mean * mean
    seen = 1
    let own = mean * mean * work * work
    expectations = own
    deviations = scatter * own
    remember(mean * work, units: work)
  }

  init() {}

  /// The same rate where everything takes so many times as long.
  func scaled(by factor: Double) -> ProcessingRate {
    var rate = self
    rate.mean *= factor
    rate.tie *= factor
    rate.unsureness *= factor * factor
    rate.doubt *= factor * factor
    rate.expectations *= factor * factor
    rate.deviations *= factor * factor
    rate.assumption *= factor * factor
    rate.pastSeconds *= factor
    return rate
  }

  /// Learns how much single units differ, from how far a chunk was off.
  mutating func learnScatter(
    _ part: ProcessingBelief.Part, before: Double, squared: Double, isNew: Bool, _ noise: Double,
    _ variance: Double
  ) {
    let own = mean * mean * part.squaredUnits
    if isNew {
      assumption = own
      return
    }
    let share = noise > 0 ? min(1, scatter * before * before * part.squaredUnits / noise) : 0
    let squared = min(squared, DeadlineConstants.outlierDeviations * variance)
    expectations += own
    deviations += share * squared
  }

  /// Keeps mean and doubt within what the chunk allows.
  mutating func bound(
    _ part: ProcessingBelief.Part, seconds: Double, chunkCount: Double
  ) {
    // The mean item of the whole chunk: what one class of many hides among the others is no more.
    let typical = seconds / chunkCount * part.count / part.units
    doubt = min(doubt, max(typical * typical, scatter * mean * mean / seen))
    unsureness = min(unsureness, doubt)
    if chunks <= 2 { mean = min(mean, seconds / part.units) }
  }

  mutating func remember(_ seconds: Double, units: Double) {
    pastSeconds = DeadlineConstants.streakMemory * pastSeconds + seconds
    pastUnits = DeadlineConstants.streakMemory * pastUnits + units
  }
}
