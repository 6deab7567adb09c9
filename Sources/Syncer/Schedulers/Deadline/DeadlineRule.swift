/// The rule: the next item is taken iff that makes the expected squared miss of the target smaller.
extension DeadlineScheduler.Draft {
  /// What one item is expected to take, in seconds.
  private struct Item {
    var handling: Double
    /// Its processing that only shows in the chunk's sum.
    var bulk: Double
    /// Its processing by a worker of its own.
    var job: Double

    var alone: Double { handling + bulk + job }
  }

  /// Decides on an item of a class that was seen before.
  @inline(__always)
  mutating func admitsKnown(
    _ slot: Int, _ next: ItemProfile, count: Int, elapsed: Double
  ) -> Admission {
    let units = next.units
    let work = work(of: next, in: shares[slot])
    let bulk = shares[slot].processing * work
    // All items of a class share the doubt in its mean, so that it grows with their square.
    let added = shares[slot].doubt * (2 * shares[slot].work * work + work * work)
    if count > 0 && !(wantsSecondItem && count == 1) {
      // Past the target no item helps, least of all one that is believed to be free and is not, unless
      // others are at work for longer.
      if elapsed >= target && !ends.contains(where: { $0.seconds > elapsed }) { return .close }
      let seconds = expectedEnd(elapsed) + processing
      let squared = seconds * seconds + doubt + added
      if !isParallel && squared >= target * target { return .close }
      // Most items are far from the target: whatever they and those at work take, the chunk ends before it.
      let room = target - units * shares[slot].highest - bulk
      let latest = max(seconds, (ends.last?.seconds ?? 0) + processing)
      let isFar = limit == nil && room >= 0 && latest * latest + doubt + added <= room * room
      if !isFar,
        let forecast = shares[slot].forecast
      {
        let isWorthIt =
          limit.map { limit in
            let effective = squared.squareRoot()
            let steady = bulk + forecast.completions.mean * units
            return saves(forecast.handling, units, beside: steady, elapsed: elapsed) {
              effective + ($0 + steady) <= limit
            }
          } ?? brings(forecast, units, bulk, doubt: doubt + added, elapsed: elapsed)
        if !isWorthIt { return .close }
      }
    }
    doubt += added
    self.bulk += bulk
    if shares[slot].completion > 0 { queue.add(shares[slot].completion * units) }
    shares[slot].work += work
    shares[slot].count += 1
    return .take
  }

  /// Whether the expected squared miss of the target gets smaller with one more item.
  ///
  /// Of handling and a worker's job the one that varies more decides; the other is its mean.
  // Not inlined: what is decided of most items, far from the target, needs no room for this.
  @inline(never)
  private func brings(
    _ forecast: ClassBeliefs.Forecast, _ units: Double, _ bulk: Double, doubt: Double,
    elapsed: Double
  ) -> Bool {
    let isRouted = forecast.completions.seconds > forecast.handling.seconds
    let varying = isRouted ? forecast.completions : forecast.handling
    var item = Item(
      handling: forecast.handling.mean * units, bulk: bulk, job: forecast.completions.mean * units)
    var change = 0.0
    for octave in varying.octaves where octave.weight > 0 {
      if isRouted { item.job = octave.mean * units } else { item.handling = octave.mean * units }
      change += octave.weight * self.change(item, doubt: doubt, elapsed: elapsed)
    }
    if varying.weight == 0 { change = self.change(item, doubt: doubt, elapsed: elapsed) }
    return change <= 0
  }

  /// How an item changes what the chunk costs, over all the ends that those at work may have.
  private func change(_ item: Item, doubt: Double, elapsed: Double) -> Double {
    if !handlesAtOnce { return change(item, doubt: doubt, elapsed: elapsed, end: elapsed) }
    return ends.reduce(0) {
      $0 + $1.chance * change(item, doubt: doubt, elapsed: elapsed, end: $1.seconds)
    }
  }

  /// How an item changes what the chunk costs, where all that is at work ends at a moment.
  ///
  /// With T the target, s the seconds of the chunk if it is closed now, s' with the item, and x those
  /// of a chunk of the item alone, it costs ((s' - T)+)² - ((s - T)+)² more and brings ((T - s)+)²;
  /// what the item alone exceeds the target by, ((x - T)+)², it would cost anywhere. Places that are
  /// idle past the target cost 2 T for every second, as a second of useful work does in chunks of T.
  private func change(_ item: Item, doubt: Double, elapsed: Double, end: Double) -> Double {
    let seconds = end + processing
    let before = (seconds * seconds + doubt).squareRoot()
    let handled = handlesAtOnce ? max(0, elapsed + item.handling - end) : item.handling
    let longer = handled + item.bulk + queue.growth(item.job)
    let (excess, with) = (max(0, before - target), max(0, before + longer - target))
    let single = max(0, item.alone - roomAlone)
    let short = max(0, target - before)
    let cost = with * with - excess * excess - single * single
    guard isParallel && with > 0 else { return overrun * cost - short * short }
    let work =
      item.handling / Double(start.handlersAtOnce) + item.bulk + item.job / Double(start.workers)
    // Of the item's work, the part past the target as of its time.
    let late = with - excess
    let idle = late - work * (longer > 0 ? late / longer : 1)
    return overrun * cost - short * short + 2 * target * (single > 0 ? min(0, idle) : idle)
  }

  /// Decides on an item of a class never seen.
  mutating func admitsNew(
    _ slot: Int, _ next: ItemProfile, count: Int, elapsed: Double
  ) -> Admission {
    let squaredTarget = target * target
    let single = newcomer.processing.meanSquare + squaredTarget * newcomer.novelty
    // A router begins an item per worker at once: together they may take as long as one of them.
    let before = rounds(shares[slot].count)
    let after = rounds(shares[slot].count + 1)
    let added = single * (after * after - before * before)
    if count > 0 && !(wantsSecondItem && count == 1) {
      let seconds = expectedEnd(elapsed) + processing
      if seconds * seconds + doubt >= squaredTarget { return isParallel ? .later : .close }
      if limit != nil || start.isOrderFree && after > 1 { return .later }
      // Where the class is like nothing before, so are its items that the chunk has already.
      let likeIt = seconds + (after - 1) * target
      var loss = newcomer.novelty * 2 * likeIt * DeadlineConstants.noveltyTargets * target
      for octave in newcomer.items.octaves where octave.weight > 0 {
        loss +=
          octave.weight / (newcomer.items.weight + 1)
          * excess(seconds, octave.mean)
      }
      let short = target - seconds
      if overrun * loss > short * short { return .later }
    }
    doubt += added
    bulk += newcomer.processing.mean
    shares[slot].work += work(of: next, in: shares[slot])
    shares[slot].count += 1
    return .take
  }

  /// How many items of a class the busiest worker has.
  private func rounds(_ count: Double) -> Double { (count / Double(start.workers)).rounded(.up) }

  /// The squared excess with an item, less that of a chunk of the item alone.
  private func excess(_ seconds: Double, _ item: Double) -> Double {
    let together = max(0, seconds + item - target)
    let single = max(0, item - roomAlone)
    return together * together - single * single
  }

  /// What an item may take until the target, where it has a chunk of its own.
  private var roomAlone: Double { max(0, target - overhead) }

  /// When all that was begun is expected to be handled, in seconds since the chunk was opened.
  @inline(__always)
  private func expectedEnd(_ elapsed: Double) -> Double {
    handlesAtOnce ? ends.reduce(0) { $0 + $1.chance * $1.seconds } : elapsed
  }
}
