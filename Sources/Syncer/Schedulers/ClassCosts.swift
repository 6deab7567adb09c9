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
  private(set) var parallelism = Parallelism()
  private var singles = SingleItemChunks()

  /// Makes room for a class.
  @inline(__always)
  mutating func include(_ classIndex: Int) {
    if entries.count <= classIndex { makeRoom(for: classIndex) }
  }

  private mutating func makeRoom(for classIndex: Int) {
    while entries.count <= classIndex { entries.append(Entry()) }
    processing.include(classIndex)
  }

  @inline(__always)
  func isUnknown(_ classIndex: Int) -> Bool { entries[classIndex].largest == 0 }

  /// Whether the class has been seen too little for its variance to be known.
  @inline(__always)
  func isNew(_ classIndex: Int) -> Bool { entries[classIndex].handling.seen < 7 }

  @inline(__always)
  func largest(_ classIndex: Int) -> Int { entries[classIndex].largest }

  /// What handling an item is expected to take, and the variance of that.
  @inline(__always)
  func handling(_ item: ItemProfile) -> (seconds: Double, variance: Double) {
    let seconds = entries[item.classIndex].handling.rate * item.units
    return (seconds, entries[item.classIndex].handling.relativeVariance * seconds * seconds)
  }

  /// What processing items of a class is known by: each on its own, where completions are
  /// reported, or as a share of whole chunks.
  @inline(__always)
  func completion(_ classIndex: Int) -> ItemCost? {
    entries[classIndex].completion.seen > 0 ? entries[classIndex].completion : nil
  }

  func suspectsOverhead(target: Double) -> Bool { singles.suspectOverhead(target: target) }

  /// Whether any item of the class took long.
  @inline(__always)
  func hasTail(_ classIndex: Int) -> Bool { !entries[classIndex].tail.isEmpty }

  func share(of classIndex: Int, from low: Double, to high: Double) -> Double {
    entries[classIndex].tail.share(from: low, to: high)
  }

  /// Adds the handling of a single item, as a multiple of the target.
  @inline(__always)
  mutating func addSingle(_ classIndex: Int, multiple: Double) {
    entries[classIndex].tail.add(multiple)
  }

  mutating func learn(_ sample: ChunkSample, smoothing: Double) {
    var loads: [ProcessingModel.Load] = []
    var reported = 0.0
    for entry in sample.classes {
      include(entry.classIndex)
      entries[entry.classIndex].handling.learn(entry.handling, smoothing: smoothing)
      entries[entry.classIndex].completion.learn(entry.completions, smoothing: smoothing)
      entries[entry.classIndex].largest = max(entries[entry.classIndex].largest, entry.count)
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
    guard item.classIndex < entries.count, !isUnknown(item.classIndex) else { return nil }
    let entry = entries[item.classIndex]
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
