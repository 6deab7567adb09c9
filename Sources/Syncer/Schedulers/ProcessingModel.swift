/// What `processChunk` takes, learned from whole chunks: a fixed overhead, and seconds per unit of
/// every class.
///
/// One number is observed per chunk, `overhead + sum of rate x units + noise`, and many are
/// sought. A Kalman filter splits the difference between expectation and observation by how
/// uncertain each part is: a class met for the first time takes nearly all of it, a class known
/// well hardly any. Covariances between the overhead and each class are kept (chunks of one item
/// cannot tell the two apart; chunks of different sizes can), those between classes are not, so
/// that a chunk costs time in proportion to its classes.
struct ProcessingModel: Sendable, Equatable {
  /// A class's part.
  struct Part: Sendable, Equatable {
    /// Seconds per unit.
    var rate = 0.0
    /// The variance of `rate`.
    var uncertainty = 0.0
    /// The covariance of `rate` and the overhead.
    var covariance = 0.0
    /// The epoch `covariance` is of.
    var epoch = 0
    /// Squared deviations from the expectation, and the squared expectations they belong to:
    /// decayed sums, whose ratio is the variance of an item relative to its squared mean.
    var deviations = 0.0
    var expectations = 0.0
    /// How many items were seen.
    var seen = 0

    /// The variance of a single item of one unit, over the squared rate; 1 for a new class.
    var relativeVariance: Double { expectations > 0 ? deviations / expectations : 1 }
  }

  /// Seconds of fixed overhead.
  private(set) var overhead = 0.0
  /// The variance of `overhead`.
  private(set) var overheadUncertainty = 0.0
  private(set) var parts: [Part] = []
  private var observedChunks = 0
  /// Covariances of an earlier epoch are void.
  private var epoch = 0
  /// The shortest processing times of recent chunks, which the overhead cannot exceed.
  private var shortest = RecentMinimum()

  /// Makes room for a class.
  mutating func include(_ classIndex: Int) {
    while parts.count <= classIndex { parts.append(Part()) }
  }

  /// The units of one class in a chunk.
  struct Load: Sendable {
    var classIndex: Int
    var count: Int
    var units: Double
    var squaredUnits: Double
  }

  /// Learns from a chunk.
  mutating func learn(_ loads: [Load], seconds: Double, target: Double, smoothing: Double) {
    if observedChunks == 0 { overheadUncertainty = target * target / 16 }
    observedChunks += 1
    let drift = ProcessingModel.overheadDrift * seconds
    overheadUncertainty += drift * drift
    for load in loads { prepare(load, seconds: seconds, target: target, smoothing: smoothing) }
    var expected = overhead
    var overheadGain = overheadUncertainty
    var spread = overheadUncertainty
    var noise = 0.0
    for load in loads {
      let part = parts[load.classIndex]
      expected += part.rate * load.units
      overheadGain += part.covariance * load.units
      spread += 2 * part.covariance * load.units + part.uncertainty * load.units * load.units
      noise += part.relativeVariance * part.rate * part.rate * load.squaredUnits
    }
    spread = max(spread, 0)
    let resolution = 1e-4 * seconds
    let total = spread + noise + resolution * resolution
    shortest.add(seconds)
    guard total > 0 else {
      for load in loads { parts[load.classIndex].seen += load.count }
      return
    }
    let residual = seconds - expected
    for load in loads {
      correct(load, residual: residual, total: total, overheadGain: overheadGain)
      learnVariance(load, residual: residual, spread: spread, noise: noise)
      parts[load.classIndex].seen += load.count
    }
    overhead += overheadGain / total * residual
    overheadUncertainty = max(0, overheadUncertainty - overheadGain * overheadGain / total)
    let possible = min(max(0, overhead), shortest.value)
    if possible != overhead { assume(overhead: possible, loads) }
  }

  /// Sets the overhead to what it can be at most or at least.
  ///
  /// The filter must be told: what the overhead cannot take, the classes of the chunk must.
  private mutating func assume(overhead possible: Double, _ loads: [Load]) {
    if overheadUncertainty > 0 {
      for load in loads {
        var part = parts[load.classIndex]
        let slope = part.covariance / overheadUncertainty
        part.rate = max(0, part.rate + slope * (possible - overhead))
        part.uncertainty = max(0, part.uncertainty - slope * part.covariance)
        parts[load.classIndex] = part
      }
    }
    overhead = possible
    overheadUncertainty = min(overheadUncertainty, possible * possible / 16)
    epoch += 1
  }

  /// Forgets a little of what is known of a class, or assumes something of a new one.
  private mutating func prepare(
    _ load: Load, seconds: Double, target: Double, smoothing: Double
  ) {
    var part = parts[load.classIndex]
    if part.seen == 0 {
      let whole = max(target, seconds) / max(load.units, .leastNormalMagnitude)
      part.uncertainty = whole * whole
    } else {
      let weight = ItemCost.weight(of: load.count, after: .max / 2, smoothing: smoothing)
      let kept = max(1 - weight, 0.7)
      part.uncertainty /= kept
      part.covariance /= kept.squareRoot()
    }
    if part.epoch != epoch {
      part.epoch = epoch
      part.covariance = 0
    }
    parts[load.classIndex] = part
  }

  /// The covariance of a class's rate and the overhead.
  func covariance(_ classIndex: Int) -> Double {
    parts[classIndex].epoch == epoch ? parts[classIndex].covariance : 0
  }

  private mutating func correct(
    _ load: Load, residual: Double, total: Double, overheadGain: Double
  ) {
    var part = parts[load.classIndex]
    let gain = (part.covariance + part.uncertainty * load.units) / total
    part.rate = max(0, part.rate + gain * residual)
    part.uncertainty = max(0, part.uncertainty - gain * gain * total)
    part.covariance -= gain * overheadGain
    let bound = (part.uncertainty * overheadUncertainty).squareRoot()
    part.covariance = min(max(part.covariance, -bound), bound)
    parts[load.classIndex] = part
  }

  /// Learns from the part of the squared residual that uncertain rates do not explain.
  ///
  /// Decayed sums, not an average of ratios: a chunk of next to nothing says next to nothing.
  private mutating func learnVariance(
    _ load: Load, residual: Double, spread: Double, noise: Double
  ) {
    var part = parts[load.classIndex]
    let own = part.rate * part.rate * load.squaredUnits
    let share = noise > 0 ? part.relativeVariance * own / noise : 0
    if part.seen == 0 {
      part.expectations = 2 * own
      part.deviations = 2 * own
    } else {
      let unexplained = max(0, residual * residual - spread)
      part.expectations = ProcessingModel.memory * part.expectations + own
      part.deviations = ProcessingModel.memory * part.deviations + share * unexplained
    }
    parts[load.classIndex] = part
  }

  /// How far the overhead may move from chunk to chunk, relative to the chunk.
  private static let overheadDrift = 0.01

  /// How much of older chunks stays in the variance: it is made by the rare ones.
  private static let memory = 0.98
}

/// The minimum of the last few values.
struct RecentMinimum: Sendable, Equatable {
  private static let window = 16
  private var values: [Double] = []

  /// The minimum; infinite without values.
  var value: Double { values.min() ?? .infinity }

  mutating func add(_ value: Double) {
    values.append(value)
    if values.count > RecentMinimum.window { values.removeFirst() }
  }
}
