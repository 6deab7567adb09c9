extension DeadlineScheduler {
  /// What the scheduler expects of one open chunk.
  public struct Draft: Sendable {
    /// What is believed about a class, and what the chunk has of it.
    private struct Share {
      let classIndex: Int
      /// Nil for a class never seen.
      ///
      /// Looked at near the target only, as a copy costs more than all else.
      let forecast: ClassBeliefs.Forecast?
      let isNew: Bool
      /// Seconds of processing per unit, by the chunk's sum and timed item by item.
      let processing: Double
      let completion: Double
      /// What a unit timed one by one costs at most, as far as was seen.
      let highest: Double
      /// The doubt in what a unit adds to processing.
      let doubt: Double
      /// Whether the seconds of processing are per unit, and not per item.
      let growsWithHint: Bool
      /// Units of processing.
      var work = 0.0
      var count = 0.0
      /// What handling took in this chunk, per unit.
      var laps = CostHistogram()

      init(_ classIndex: Int, _ forecast: ClassBeliefs.Forecast?, _ start: ChunkStart) {
        self.classIndex = classIndex
        self.forecast = forecast
        isNew = forecast == nil
        processing = forecast?.processing ?? 0
        completion = forecast?.completions.mean ?? 0
        growsWithHint = start.processingGrowsWithHint || completion > 0
        highest = (forecast?.handling.highest ?? 0) + (forecast?.completions.highest ?? 0)
        let shared = Double(start.workers * start.workers)
        doubt = (forecast?.doubt ?? 0) + (forecast?.completions.doubt ?? 0) / shared
      }
    }

    let newcomer: ClassBeliefs.Newcomer
    let start: ChunkStart
    private let target: Double
    private let overhead: Double
    private let overrun: Double
    private let limit: Double?
    private let wantsSecondItem: Bool
    /// Expected seconds of processing that only show in the chunk's sum.
    private var bulk = 0.0
    /// Expected seconds of processing of items timed one by one.
    private var queue: WorkQueue
    /// The items that are handled at once; nil where it is one after the other.
    private var places: HandlingPlaces?
    /// The squared doubt in all that, and the part of classes never seen.
    private var doubt: Double
    private var newDoubt = 0.0
    private var shares: [Share] = []
    /// The share of every class, or -1.
    private var slots: [Int32] = []
    /// The share asked for last.
    private var latest = -1

    init(_ chunk: ChunkStart, _ beliefs: ClassBeliefs, overrun: Double, limit: Double?) {
      newcomer = beliefs.newcomer
      start = chunk
      overhead = beliefs.processing.overhead
      // Below twice the overhead, more than half of a chunk would be overhead.
      target = max(chunk.targetSeconds, 2 * overhead)
      self.overrun = overrun
      self.limit = limit.map { $0 * chunk.targetSeconds }
      wantsSecondItem = beliefs.processing.wantsSecondItem
      queue = WorkQueue(workers: chunk.workers)
      places = chunk.handlersAtOnce > 1 ? HandlingPlaces() : nil
      doubt = beliefs.processing.overheadDoubt
    }

    /// What handling the items of a class took in this chunk, per unit.
    func laps(_ classIndex: Int) -> CostHistogram {
      classIndex < slots.count && slots[classIndex] >= 0
        ? shares[Int(slots[classIndex])].laps : CostHistogram()
    }

    mutating func admits(
      _ next: ItemProfile, count: Int, elapsed: Double, _ beliefs: ClassBeliefs
    ) -> Admission {
      let slot = slot(of: next.classIndex, beliefs)
      let end = places?.expectedEnd(at: elapsed) ?? elapsed
      let admission =
        shares[slot].isNew
        ? admitsNew(slot, next, count: count, elapsed: elapsed, end: end)
        : admitsKnown(slot, next, count: count, elapsed: elapsed, end: end)
      if places != nil && (admission == .take || count == 0) {
        let costs = shares[slot].forecast?.handling ?? newcomer.items
        let hint = shares[slot].isNew ? nil : next.hint
        places?.begin(ItemProfile(classIndex: next.classIndex, hint: hint), at: elapsed, costs)
      }
      return admission
    }

    mutating func observe(_ item: ItemProfile, seconds: Double) {
      places?.end(item, seconds: seconds)
      guard let slot = known(item.classIndex) else { return }
      let bounded = min(seconds, DeadlineConstants.outlierTargets * target)
      shares[slot].laps.add(bounded / item.units, weight: item.units)
    }

    @inline(__always)
    private func known(_ classIndex: Int) -> Int? {
      if latest >= 0 && shares[latest].classIndex == classIndex { return latest }
      guard classIndex < slots.count, slots[classIndex] >= 0 else { return nil }
      return Int(slots[classIndex])
    }

    @inline(__always)
    private mutating func slot(of classIndex: Int, _ beliefs: ClassBeliefs) -> Int {
      if let slot = known(classIndex) {
        latest = slot
        return slot
      }
      return meet(classIndex, beliefs)
    }

    private mutating func meet(_ classIndex: Int, _ beliefs: ClassBeliefs) -> Int {
      if slots.count <= classIndex {
        slots += repeatElement(-1, count: max(classIndex + 1, 2 * slots.count) - slots.count)
      }
      latest = shares.count
      slots[classIndex] = Int32(latest)
      shares.append(Share(classIndex, beliefs.forecast(classIndex), start))
      return latest
    }

    /// Seconds the chunk takes if it is closed now, and what is at work ends when it should.
    @inline(__always)
    private func expected(_ end: Double) -> Double {
      end + overhead + bulk + queue.makespan
    }
  }
}

// MARK: - The rule

extension DeadlineScheduler.Draft {
  /// Decides on an item of a class that was seen before.
  ///
  /// `end` is when what is at work will have ended.
  private mutating func admitsKnown(
    _ slot: Int, _ next: ItemProfile, count: Int, elapsed: Double, end: Double
  ) -> Admission {
    let units = next.units
    let work = shares[slot].growsWithHint ? units : 1
    let bulk = shares[slot].processing * work
    // All items of a class share the doubt in its mean, so that it grows with their square.
    let added = shares[slot].doubt * (2 * shares[slot].work * work + work * work)
    if count > 0 && !(wantsSecondItem && count == 1) {
      let seconds = expected(end)
      let squared = seconds * seconds + doubt + added
      // Past the target no item helps, least of all one that is believed to be free and is not. A
      // worker that is idle while the longest item runs is still given work.
      let isFull = queue.isFull && places == nil
      if elapsed >= target || isFull && squared >= target * target { return .close }
      // Most items are far from the target: whatever they take, the chunk ends before it.
      let room = target - units * shares[slot].highest - bulk
      if limit != nil || room < 0 || squared > room * room,
        let forecast = shares[slot].forecast
      {
        let effective = squared.squareRoot()
        let isWorthIt =
          limit.map { saves(forecast, units, bulk, effective, elapsed: elapsed, limit: $0) }
          ?? brings(forecast, units, bulk, effective, ahead: end - elapsed)
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
  /// With s the seconds of the chunk so far and s' with the item x, that is
  /// E[((s' - T)+)^2] - E[((x - T)+)^2] < (s - T)^2: what the chunk exceeds its target by, without
  /// what the item alone would exceed it by, against what it falls short of it now. What others take
  /// that are at work, `ahead`, the item does not add in its handler.
  private func brings(
    _ forecast: ClassBeliefs.Forecast, _ units: Double, _ bulk: Double, _ effective: Double,
    ahead: Double
  ) -> Bool {
    // Of the two phases the one timed item by item that varies more decides; the other is its mean.
    let isRouted = forecast.completions.seconds > forecast.handling.seconds
    let varying = isRouted ? forecast.completions : forecast.handling
    let steady = (isRouted ? forecast.handling.mean : forecast.completions.mean) * units
    var loss = 0.0
    for octave in varying.octaves {
      let seconds = octave.mean * units
      let longer =
        isRouted
        ? max(0, steady - ahead) + queue.growth(seconds)
        : max(0, seconds - ahead) + (forecast.completions.weight > 0 ? queue.growth(steady) : 0)
      loss +=
        octave.weight
        * excess(effective, longer: longer + bulk, alone: seconds + steady + bulk)
    }
    if varying.weight > 0 {
      loss /= varying.weight
    } else {
      loss = excess(effective, longer: bulk, alone: bulk)
    }
    let short = target - effective
    return overrun * loss <= (short < 0 ? overrun : 1) * short * short
  }

  /// The squared excess with an item that makes the chunk longer, less that of the item alone.
  @inline(__always)
  private func excess(_ effective: Double, longer: Double, alone: Double) -> Double {
    let together = max(0, effective + longer - target)
    let single = max(0, alone - target)
    return together * together - single * single
  }

  /// Whether one more item saves more than it risks, where a chunk beyond the limit is lost.
  ///
  /// With R the limit, C what closing costs and s the work so far: P(x <= R - C - s) (s + E[x | it
  /// fits]) > s.
  private func saves(
    _ forecast: ClassBeliefs.Forecast, _ units: Double, _ bulk: Double, _ effective: Double,
    elapsed: Double, limit: Double
  ) -> Bool {
    let steady = bulk + forecast.completions.mean * units
    var (chance, saved) = (0.0, 0.0)
    for octave in forecast.handling.octaves {
      let seconds = octave.mean * units + steady
      if effective + seconds <= limit {
        chance += octave.weight
        saved += octave.weight * (elapsed + seconds)
      }
    }
    return chance > 0 && saved > elapsed * forecast.handling.weight
  }

  /// Decides on an item of a class never seen.
  private mutating func admitsNew(
    _ slot: Int, _ next: ItemProfile, count: Int, elapsed: Double, end: Double
  ) -> Admission {
    let squaredTarget = target * target
    let single = newcomer.processing.meanSquare + squaredTarget * newcomer.novelty
    let added = single * (2 * shares[slot].count + 1)
    if count > 0 && !(wantsSecondItem && count == 1) {
      let seconds = expected(end)
      if seconds * seconds + doubt >= squaredTarget { return .close }
      if limit != nil || start.isOrderFree && shares[slot].count > 0 { return .later }
      let budget = DeadlineConstants.noveltyBudget * squaredTarget
      if newDoubt > 0 && newDoubt + added > budget { return .later }
      // Where the class is like nothing before, so are its items that the chunk has already.
      let before = seconds + shares[slot].count * target
      var loss = newcomer.novelty * 2 * before * DeadlineConstants.noveltyTargets * target
      for octave in newcomer.items.octaves where octave.weight > 0 {
        loss +=
          octave.weight / (newcomer.items.weight + 1)
          * excess(seconds, longer: octave.mean, alone: octave.mean)
      }
      let short = target - seconds
      if overrun * loss > short * short { return .later }
    }
    doubt += added
    newDoubt += single
    bulk += newcomer.processing.mean
    shares[slot].work += shares[slot].growsWithHint ? next.units : 1
    shares[slot].count += 1
    return .take
  }
}
