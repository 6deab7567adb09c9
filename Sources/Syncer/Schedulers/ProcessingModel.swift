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
    /// Squared deviations from the expectation, the squared expectations they belong to, and the
    /// squared units: decayed sums.
    var deviations = 0.0
    var expectations = 0.0
    var squaredUnits = 0.0
    /// The squared expectation of the first chunk, half of which is assumed to be deviation.
    var assumed = 0.0
    /// How many items were seen.
    var seen = 0

    /// The variance of a single item of one unit, over the squared rate; 1 for a new class.
    ///
    /// The larger of two views. Relative to the expectations of their time, deviations follow a
    /// class whose cost drifts; taken as they were, they remember, while a class happens to be
    /// cheap, how expensive it has been.
    ///
    /// Kept, as it is looked at for every item and changes with every chunk.
    private(set) var relativeVariance = 1.0

    /// Works `relativeVariance` out after a change of what it is made of.
    mutating func settle() {
      let sum = expectations + assumed
      let relative = sum > 0 ? (deviations + assumed / 2) / sum : 1
      let plain = rate > 0 && squaredUnits > 0 ? deviations / squaredUnits / (rate * rate) : 0
      relativeVariance = max(relative, plain)
    }
  }

  /// Seconds of fixed overhead.
  private(set) var overhead = 0.0
  /// The variance of `overhead`.
  private(set) var overheadUncertainty = 0.0
  private(set) var parts: [Part] = []
  private var observedChunks = 0
  /// Covariances of an earlier epoch are void.
  private var epoch = 0
  /// The shortest processing time seen, which the overhead cannot exceed; it may rise slowly.
  private var shortest = Double.infinity

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
    shortest = min(seconds, shortest * 1.001 + target / 100_000)
    let drift = ProcessingModel.overheadDrift * shortest
    overheadUncertainty += drift * drift
    for load in loads { prepare(load, seconds: seconds, target: target, smoothing: smoothing) }
    var belief = belief(about: loads, seconds: seconds)
    let proposed = overhead + belief.overheadGain * belief.residual
    let possible = min(max(0, proposed), shortest)
    if possible == proposed {
      overhead = proposed
      overheadUncertainty -= belief.overheadGain * belief.overheadGain * belief.total
    } else {
      // The overhead cannot take its share: it is known then, and the classes take all the rest.
      overhead = possible
      overheadUncertainty = 0
      epoch += 1
      for load in loads {
        parts[load.classIndex].covariance = 0
        parts[load.classIndex].epoch = epoch
      }
      belief = self.belief(about: loads, seconds: seconds)
    }
    overheadUncertainty = max(overheadUncertainty, 0)
    for load in loads {
      correct(load, belief, isAlone: loads.count == 1)
    }
    let left = self.belief(about: loads, seconds: seconds).residual
    for load in loads {
      learnVariance(load, deviation: abs(belief.residual * left), noise: belief.noise)
      parts[load.classIndex].seen += load.count
    }
  }

  /// What is expected of a chunk before its time is looked at, and how sure that is.
  private struct Belief {
    /// Observed less expected seconds.
    var residual: Double
    /// The variance of the items around it.
    var noise: Double
    /// The variance of the residual.
    var total: Double
    /// The share of the residual that is the overhead's.
    var overheadGain: Double
  }

  private func belief(about loads: [Load], seconds: Double) -> Belief {
    var residual = seconds - overhead
    var covariance = overheadUncertainty
    var spread = overheadUncertainty
    var noise = 0.0
    for load in loads {
      let part = parts[load.classIndex]
      residual -= part.rate * load.units
      covariance += part.covariance * load.units
      spread += 2 * part.covariance * load.units + part.uncertainty * load.units * load.units
      noise += part.relativeVariance * part.rate * part.rate * load.squaredUnits
    }
    let resolution = ProcessingModel.resolution * seconds
    let total = max(spread, 0) + noise + resolution * resolution
    return Belief(
      residual: residual, noise: noise, total: total,
      overheadGain: total > 0 ? covariance / total : 0)
  }

  /// Forgets a little of what is known of a class, or assumes something of a new one.
  private mutating func prepare(
    _ load: Load, seconds: Double, target: Double, smoothing: Double
  ) {
    var part = parts[load.classIndex]
    if part.epoch != epoch {
      part.epoch = epoch
      part.covariance = 0
    }
    if part.seen == 0 {
      let whole = max(target, seconds) / max(load.units, .leastNormalMagnitude)
      part.uncertainty = whole * whole
    } else {
      let weight = ItemCost.weight(of: load.count, after: .max / 2, smoothing: smoothing)
      let kept = max(1 - weight, 0.9)
      let drift = ProcessingModel.rateDrift * seconds / load.units
      part.uncertainty = part.uncertainty / kept + drift * drift
      part.covariance /= kept.squareRoot()
    }
    parts[load.classIndex] = part
  }

  /// Takes an overhead and the rate of a class for known, where an experiment decided.
  mutating func assume(overhead known: Double, rate: Double, of load: Load) {
    overhead = known
    overheadUncertainty = 0
    epoch += 1
    var part = parts[load.classIndex]
    part.rate = rate
    part.assumed = 0
    part.expectations = rate * rate * load.squaredUnits
    part.deviations = 0.01 * part.expectations
    part.squaredUnits = load.squaredUnits
    part.settle()
    parts[load.classIndex] = part
  }

  /// Puts what is known of a class into its share of a chunk.
  func describe(_ classIndex: Int, in share: inout OpenChunkCosts.Share) {
    let part = parts[classIndex]
    share.processing = part.rate
    share.uncertainty = part.uncertainty
    share.ownVariance = part.relativeVariance * part.rate * part.rate + part.uncertainty
    // Of items of one class the seconds are uncertain together, and together with the overhead.
    share.sharedVariance = part.epoch == epoch ? 2 * part.covariance : 0
  }

  /// Moves the rate of a class.
  ///
  /// Beside other classes it falls by half at most: the rest of a difference may be theirs, and a
  /// rate too low costs more than one too high.
  private mutating func correct(_ load: Load, _ belief: Belief, isAlone: Bool) {
    guard belief.total > 0 else { return }
    var part = parts[load.classIndex]
    let gain = (part.covariance + part.uncertainty * load.units) / belief.total
    let lowest = isAlone || part.seen == 0 ? 0 : part.rate / 2
    part.rate = max(lowest, part.rate + gain * belief.residual)
    part.uncertainty = max(0, part.uncertainty - gain * gain * belief.total)
    part.covariance -= gain * belief.overheadGain * belief.total
    let bound = (part.uncertainty * overheadUncertainty).squareRoot()
    part.covariance = min(max(part.covariance, -bound), bound)
    part.settle()
    parts[load.classIndex] = part
  }

  /// Learns how much items vary, from the residual before the rates moved times the one after:
  /// what uncertain rates explain is gone from the second.
  ///
  /// Decayed sums, not an average of ratios: a chunk of next to nothing says next to nothing.
  private mutating func learnVariance(_ load: Load, deviation: Double, noise: Double) {
    var part = parts[load.classIndex]
    let own = part.rate * part.rate * load.squaredUnits
    if part.seen == 0 {
      part.assumed = own
      part.squaredUnits = load.squaredUnits
    } else if part.seen >= ProcessingModel.settledItems {
      let share = noise > 0 ? min(1, part.relativeVariance * own / noise) : 0
      part.assumed *= ProcessingModel.memory
      part.expectations = ProcessingModel.memory * part.expectations + own
      part.squaredUnits = ProcessingModel.memory * part.squaredUnits + load.squaredUnits
      part.deviations = ProcessingModel.memory * part.deviations + share * deviation
    }
    part.settle()
    parts[load.classIndex] = part
  }

  /// How many items of a class it takes until residuals say something about its items.
  private static let settledItems = 7

  /// How far the rate of a class may move from chunk to chunk, relative to the chunk.
  private static let rateDrift = 0.02

  /// How exactly a chunk's time is taken for true, relative to it.
  private static let resolution = 1e-4

  /// How far the overhead may move from chunk to chunk, relative to the chunk.
  private static let overheadDrift = 0.003

  /// How much of older chunks stays in the variance: it is made by the rare ones.
  private static let memory = 0.995
}
