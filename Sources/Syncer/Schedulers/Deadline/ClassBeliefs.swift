/// What is believed about every class, and about classes never seen.
struct ClassBeliefs: Sendable {
  /// One class: what its items take, timed one by one.
  struct Entry: Sendable {
    /// Seconds of handling per unit.
    var handling = CostHistogram()
    /// Seconds of processing per unit, where completions are reported.
    var completions = CostHistogram()
    /// What the pool has of this class.
    var pooled: ClassPool.Member?
    /// What an earlier sync has learned, as long as this one has not met the class.
    var remembered: LearnedClass?
    /// Units of an item, and those that its processing goes by.
    var units = 1.0
    var work = 1.0
  }

  var entries: [Entry] = []
  var processing = ProcessingBelief()
  private var pool = ClassPool()
  /// Whether the costs were given and are not learned.
  private(set) var isGiven = false
  /// How the chunk learned from last was begun, which says what processing grows with.
  private var latestStart = ChunkStart(targetSeconds: 1)
  /// How much longer processing and handling take than is remembered.
  var pace = Pace()
  var handlingPace = Pace()

  /// What one class is known to cost, as an open chunk uses it.
  struct Forecast: Sendable {
    /// Seconds of handling per unit, by octave.
    var handling = CostHistogram()
    /// Seconds of processing per unit that only show in the chunk's sum; mean and doubt.
    var processing = 0.0
    var doubt = 0.0
    /// The variance of a unit's processing over the squared mean.
    var scatter = 0.0
    /// Seconds of processing per unit of items timed one by one, by octave.
    var completions = CostHistogram()
    /// How much longer than remembered all processing is expected to take, as long as its pace is doubted.
    var caution = 1.0
  }

  /// What a class never seen is expected to be like.
  struct Newcomer: Sendable {
    /// Seconds of an item, handling and processing, by octave; each class counts once.
    var items = CostHistogram()
    /// The chance of something like nothing before.
    var novelty = 1.0
    /// Mean and mean square of an item's processing.
    var processing = ProcessingBelief.Prior()
    /// As that of a forecast.
    var caution = 1.0
  }

  /// What is known of a class; nil for one never seen.
  func forecast(_ classIndex: Int) -> Forecast? {
    guard classIndex < entries.count else { return nil }
    let entry = entries[classIndex]
    guard entry.pooled != nil else { return nil }
    let rate = processing[classIndex]
    let caution = entry.remembered == nil ? 1 : pace.caution
    return Forecast(
      handling: entry.handling, processing: rate.mean * caution,
      doubt: isGiven ? 0 : rate.fullDoubt * caution * caution, scatter: rate.scatter,
      completions: entry.completions.scaled(by: caution), caution: caution)
  }

  /// What the next class never seen is expected to be like.
  var newcomer: Newcomer {
    var newcomer = pool.newcomer
    newcomer.caution = pace.caution
    newcomer.processing.mean *= newcomer.caution
    newcomer.processing.meanSquare *= newcomer.caution * newcomer.caution
    return newcomer
  }

  /// Takes costs for known, which are then not learned.
  mutating func assume(_ costs: [KnownCost], overhead: Double) {
    isGiven = true
    for (classIndex, cost) in costs.enumerated() {
      include(classIndex)
      entries[classIndex].handling = cost.handling
      entries[classIndex].completions = cost.jobs
      processing.assume(cost.processingSeconds, of: classIndex, overhead: overhead)
      updatePool(classIndex, unitsPerItem: 1, work: 1)
    }
  }

  /// Learns from a processed chunk.
  ///
  /// - Parameters:
  ///   - sample: The chunk.
  ///   - handling: What handling its items took per unit, by class, in the order of the sample's.
  ///   - start: What was known when the chunk was opened.
  ///   - newcomer: What was expected then of classes never seen.
  ///   - memory: How many chunks of a class count.
  mutating func learn(
    _ sample: ChunkSample, handling: (Int) -> CostHistogram, start: ChunkStart, newcomer: Newcomer,
    memory: Double
  ) {
    if isGiven { return }
    latestStart = start
    if pace.isOpen || handlingPace.isOpen { findPace(sample, start, newcomer) }
    var parts: [ProcessingBelief.Part] = []
    var reported = (seconds: 0.0, longest: 0.0)
    for entry in sample.classes {
      let index = entry.classIndex
      include(index)
      reported.seconds += entry.completions.seconds
      reported.longest = max(reported.longest, entry.completions.longestSeconds)
      entries[index].remembered = nil
      entries[index].handling.fade(to: 1 - 1 / memory)
      // An item of many units tells more of what a unit takes; together they weigh as so many items.
      entries[index].handling.add(
        handling(index), scaledBy: Double(entry.count) / entry.handling.units)
      if entry.completions.count == entry.count {
        entries[index].completions.fade(to: 1 - 1 / memory)
        entries[index].completions.add(entry.completions)
      } else {
        parts.append(ProcessingBelief.Part(entry, of: start))
      }
    }
    // Workers with unequal work are done later than their mean, by nobody knows how much.
    let itemised = max(reported.longest, reported.seconds / Double(start.workers))
    processing.learn(
      parts,
      of: ProcessingBelief.Chunk(
        seconds: max(0, sample.processSeconds - itemised),
        imbalance: start.workers > 1 ? 0.1 * itemised * itemised : 0, count: sample.count,
        prior: newcomer.processing, target: sample.targetSeconds))
    for entry in sample.classes {
      let units = entry.handling.units / Double(entry.count)
      updatePool(
        entry.classIndex, unitsPerItem: units, work: start.work(units: units))
    }
  }

  mutating func include(_ classIndex: Int) {
    while entries.count <= classIndex { entries.append(Entry()) }
  }

  /// Replaces what the pool has of a class.
  mutating func updatePool(_ classIndex: Int, unitsPerItem: Double, work: Double) {
    entries[classIndex].units = unitsPerItem
    entries[classIndex].work = work
    let entry = entries[classIndex]
    let rate = processing[classIndex]
    let timed = (entry.handling.mean + entry.completions.mean) * unitsPerItem
    let member = ClassPool.Member(
      item: timed + rate.mean * work, processing: rate.mean * work,
      doubt: rate.doubt * work * work)
    pool.replace(entry.pooled, by: member)
    entries[classIndex].pooled = member
  }

  /// What an item is expected to cost; nil for a class never seen.
  func estimate(for item: ItemProfile) -> CostEstimate? {
    guard item.classIndex < entries.count else { return nil }
    let entry = entries[item.classIndex]
    guard entry.pooled != nil else { return nil }
    let rate = processing[item.classIndex]
    let work = latestStart.work(units: item.units)
    let bulk = rate.mean * work
    let timed = entry.handling.mean + entry.completions.mean
    let variance =
      (entry.handling.variance + entry.completions.variance) * item.units * item.units
      + rate.scatter * bulk * bulk
    let observations = min(max(entry.handling.weight, rate.seen, 1), 1e15)
    // A mean that is doubted more than its observations explain makes them worth less.
    let doubted = rate.doubt * work * work * observations
    return CostEstimate(
      seconds: timed * item.units + bulk,
      deviationSeconds: max(variance, doubted).squareRoot(), observations: Int(observations))
  }
}

/// What the items of a class truly cost, for a scheduler that is to know it from the start.
package struct KnownCost: Sendable, Equatable {
  /// Seconds of handling per unit.
  var handling = CostHistogram()
  /// Seconds of a worker's job per unit.
  var jobs = CostHistogram()
  /// The mean seconds of processing per unit, where only the sum of a chunk shows.
  package var processingSeconds: Double

  /// Makes a cost.
  package init(processingSeconds: Double = 0) {
    self.processingSeconds = processingSeconds
  }

  /// Adds what handling units takes, in seconds each.
  package mutating func addHandling(_ seconds: Double, units: Double = 1) {
    handling.add(seconds, weight: units * Self.certainty)
  }

  /// Adds what a worker's job takes per unit, in seconds.
  package mutating func addJob(_ seconds: Double, units: Double = 1) {
    jobs.add(seconds, weight: units * Self.certainty)
  }

  /// So many times every unit counts: what is known is not doubted.
  private static let certainty = 1e9
}

extension CostHistogram {
  /// Adds what sums tell of single units: the longest, and the mean of the others.
  fileprivate mutating func add(_ moments: CostMoments) {
    guard moments.count > 0, moments.units > 0 else { return }
    let perUnit = Double(moments.count) / moments.units
    add(moments.longestSeconds * perUnit)
    let others = Double(moments.count - 1)
    if others > 0 {
      add(
        max(0, moments.seconds - moments.longestSeconds) / others * perUnit, weight: others)
    }
  }
}
