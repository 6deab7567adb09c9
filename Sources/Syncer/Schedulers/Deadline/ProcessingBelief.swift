/// What `processChunk` is believed to take: an overhead, and a rate for every class.
///
/// Only the sum of a chunk is seen. It is shared out by doubt: a Kalman filter whose state is the
/// overhead and the rates, with the covariance of every rate with the overhead (`tie`) but not of
/// the rates with each other, so that a chunk costs as many steps as it has classes (Kalman, "A new
/// approach to linear filtering and prediction problems", 1960). Where the filter would go beyond
/// what is possible (nothing takes less than no time, or more than its chunk), bounds hold it.
struct ProcessingBelief: Sendable, Equatable {
  /// The fixed time of a chunk, and the doubt in it.
  private(set) var overhead = 0.0
  private(set) var overheadDoubt = 0.0
  private var rates: [ProcessingRate] = []
  private var shortest = Double.infinity
  private var chunks = 0
  /// By how many deviations the last chunk was off.
  private var latestDeviation = 0.0
  private var trial = OverheadTrial()
  /// Whether the overhead is that of an earlier sync, and no chunk has shown it.
  private(set) var isOverheadRemembered = false

  /// The belief about a class; that of a class never seen has seen nothing.
  subscript(classIndex: Int) -> ProcessingRate {
    classIndex < rates.count ? rates[classIndex] : ProcessingRate()
  }

  /// Whether a second item in the next chunk would tell an overhead from the cost of the first.
  var wantsSecondItem: Bool { trial.isDue }

  /// Takes the mean of a class, and what a chunk takes without items, for known.
  mutating func assume(_ secondsPerUnit: Double, of classIndex: Int, overhead seconds: Double) {
    include(classIndex)
    (overhead, shortest) = (seconds, max(seconds, 0))
    rates[classIndex].mean = secondsPerUnit
    rates[classIndex].seen = 1
  }

  /// Takes what an earlier sync has learned for a guide.
  mutating func recall(_ rate: ProcessingRate, of classIndex: Int) {
    include(classIndex)
    rates[classIndex] = rate
  }

  /// Takes the overhead of an earlier sync for a guide.
  mutating func recall(overhead seconds: Double) {
    overhead = seconds
    overheadDoubt = seconds * seconds
    chunks = 1
    isOverheadRemembered = true
    trial.settle()
  }

  /// Multiplies what is believed of a class, which adds a doubt relative to its mean.
  mutating func scale(_ classIndex: Int, by factor: Double, doubt relative: Double) {
    rates[classIndex] = rates[classIndex].scaled(by: factor)
    rates[classIndex].doubt += relative * rates[classIndex].mean * rates[classIndex].mean
  }

  /// Multiplies the overhead of an earlier sync.
  mutating func scaleRememberedOverhead(by factor: Double) {
    guard isOverheadRemembered else { return }
    overhead *= factor
    overheadDoubt *= factor * factor
  }

  private mutating func include(_ classIndex: Int) {
    while rates.count <= classIndex { rates.append(ProcessingRate()) }
  }

  /// Learns from the processing of one chunk.
  ///
  /// - Parameters:
  ///   - parts: Its classes, without those whose items were timed one by one.
  ///   - chunk: What it took, and what was known before.
  mutating func learn(_ parts: [Part], of chunk: Chunk) {
    for part in parts { include(part.classIndex) }
    chunks += 1
    if isOverheadRemembered { doubtOverhead(parts, seconds: chunk.seconds) }
    isOverheadRemembered = false
    if let part = parts.first, parts.count == 1,
      let alike = trial.decide(count: chunk.count, seconds: chunk.seconds, target: chunk.target)
    {
      settleTrial(part, seconds: chunk.seconds, alike)
      return
    }
    let seconds = min(chunk.seconds, mostSeconds(parts, target: chunk.target))
    shortest = min(shortest * 1.001, seconds)
    if chunks == 1 {
      let widest = DeadlineConstants.overheadShare * chunk.target
      overheadDoubt = min(
        DeadlineConstants.overheadFactor * seconds * seconds, widest * widest)
    }
    var update = Update(seconds: seconds, chunk)
    predict(parts, &update)
    correctOverhead(&update, parts)
    correctRates(parts, update)
  }

  /// Doubts the overhead of an earlier sync as far as a chunk is off that has hardly anything else.
  private mutating func doubtOverhead(_ parts: [Part], seconds: Double) {
    let items = parts.reduce(0) { $0 + rates[$1.classIndex].mean * $1.units }
    let surprise = seconds - items - overhead
    if overhead > items { overheadDoubt = max(overheadDoubt, surprise * surprise) }
  }

  /// What a chunk may teach at most; without bound where a class never seen may be the reason.
  private func mostSeconds(_ parts: [Part], target: Double) -> Double {
    var expected = overhead
    for part in parts {
      if rates[part.classIndex].seen == 0 { return .infinity }
      expected += rates[part.classIndex].mean * part.units
    }
    return DeadlineConstants.outlierTargets * max(target, expected)
  }

  /// What one chunk says, on its way through the filter.
  private struct Update {
    let seconds: Double
    let count: Double
    let prior: Prior
    /// Seconds that were not expected.
    var surprise = 0.0
    /// The covariance of the overhead with the chunk's seconds, and the variance of those.
    var covariance = 0.0
    var variance = 0.0
    /// The part of the variance that is the scatter of single items.
    var noise = 0.0
    /// How far all classes may have moved together, in seconds of the chunk.
    var drift = 0.0
    /// The part of the variance that this adds to their own.
    var common = 0.0
    /// Expected seconds and doubt of the classes known before, and units of the others.
    var knownSeconds = 0.0
    var knownDoubt = 0.0
    var newUnits = 0.0
    /// What the overhead's correction leaves to the classes.
    var gain = 0.0
    var rest = 0.0

    init(seconds: Double, _ chunk: Chunk) {
      self.seconds = seconds
      count = Double(chunk.count)
      prior = chunk.prior
      noise = chunk.imbalance
    }
  }

  /// Lets the beliefs drift, gives classes never seen the prior, and works out what was expected.
  private mutating func predict(_ parts: [Part], _ update: inout Update) {
    let prior = update.prior
    var expected = overhead
    for part in parts {
      let rate = rates[part.classIndex]
      if rate.seen > 0 {
        update.knownSeconds += rate.mean * part.units
      } else {
        rates[part.classIndex].mean = prior.mean * part.count / part.units
        update.newUnits += part.units
      }
      expected += rates[part.classIndex].mean * part.units
    }
    update.surprise = update.seconds - expected
    var tie = 0.0
    var doubt = 0.0
    for part in parts {
      var rate = rates[part.classIndex]
      if rate.seen > 0 {
        let own = DeadlineConstants.drift * rate.mean
        rate.doubt += own * own
        update.knownDoubt += rate.doubt * part.units * part.units
      } else {
        // A surprise is likelier the new class's than the others'.
        let unexpected = max(0, update.surprise) / part.units
        let spread = max(0, prior.meanSquare - prior.mean * prior.mean)
        let perUnit = part.count / part.units
        rate.doubt = spread * perUnit * perUnit + unexpected * unexpected
      }
      let drift = drift(of: rate)
      update.drift += drift * part.units
      update.common -= drift * drift * part.units * part.units
      rates[part.classIndex] = rate
      tie += rate.tie * part.units
      doubt += rate.doubt * part.units * part.units
      update.noise +=
        (rate.scatter * rate.mean * rate.mean + rate.unsureness) * part.squaredUnits
    }
    update.common += update.drift * update.drift
    doubt += update.common
    tie = boundTies(parts, sum: tie, to: (overheadDoubt * doubt).squareRoot())
    update.covariance = overheadDoubt + tie
    update.variance = overheadDoubt + 2 * tie + doubt
  }

  /// Keeps the classes of a chunk together from being tied to the overhead more than anything can be.
  private mutating func boundTies(_ parts: [Part], sum: Double, to bound: Double) -> Double {
    guard abs(sum) > bound else { return sum }
    for part in parts { rates[part.classIndex].tie *= bound / abs(sum) }
    return sum < 0 ? -bound : bound
  }

  /// How far the mean of a class may have moved, as all others did.
  private func drift(of rate: ProcessingRate) -> Double {
    rate.mean
      * (rate.seen > 0 ? DeadlineConstants.commonDrift : DeadlineConstants.commonPriorDrift)
  }

  private mutating func correctOverhead(_ update: inout Update, _ parts: [Part]) {
    update.variance += update.noise + .leastNormalMagnitude
    update.gain = update.covariance / update.variance
    let before = overhead
    let moved = overhead + update.gain * update.surprise
    // A surprise of many deviations is a class that has changed: overheads hardly do.
    let most = DeadlineConstants.overheadDeviations * overheadDoubt.squareRoot()
    overhead = min(max(0, min(max(moved, before - most), before + most)), shortest)
    if trial.hasOnlySingles && chunks > 1 && moved > shortest {
      // While all chunks had one item, nothing tells overhead and item apart: keep their proportion.
      let sum = before + update.knownSeconds
      overhead = sum > 0 ? shortest * before / sum : 0
    }
    overheadDoubt = max(0, overheadDoubt - update.gain * update.gain * update.variance)
    overheadDoubt = min(overheadDoubt, update.seconds * update.seconds / 4)
    let drift = DeadlineConstants.overheadDrift * shortest
    overheadDoubt += drift * drift
    // What the overhead could not take is the classes', as if it were known.
    update.rest = update.gain * update.surprise - (overhead - before)
  }

  private mutating func correctRates(_ parts: [Part], _ update: Update) {
    let available = max(0, update.seconds - overhead)
    var expected = 0.0
    for part in parts { expected += rates[part.classIndex].mean * part.units }
    let afterOverhead = update.seconds - overhead - expected
    // Off by as much as the chunk before is a mean that is wrong; only the rest is scatter (von
    // Neumann, "Distribution of the ratio of the mean square successive difference to the variance",
    // 1941).
    let deviation = afterOverhead / update.variance.squareRoot()
    let lasting = max(0, deviation * latestDeviation)
    let scattered = max(0, deviation * deviation - lasting) * update.variance
    latestDeviation = deviation
    let fall = expected > 0 ? min(DeadlineConstants.lowestFall, available / expected) : 0
    // What of the chunk the classes met in it for the first time may have taken.
    let hidden = min(update.knownSeconds, update.knownDoubt.squareRoot())
    let ofNew =
      chunks == 1
      ? update.seconds
      : min(
        available,
        max(0, available - update.knownSeconds) + update.prior.hiddenShare * hidden)
    let spread = parts.reduce(update.noise) {
      $0 + rates[$1.classIndex].doubt * $1.units * $1.units
    }
    var sum = 0.0
    for part in parts {
      var rate = rates[part.classIndex]
      let isNew = rate.seen == 0
      let drift = drift(of: rate)
      let others = drift * (update.drift - drift * part.units)
      let gain = (rate.tie + rate.doubt * part.units + others) / update.variance
      let own = spread > 0 ? rate.doubt * part.units / spread : 0
      let before = rate.mean
      let lowest = parts.count == 1 ? 0 : before * fall
      rate.mean = max(lowest, before + gain * update.surprise + own * update.rest)
      rate.doubt = max(0, rate.doubt - gain * gain * update.variance)
      rate.tie -= gain * update.gain * update.variance
      rate.learnScatter(
        part, before: before, squared: scattered, isNew: isNew, update.noise,
        update.variance)
      rate.seen += part.count
      rate.chunks += 1
      rate.bound(part, seconds: update.seconds, chunkCount: update.count)
      if isNew {
        let each = max(ofNew / update.newUnits, rate.mean)
        rate.doubt = max(rate.doubt, update.prior.firstDoubt * each * each / part.count)
      }
      let bound = (rate.doubt * overheadDoubt).squareRoot()
      rate.tie = min(max(rate.tie, -bound), bound)
      rates[part.classIndex] = rate
      sum += rate.mean * part.units
    }
    for part in parts {
      let share =
        sum > 0 ? rates[part.classIndex].mean * part.units / sum : 1 / Double(parts.count)
      rates[part.classIndex].remember(available * share, units: part.units)
    }
  }

  /// Takes what two items took more than one for the cost of an item, and the rest for overhead.
  private mutating func settleTrial(_ part: Part, seconds: Double, _ alike: OverheadTrial.Alike) {
    overhead = min(max(0, 2 * alike.single - seconds), alike.single, seconds)
    overheadDoubt = 0.0025 * overhead * overhead
    shortest = min(shortest, seconds)
    var rate = ProcessingRate(certain: (seconds - overhead) / part.units, of: part)
    // Items that differ may be alike by chance: by as much as these did, a third one may be off.
    let difference = max(alike.spread, abs(seconds - alike.single))
    let unsure = DeadlineConstants.trialDoubt * difference * part.count / part.units
    rate.unsureness = unsure * unsure
    rate.doubt = max(rate.doubt, rate.unsureness)
    rates[part.classIndex] = rate
  }
}
