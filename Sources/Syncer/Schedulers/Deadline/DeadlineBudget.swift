// The hard limit: what is open when it is reached counts as lost.
extension DeadlineScheduler.Draft {
  /// Whether one more item saves more than it risks.
  ///
  /// With R the seconds left, C what closing costs, s the work so far and x the item:
  /// P(x <= R - C) (s + E[x | it fits]) > s.
  ///
  /// - Parameters:
  ///   - handling: What handling a unit of the item takes.
  ///   - units: Its units.
  ///   - steady: Seconds of its processing.
  ///   - elapsed: Seconds since the chunk was opened.
  ///   - least: How likely it must be to fit, whatever it saves.
  ///   - isInTime: Whether the chunk ends in time where handling it takes so many seconds.
  /// - Returns: whether it does.
  func saves(
    _ handling: CostHistogram, _ units: Double, beside steady: Double, elapsed: Double,
    chance least: Double = 0, _ isInTime: (Double) -> Bool
  ) -> Bool {
    guard handling.weight > 0 else { return isInTime(0) }
    var (chance, saved) = (0.0, 0.0)
    for octave in handling.octaves where octave.weight > 0 && isInTime(octave.mean * units) {
      chance += octave.weight
      saved += octave.weight * (elapsed + octave.mean * units + steady)
    }
    return chance >= least * handling.weight && saved > elapsed * handling.weight
  }

  /// Whether an item of the class asked for last saves more than it risks, where the chunk has to be
  /// processed within so many seconds.
  ///
  /// - Parameters:
  ///   - next: The item.
  ///   - elapsed: Seconds since the chunk was opened.
  ///   - secondsLeft: How many there are from now on.
  ///   - earlier: How many of them chunks before this one still need.
  /// - Returns: whether it does.
  mutating func fits(
    _ next: ItemProfile, elapsed: Double, secondsLeft: Double, earlier: Double
  ) -> Bool {
    guard secondsLeft > 0 else { return false }
    let share = shares[latest]
    let units = share.isNew ? 1 : next.units
    let room = secondsLeft - closing(with: next)
    if share.isNew && room < newcomer.novelty * DeadlineConstants.noveltyTargets * target {
      // What is like nothing before may take anything; where that is unlikely, little is kept for it.
      return false
    }
    let ahead = max(earlier, lastEnd(at: elapsed) - elapsed)
    let steady =
      share.processing * (share.isNew ? 1 : work(of: next, in: share)) + share.completion * units
    return saves(
      share.forecast?.handling ?? newcomer.items, units, beside: steady, elapsed: elapsed,
      chance: DeadlineConstants.budgetChance
    ) {
      // As long as the longest of its octave: what was seen there is all that is known.
      max(ahead, DeadlineConstants.budgetOctave * $0) <= room
    }
  }

  /// How long processing the chunk takes at most, with one more item of the class asked for last or as it
  /// is, with a margin for what is not known.
  ///
  /// A budget is not kept for a machine that may have become slower: the caution for that is taken back.
  func closing(with next: ItemProfile? = nil) -> Double {
    let workers = Double(start.workers)
    var (seconds, longest) = (overhead, 0.0)
    var variance = min(overheadDoubt, overhead * overhead / 4)
    for (slot, share) in shares.enumerated() {
      let isAdded = next != nil && slot == latest
      let count = share.count + (isAdded ? 1 : 0)
      guard count > 0 else { continue }
      guard let forecast = share.forecast else {
        let mean = newcomer.processing.mean / newcomer.caution
        let square = newcomer.processing.meanSquare / (newcomer.caution * newcomer.caution)
        seconds += mean * count
        variance += min(square - mean * mean, mean * mean / 4) * count * count
        continue
      }
      let work = share.work + (isAdded ? next.map { self.work(of: $0, in: share) } ?? 0 : 0)
      let mean = forecast.processing / forecast.caution * work
      seconds += mean
      // What a single item has shown may be doubted fourfold: half of it is doubt enough for a budget.
      let doubted = work / forecast.caution
      variance += min(forecast.doubt * doubted * doubted, mean * mean / 4)
      variance += forecast.scatter * mean * mean / count
      guard share.completion > 0 else { continue }
      let jobs = forecast.completions
      let shared = doubted / workers
      seconds += jobs.mean * shared
      variance +=
        (jobs.variance / count + min(jobs.doubt, jobs.mean * jobs.mean / 4)) * shared * shared
      longest = max(longest, jobs.highest / forecast.caution * work / count)
    }
    // Jobs in any order end by then (Graham, "Bounds for certain multiprocessing anomalies", 1966).
    seconds += longest * (1 - 1 / workers)
    return seconds + DeadlineConstants.budgetDeviations * variance.squareRoot()
  }
}
