/// What items of one class cost in one phase, learned item by item.
///
/// An exponential moving average of seconds per unit (never of units per second: averaging rates
/// is what makes size rules collapse) and of the squared relative deviation around it.
struct ItemCost: Sendable, Equatable {
  /// Seconds per unit.
  private(set) var rate = 0.0
  /// The variance of a single item of one unit, over the squared rate.
  private(set) var relativeVariance = 1.0
  /// How many items were seen.
  private(set) var seen = 0

  /// How much of the assumed relative variance of 1 stays after some items: it counts as two.
  private static let priorItems = 2.0

  /// Expected seconds of an item.
  func seconds(units: Double) -> Double { rate * units }

  /// The variance of an item around its expected seconds.
  func variance(units: Double) -> Double {
    let seconds = rate * units
    return relativeVariance * seconds * seconds
  }

  /// Learns from the items of a chunk.
  mutating func learn(_ moments: CostMoments, smoothing: Double) {
    guard moments.count > 0, moments.units > 0 else { return }
    let weight = ItemCost.weight(of: moments.count, after: seen, smoothing: smoothing)
    let observed = moments.seconds / moments.units
    let before = rate
    rate += weight * (observed - rate)
    // Around the old rate and the new one: with one item the new rate alone would hide a jump.
    let around = seen == 0 ? rate : (before + rate) / 2
    let expected = rate * rate * moments.squaredUnits
    if expected > 0 {
      let deviation = moments.squaredResiduals(rate: around) / expected
      let trust = ItemCost.weight(
        of: moments.count, after: seen + Int(ItemCost.priorItems), smoothing: smoothing)
      relativeVariance += trust * (deviation - relativeVariance)
    }
    seen += moments.count
  }

  /// The weight of `count` new items: each has `smoothing`, and the first ones are a plain mean.
  static func weight(of count: Int, after seen: Int, smoothing: Double) -> Double {
    let items = Double(count)
    var kept = 1.0
    var left = count
    while left > 0 && kept > 1e-6 {
      kept *= 1 - smoothing
      left -= 1
    }
    return max(1 - kept, items / (items + Double(seen)))
  }
}
