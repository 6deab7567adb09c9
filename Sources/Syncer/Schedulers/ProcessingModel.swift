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
    /// The variance of a single item of one unit, over the squared rate.
    var relativeVariance = 1.0
    /// How many items were seen.
    var seen = 0
  }

  /// Seconds of fixed overhead.
  private(set) var overhead = 0.0
  /// The variance of `overhead`.
  private(set) var overheadUncertainty = 0.0
  private(set) var parts: [Part] = []
  private var observedChunks = 0
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
      learnVariance(load, residual: residual, spread: spread, noise: noise, smoothing: smoothing)
      parts[load.classIndex].seen += load.count
    }
    overhead = min(max(0, overhead + overheadGain / total * residual), shortest.value)
    overheadUncertainty = max(0, overheadUncertainty - overheadGain * overheadGain / total)
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
      let kept = max(1 - weight, 0.3)
      part.uncertainty /= kept
      part.covariance /= kept.squareRoot()
    }
    parts[load.classIndex] = part
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
  private mutating func learnVariance(
    _ load: Load, residual: Double, spread: Double, noise: Double, smoothing: Double
  ) {
    guard noise > 0, parts[load.classIndex].seen > 0 else { return }
    let unexplained = max(0, residual * residual - spread)
    let weight =
      ItemCost.weight(of: 1, after: 2 + parts[load.classIndex].seen, smoothing: smoothing)
    let ratio = min(unexplained / noise, 100)
    let variance = parts[load.classIndex].relativeVariance
    parts[load.classIndex].relativeVariance = max(1e-6, variance * (1 + weight * (ratio - 1)))
  }
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
