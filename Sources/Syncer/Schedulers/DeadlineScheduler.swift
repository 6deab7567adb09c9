/// Closes the chunk when the next item is not expected to fit in what is left of the target.
///
/// The default. Per cost class it learns what handling and processing an item take, and how much
/// that varies; per chunk the fixed overhead. With e the seconds elapsed, h and p what the next
/// item is expected to take in its two phases, P what processing the chunk's items is expected to
/// take, o the overhead, L the load of the moment and V the variance of all that, it admits while
///
///     e + L (h + P + p) + o + caution * sqrt(V) <= T
///
/// and the chunk has at most `growth` times as many items of the class as any chunk before. L is
/// the handling time of the latest items over what was expected of them.
///
/// A class never seen gets a chunk that is otherwise nearly empty, and one item in it: its first
/// item may take anything, and it may take it in `processChunk`, where nothing can be cut.
///
/// Proof by experiment: `Scenarios/fast-to-slow.json` and its neighbours; the derivation and what
/// was tried are in Decisions.
public struct DeadlineScheduler: ChunkScheduler, Equatable {
  /// The weight of an item in the averages of its class, above 0 and below 1.
  public let smoothing: Double
  /// How many standard deviations are kept free, zero or more.
  public let caution: Double
  /// How many times more items of a class a chunk may have than any chunk before, above 1.
  public let growth: Double
  /// The share of the target that a chunk with a class never seen may spend on known items.
  public let probeShare: Double

  private var classes: [ClassState] = []
  private var processing = ProcessingModel()
  private var open = OpenState()
  private var parallelism = Parallelism()

  /// Makes the scheduler.
  ///
  /// - Precondition: the parameters lie in their ranges.
  public init(
    smoothing: Double = 0.1, caution: Double = 2, growth: Double = 4, probeShare: Double = 0.05
  ) {
    precondition(
      smoothing > 0 && smoothing < 1, "Smoothing lies between 0 and 1; it is \(smoothing).")
    precondition(
      caution >= 0 && caution.isFinite, "Caution is zero or more; it is \(caution).")
    precondition(growth > 1, "Growth is above 1; it is \(growth).")
    precondition(
      probeShare >= 0 && probeShare <= 1, "The probe share is from 0 to 1; it is \(probeShare).")
    self.smoothing = smoothing
    self.caution = caution
    self.growth = growth
    self.probeShare = probeShare
  }

  /// Whether the item is expected to fit; always for the first.
  public mutating func admits(_ next: ItemProfile, into chunk: OpenChunk) -> Bool {
    include(next.classIndex)
    if chunk.count == 0 {
      open.reset()
    } else {
      observe(elapsed: chunk.elapsedSeconds, target: chunk.targetSeconds)
      if !fits(next, chunk) { return false }
      open.risk += risk(of: next, elapsed: chunk.elapsedSeconds / chunk.targetSeconds, open.load)
    }
    add(next)
    return true
  }

  private mutating func include(_ classIndex: Int) {
    while classes.count <= classIndex { classes.append(ClassState()) }
    processing.include(classIndex)
  }

  private func fits(_ next: ItemProfile, _ chunk: OpenChunk) -> Bool {
    let state = classes[next.classIndex]
    let target = chunk.targetSeconds
    let load = open.load
    let handling = state.handling.seconds(units: next.units)
    if open.hasUnknown || state.largest == 0 {
      if open.hasUnknown && state.largest == 0 { return false }
      let part = processing.parts[next.classIndex]
      let known =
        chunk.elapsedSeconds - open.unknownSeconds
        + load * (handling + open.processing + part.rate * next.units)
      return known <= probeShare * target
    }
    let count = open.chunk == state.chunk ? state.open.count : 0
    if Double(count) >= max(1, growth * Double(state.largest)) { return false }
    let (mean, variance) = expectedProcessing(adding: next)
    let spread = variance + state.handling.variance(units: next.units)
    let needed =
      chunk.elapsedSeconds + load * (handling + mean)
      + caution * (load * load * spread).squareRoot()
    let budget = max(target - processing.overhead, target / 2)
    return needed <= budget
      && open.risk + risk(of: next, elapsed: chunk.elapsedSeconds / target, load) <= 0.007
  }

  /// The probability that the item makes the chunk exceed 1.3 times its floor, from how long
  /// items of the class took before.
  private func risk(of next: ItemProfile, elapsed: Double, _ load: Double) -> Double {
    guard elapsed > 0.3, next.hint == nil else { return 0 }
    return classes[next.classIndex].tail.share(from: (1.3 - elapsed) / load, to: elapsed / 0.3 / load)
  }

  private mutating func observe(elapsed: Double, target: Double) {
    let seconds = open.observe(elapsed: elapsed)
    if let latest = open.latestClass { classes[latest].tail.add(seconds / target) }
  }

  /// Mean and variance of processing the open chunk with one more item.
  private func expectedProcessing(adding next: ItemProfile) -> (Double, Double) {
    let part = processing.parts[next.classIndex]
    let state = classes[next.classIndex]
    let units = open.chunk == state.chunk ? state.open.units : 0
    let grown = (units + next.units) * (units + next.units) - units * units
    let seconds = part.rate * next.units
    let variance =
      part.relativeVariance * seconds * seconds + part.uncertainty * grown
      + 2 * processing.covariance(next.classIndex) * next.units
    return (
      open.processing + seconds,
      max(0, open.variance + variance + processing.overheadUncertainty)
    )
  }

  private mutating func add(_ next: ItemProfile) {
    let (mean, variance) = expectedProcessing(adding: next)
    open.processing = mean
    open.variance = variance - processing.overheadUncertainty
    let isUnknown = classes[next.classIndex].largest == 0
    if isUnknown { open.hasUnknown = true }
    let handling = classes[next.classIndex].handling
    open.expect(
      seconds: handling.seconds(units: next.units), variance: handling.variance(units: next.units),
      isUnknown: isUnknown)
    open.latestClass = next.classIndex
    classes[next.classIndex].add(next, chunk: open.chunk)
  }

  /// Learns what the classes cost in both phases.
  public mutating func record(_ sample: ChunkSample) {
    observe(elapsed: sample.handleSeconds, target: sample.targetSeconds)
    var loads: [ProcessingModel.Load] = []
    for entry in sample.classes {
      include(entry.classIndex)
      classes[entry.classIndex].handling.learn(entry.handling, smoothing: smoothing)
      classes[entry.classIndex].largest = max(classes[entry.classIndex].largest, entry.count)
      loads.append(
        ProcessingModel.Load(
          classIndex: entry.classIndex, count: entry.count, units: entry.handling.units,
          squaredUnits: entry.handling.squaredUnits))
    }
    processing.learn(
      loads, seconds: sample.processSeconds, target: sample.targetSeconds, smoothing: smoothing)
  }

  /// What the class is known to cost; nil for a class never seen.
  public func estimate(for item: ItemProfile) -> CostEstimate? {
    guard item.classIndex < classes.count, classes[item.classIndex].largest > 0 else { return nil }
    let handling = classes[item.classIndex].handling
    let part = processing.parts[item.classIndex]
    let seconds = part.rate * item.units
    let variance =
      handling.variance(units: item.units) + part.relativeVariance * seconds * seconds
    return CostEstimate(
      seconds: handling.seconds(units: item.units) + seconds,
      deviationSeconds: variance.squareRoot(), observations: handling.seen)
  }
}

/// What is known of a class, and its share of the open chunk.
private struct ClassState: Sendable, Equatable {
  var handling = ItemCost()
  var tail = CostTail()
  /// The most items of the class ever in one chunk; 0 for a class never seen.
  var largest = 0
  /// The chunk `open` is about.
  var chunk = -1
  var open = (count: 0, units: 0.0)

  mutating func add(_ item: ItemProfile, chunk current: Int) {
    if chunk != current {
      chunk = current
      open = (0, 0)
    }
    open.count += 1
    open.units += item.units
  }

  static func == (left: ClassState, right: ClassState) -> Bool {
    left.handling == right.handling && left.tail == right.tail && left.largest == right.largest && left.chunk == right.chunk
      && left.open == right.open
  }
}

/// Placeholder for routers; see below.
private struct Parallelism: Sendable, Equatable {}

/// Sums over the open chunk.
private struct OpenState: Sendable, Equatable {
  /// Numbers the chunks, so that class states need no reset.
  private(set) var chunk = 0
  /// Expected seconds of processing the items so far.
  var processing = 0.0
  /// Its variance.
  var variance = 0.0
  /// Whether the chunk has an item of a class never seen.
  var hasUnknown = false
  var risk = 0.0
  var latestClass: Int?
  /// Seconds spent handling items of classes never seen.
  private(set) var unknownSeconds = 0.0

  // The latest items weigh most: a load that rises must be noticed within a few of them.
  private var recentSeconds = 0.0
  private var recentExpected = 0.0
  private var recentVariance = 0.0
  private var elapsed = 0.0
  private var expected = 0.0
  private var expectedVariance = 0.0
  private var latestIsUnknown = false

  /// How much of the older items stays with every new one.
  private static let memory = 0.9

  mutating func reset() {
    let next = chunk + 1
    self = OpenState()
    chunk = next
  }

  /// What the item being admitted is expected to take in its handler.
  mutating func expect(seconds: Double, variance: Double, isUnknown: Bool) {
    expected = seconds
    expectedVariance = variance
    latestIsUnknown = isUnknown
  }

  /// What the latest item took.
  mutating func observe(elapsed now: Double) -> Double {
    let seconds = max(0, now - elapsed)
    elapsed = now
    if latestIsUnknown {
      unknownSeconds += seconds
      return seconds
    }
    recentSeconds = OpenState.memory * recentSeconds + seconds
    recentExpected = OpenState.memory * recentExpected + expected
    recentVariance = OpenState.memory * recentVariance + expectedVariance
    return seconds
  }

  /// How much longer handling takes now than expected.
  ///
  /// The mean of a normal prior around 1, of variance 1, and the recent ratio, whose variance the
  /// classes' own give: a few items that vary by nature say little, many equal ones everything.
  var load: Double {
    guard recentExpected > 0 else { return 1 }
    let ratio = recentSeconds / recentExpected
    let variance = recentVariance / (recentExpected * recentExpected)
    return (variance + ratio) / (variance + 1)
  }
}
