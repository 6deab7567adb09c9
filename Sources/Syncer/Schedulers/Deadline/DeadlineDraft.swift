extension DeadlineScheduler {
  /// The expectations about one open chunk.
  public struct Draft: Sendable {
    /// What is believed about a class, and what the chunk has of it.
    struct Share {
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
        highest = (forecast?.handling.highest ?? 0) + (forecast?.completions.highest ?? 0)
        let shared = Double(start.workers * start.workers)
        doubt = (forecast?.doubt ?? 0) + (forecast?.completions.doubt ?? 0) / shared
      }
    }

    let newcomer: ClassBeliefs.Newcomer
    let start: ChunkStart
    let target: Double
    let overhead: Double
    let overrun: Double
    let limit: Double?
    let wantsSecondItem: Bool
    /// Expected seconds of processing that only show in the chunk's sum.
    var bulk = 0.0
    /// Expected seconds of processing of items timed one by one.
    var queue: WorkQueue
    /// The items that are handled at once; nil where it is one after the other.
    private var places: HandlingPlaces?
    /// When those at work may have ended; empty where items are handled one after the other.
    private(set) var ends: [HandlingPlaces.End] = []
    /// The squared doubt in the overhead, and in all that.
    let overheadDoubt: Double
    var doubt: Double
    var shares: [Share] = []
    /// The share of every class, or -1.
    private var slots: [Int32] = []
    /// The share asked for last.
    private(set) var latest = -1

    init(_ chunk: ChunkStart, _ beliefs: ClassBeliefs, overrun: Double, limit: Double?) {
      newcomer = beliefs.newcomer
      start = chunk
      overhead = beliefs.processing.overhead
      // Below twice the overhead, more than half of a chunk would be overhead. That of an earlier sync
      // makes no chunk longer before one has shown it.
      let shown = beliefs.processing.isOverheadRemembered ? 0 : overhead
      target = max(chunk.targetSeconds, 2 * shown)
      self.overrun = overrun
      self.limit = limit.map { $0 * chunk.targetSeconds }
      wantsSecondItem = beliefs.processing.wantsSecondItem
      queue = WorkQueue(workers: chunk.workers)
      places = chunk.handlersAtOnce > 1 ? HandlingPlaces(count: chunk.handlersAtOnce) : nil
      overheadDoubt = beliefs.processing.overheadDoubt
      doubt = overheadDoubt
    }

    /// What handling the items of a class took in this chunk, per unit.
    func laps(_ classIndex: Int) -> CostHistogram {
      classIndex < slots.count && slots[classIndex] >= 0
        ? shares[Int(slots[classIndex])].laps : CostHistogram()
    }

    /// Whether the chunk has met the class, which it has to before an item is decided on.
    @usableFromInline
    mutating func knows(_ classIndex: Int) -> Bool {
      guard let slot = known(classIndex) else { return false }
      latest = slot
      return true
    }

    /// Meets a class for the first time.
    mutating func meet(_ classIndex: Int, _ beliefs: ClassBeliefs) {
      if slots.count <= classIndex {
        slots += repeatElement(-1, count: max(classIndex + 1, 2 * slots.count) - slots.count)
      }
      latest = shares.count
      slots[classIndex] = Int32(latest)
      shares.append(Share(classIndex, beliefs.forecast(classIndex), start))
    }

    /// Decides on an item of the class asked for last.
    @usableFromInline
    mutating func admits(_ next: ItemProfile, count: Int, elapsed: Double) -> Admission {
      let slot = latest
      if places != nil { estimateEnds(at: elapsed) }
      let admission =
        shares[slot].isNew
        ? admitsNew(slot, next, count: count, elapsed: elapsed)
        : admitsKnown(slot, next, count: count, elapsed: elapsed)
      if places != nil, admission == .take || count == 0 {
        let hint = shares[slot].isNew ? nil : next.hint
        places?.begin(ItemProfile(classIndex: next.classIndex, hint: hint), at: elapsed)
      }
      return admission
    }

    @usableFromInline
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

    private mutating func estimateEnds(at elapsed: Double) {
      let costs = costsAtWork
      ends = places?.ends(at: elapsed, target: target, costs) ?? []
    }

    /// When the last of all that is at work may have ended, in seconds since the chunk was opened.
    mutating func lastEnd(at elapsed: Double) -> Double {
      let costs = costsAtWork
      return places?.lastEnd(at: elapsed, costs) ?? elapsed
    }

    /// What items of a class take per unit, as was seen before and in this chunk.
    private var costsAtWork: (Int) -> [[CostHistogram.Octave]] {
      let (shares, slots, newcomers) = (shares, slots, newcomer.items.octaves)
      return {
        let share = shares[Int(slots[$0])]
        return [share.forecast?.handling.octaves ?? newcomers, share.laps.octaves]
      }
    }

    /// The units of an item that processing goes by; what is timed item by item goes by the hint.
    @inline(__always)
    func work(of item: ItemProfile, in share: Share) -> Double {
      share.completion > 0 ? item.units : start.work(units: item.units)
    }

    /// Seconds the chunk takes besides handling, if it is closed now.
    @inline(__always)
    var processing: Double { overhead + bulk + queue.makespan }

    /// Whether items are handled at once.
    var handlesAtOnce: Bool { places != nil }

    /// Whether more than one thing is done at a time.
    var isParallel: Bool { handlesAtOnce || start.workers > 1 }
  }
}
