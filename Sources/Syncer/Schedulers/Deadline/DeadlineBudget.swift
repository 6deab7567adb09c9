// The hard limit: a budget that must not be exceeded, and what is open when it is counts as lost.
extension DeadlineScheduler.Draft {
  /// Whether one more item saves more than it risks, where the chunk has to be processed within so many
  /// seconds.
  ///
  /// With R the seconds left, C what closing costs and s the work so far: P(x <= R - C) is high, and
  /// P(x <= R - C) (s + E[x | it fits]) > s.
  mutating func fits(
    _ next: ItemProfile, elapsed: Double, secondsLeft: Double, _ beliefs: ClassBeliefs
  ) -> Bool {
    guard secondsLeft > 0 else { return false }
    if start.handlersAtOnce > 1 { estimateEnds(at: elapsed) }
    let ahead = max(0, (ends.last?.seconds ?? elapsed) - elapsed)
    let work = start.processingGrowsWithHint ? next.units : 1
    let forecast = beliefs.forecast(next.classIndex, isCautious: false)
    let item = forecast ?? newcomerForecast
    let units = forecast == nil ? 1 : next.units
    var closing = overhead + bulk + item.processing * work
    closing += max(queue.makespan, expectedMakespan(with: item, units))
    // What a single item has shown may be doubted fourfold: half of it is doubt enough for a budget.
    let known = overhead + bulk
    var variance = min(doubt, known * known / 4) + spread
    variance += min(item.doubt, item.processing * item.processing / 4) * work * work
    variance += item.scatter * item.processing * item.processing * work * work
    variance += item.completions.variance * units * units
    let room = secondsLeft - closing - DeadlineConstants.budgetDeviations * variance.squareRoot()
    if forecast == nil && room < newcomer.novelty * DeadlineConstants.noveltyTargets * target {
      // What is like nothing before may take anything; where that is unlikely, little is kept for it.
      return false
    }
    if item.handling.weight <= 0 { return room >= ahead }
    var (chance, saved) = (0.0, 0.0)
    for octave in item.handling.octaves where octave.weight > 0 {
      // As long as the longest of its octave: what was seen there is all that is known.
      let longest = octave.mean * DeadlineConstants.budgetOctave
      guard max(ahead, longest * units) <= room else { continue }
      chance += octave.weight / item.handling.weight
      saved += octave.weight / item.handling.weight * (elapsed + octave.mean * units)
    }
    return chance >= DeadlineConstants.budgetChance && saved > elapsed
  }

  /// The variance of what the items taken so far add to processing, beside the doubt in their means.
  private var spread: Double {
    shares.reduce(0) { sum, share in
      guard share.count > 0, let forecast = share.forecast else { return sum }
      let mean = share.processing
      return sum + forecast.scatter * mean * mean * share.work * share.work / share.count
    }
  }

  /// What an item of a class never seen is expected to be like.
  private var newcomerForecast: ClassBeliefs.Forecast {
    var forecast = ClassBeliefs.Forecast()
    forecast.handling = newcomer.items
    forecast.processing = newcomer.processing.mean
    forecast.doubt = max(
      0, newcomer.processing.meanSquare - newcomer.processing.mean * newcomer.processing.mean)
    return forecast
  }

  /// How long the workers take for items timed one by one, with one more.
  private func expectedMakespan(
    with item: ClassBeliefs.Forecast, _ units: Double
  ) -> Double {
    item.completions.weight > 0
      ? queue.makespan + queue.growth(item.completions.mean * units) : queue.makespan
  }
}
