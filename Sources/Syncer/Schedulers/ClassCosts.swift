/// What is known of the cost of every class, and of the overhead of a chunk.
struct ClassCosts: Sendable, Equatable {
  private struct Entry: Sendable, Equatable {
    var handling = ItemCost()
    /// Processing, for a class whose completions are reported item by item.
    var completion = ItemCost()
    var tail = CostTail()
    /// The most items of the class ever in one chunk; 0 for a class never seen.
    var largest = 0
  }

  private var entries: [Entry] = []
  private(set) var processing = ProcessingModel()
  private var parallelism = Parallelism()
  private var singles = SingleItemChunks()

  /// Makes room for a class.
  private mutating func include(_ classIndex: Int) {
    while entries.count <= classIndex { entries.append(Entry()) }
    processing.include(classIndex)
  }

  /// What holds for a chunk with a target whatever its items.
  @inline(never)
  func frame(target: Double) -> OpenChunkCosts.Frame {
    OpenChunkCosts.Frame(
      budget: max(target - processing.overhead, target / 2), perTarget: 1 / target,
      longSeconds: CostTail.shortest * target,
      overheadUncertainty: processing.overheadUncertainty, parallel: parallelism.elapsed(work: 1),
      suspectsOverhead: singles.suspectOverhead(target: target))
  }

  /// What is known of a class, for a chunk that meets it.
  @inline(never)
  func share(of classIndex: Int, growth: Double) -> OpenChunkCosts.Share {
    var share = OpenChunkCosts.Share()
    guard classIndex < entries.count else { return share }
    let entry = entries[classIndex]
    let isNew = entry.handling.seen < ClassCosts.fewItems
    share.isUnknown = entry.largest == 0
    share.isNew = isNew
    share.hasTail = !entry.tail.isEmpty
    share.most = (isNew ? min(growth, 2) : growth) * Double(entry.largest)
    share.handling = entry.handling.rate
    share.handlingVariance = entry.handling.variance(units: 1)
    processing.describe(classIndex, in: &share)
    if entry.completion.seen > 0 {
      share.completion = entry.completion.rate
      share.completionVariance =
        parallelism.elapsed(work: 1) * entry.completion.variance(units: 1)
    }
    return share
  }

  /// With fewer items seen, a variance is still an assumption.
  private static let fewItems = 7

  @inline(never)
  func tailShare(
    of classIndex: Int, from low: Double, to high: Double, openItems: Double
  ) -> Double {
    guard classIndex < entries.count else { return 0 }
    return entries[classIndex].tail.share(from: low, to: high, openItems: openItems)
  }

  /// Adds an item whose handling took long, as a multiple of the target.
  @inline(never)
  mutating func addLong(_ classIndex: Int, multiple: Double) {
    include(classIndex)
    entries[classIndex].tail.addLong(multiple)
  }

  mutating func learn(_ sample: ChunkSample, smoothing: Double) {
    var loads: [ProcessingModel.Load] = []
    var reported = 0.0
    for entry in sample.classes {
      include(entry.classIndex)
      entries[entry.classIndex].handling.learn(entry.handling, smoothing: smoothing)
      entries[entry.classIndex].completion.learn(entry.completions, smoothing: smoothing)
      entries[entry.classIndex].largest = max(entries[entry.classIndex].largest, entry.count)
      entries[entry.classIndex].tail.count(entry.count)
      reported += entry.completions.seconds
      if entry.completions.count == entry.count { continue }
      loads.append(
        ProcessingModel.Load(
          classIndex: entry.classIndex, count: entry.count, units: entry.handling.units,
          squaredUnits: entry.handling.squaredUnits))
    }
    if reported > 0 {
      parallelism.learn(reported: reported, elapsed: sample.processSeconds - processing.overhead)
    }
    processing.learn(
      loads, seconds: max(0, sample.processSeconds - parallelism.elapsed(work: reported)),
      target: sample.targetSeconds, smoothing: smoothing)
    if let single = singles.add(sample), let load = loads.first {
      let overhead = min(max(0, 2 * single - sample.processSeconds), single, sample.processSeconds)
      processing.assume(
        overhead: overhead, rate: (sample.processSeconds - overhead) / load.units, of: load)
    }
  }

  func estimate(for item: ItemProfile) -> CostEstimate? {
    guard item.classIndex < entries.count else { return nil }
    let entry = entries[item.classIndex]
    if entry.largest == 0 { return nil }
    let part = processing.parts[item.classIndex]
    let opaque = part.rate * item.units
    let completion = parallelism.elapsed(work: entry.completion.seconds(units: item.units))
    let variance =
      entry.handling.variance(units: item.units) + part.relativeVariance * opaque * opaque
      + entry.completion.variance(units: item.units)
    return CostEstimate(
      seconds: entry.handling.seconds(units: item.units) + opaque + completion,
      deviationSeconds: variance.squareRoot(), observations: entry.handling.seen)
  }
}

/// How much sooner a router of several workers is done than its items' times added up.
struct Parallelism: Sendable, Equatable {
  // Decayed sums: large chunks, which keep all workers busy, decide.
  private var work = 0.0
  private var time = 0.0

  private static let memory = 0.9

  /// Seconds that items of `work` seconds together take, before anything is known the sum.
  @inline(__always)
  func elapsed(work seconds: Double) -> Double {
    work > 0 ? seconds * min(1, time / work) : seconds
  }

  mutating func learn(reported: Double, elapsed: Double) {
    work = Parallelism.memory * work + reported
    time = Parallelism.memory * time + max(0, elapsed)
  }
}

/// Chunks of one item tell an overhead from an item's cost by nothing but their regularity.
///
/// Where every chunk has one item because each takes more than half the target, and all take the
/// same, a fixed overhead is likelier than items that cost the same to a twentieth. One chunk of two
/// then decides: at worst it takes twice its floor, once.
private struct SingleItemChunks: Sendable, Equatable {
  private var count = 0
  private var sum = 0.0
  private var squares = 0.0
  private var shortest = Double.infinity
  private var isDecided = false

  /// Adds a chunk; returns the mean of the single ones when the chunk decides.
  mutating func add(_ sample: ChunkSample) -> Double? {
    if sample.count > 1 {
      let decides = sample.count == 2 && suspectOverhead(target: sample.targetSeconds)
      isDecided = true
      return decides ? sum / Double(count) : nil
    }
    count += 1
    sum += sample.processSeconds
    squares += sample.processSeconds * sample.processSeconds
    shortest = min(shortest, sample.processSeconds)
    return nil
  }

  func suspectOverhead(target: Double) -> Bool {
    guard !isDecided, count >= 6, shortest > target / 2 else { return false }
    let mean = sum / Double(count)
    return squares / Double(count) - mean * mean < 0.0025 * mean * mean
  }
}
