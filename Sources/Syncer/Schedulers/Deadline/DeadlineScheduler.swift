/// Takes one more item while that makes the expected squared miss of the target smaller.
///
/// The default. With T the target, s what the chunk is expected to take if it is closed now, and x
/// the next item, both under the load of the moment, it takes the item iff
///
///     E[((s + x - T)+)^2] - E[((x - T)+)^2] <= (T - s)^2
///
/// which rounds to the nearest item, and is what makes chunks waste least: n chunks of d seconds
/// cost n T^2 + sum of d^2, for what each costs and for what it has at risk (Young, "A first order
/// approximation to the optimum checkpoint interval", 1974).
///
/// Per class it learns what handling an item takes, by octave, and what processing one takes, of
/// which only the sum of a chunk is seen; per chunk a fixed overhead. What is doubted counts: s is
/// the root of the expected square. A class never seen is expected to be like those seen before, or,
/// with a chance of 1 in 4 (K + 1) after K classes, like nothing before. The article "How
/// DeadlineScheduler decides" derives all that and lists the constants.
public struct DeadlineScheduler: ChunkScheduler {
  /// The weight of the squared excess beside the squared shortfall, above 0; 1 rounds to nearest.
  public let overrun: Double
  /// How many chunks of a class its handling times are remembered for, at least 1.
  public let memory: Double
  /// The limit that chunks must not exceed, in targets, above 0; nil where none is that hard.
  ///
  /// What is beyond it counts as lost: the scheduler goes on only while one more item saves more
  /// work than it risks.
  public let limit: Double?

  private var beliefs = ClassBeliefs()
  /// The classes that an earlier sync has learned of, which are numbered first.
  public let knownClasses: [CostClass]

  /// Makes the scheduler.
  ///
  /// - Parameters:
  ///   - overrun: The weight of the squared excess beside the squared shortfall.
  ///   - memory: How many chunks of a class its handling times are remembered for.
  ///   - limit: The limit that chunks must not exceed, in targets.
  ///   - learned: What an earlier sync with the same handler has learned, from its report.
  /// - Precondition: the parameters lie in their ranges.
  public init(
    overrun: Double = 1, memory: Double = 20, limit: Double? = nil, learned: LearnedCosts? = nil
  ) {
    precondition(
      overrun > 0 && overrun.isFinite, "The weight of an overrun is above 0; it is \(overrun).")
    precondition(memory >= 1 && memory.isFinite, "The memory is 1 chunk or more; it is \(memory).")
    precondition(limit.map { $0 > 0 } ?? true, "A limit is above 0; it is \(limit ?? 0).")
    self.overrun = overrun
    self.memory = memory
    self.limit = limit
    knownClasses = (learned?.classes.keys.sorted() ?? []).map { CostClass($0) }
    if let learned { beliefs.recall(learned, of: knownClasses) }
  }

  /// Makes a scheduler that knows costs from the start and does not learn them.
  ///
  /// - Parameters:
  ///   - overrun: The weight of the squared excess beside the squared shortfall, above 0.
  ///   - limit: The limit that chunks must not exceed, in targets, above 0; nil for none.
  ///   - costs: The true costs, by the number of the class.
  ///   - overheadSeconds: What a chunk takes without items.
  package init(
    overrun: Double = 1, limit: Double? = nil, knowing costs: [KnownCost], overheadSeconds: Double
  ) {
    self.init(overrun: overrun, limit: limit)
    beliefs.assume(costs, overhead: overheadSeconds)
  }

  /// The same scheduler at the start of a sync after another.
  package func recalling(_ learned: LearnedCosts) -> DeadlineScheduler {
    DeadlineScheduler(overrun: overrun, memory: memory, limit: limit, learned: learned)
  }

  /// Begins a chunk with what is known now.
  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft) {
    (.asked, Draft(chunk, beliefs, overrun: overrun, limit: limit))
  }

  /// Whether the item brings the chunk nearer to its target; always for the first.
  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Draft
  ) -> Admission {
    look(at: next, in: &draft)
    return draft.admits(next, count: chunk.count, elapsed: chunk.elapsedSeconds)
  }

  /// Whether the item is expected to be handled, and the chunk processed, in the time that is left.
  public func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double, _ draft: inout Draft
  ) -> Bool {
    look(at: next, in: &draft)
    return draft.fits(
      next, elapsed: chunk.elapsedSeconds, secondsLeft: secondsLeft,
      earlier: chunk.earlierSeconds)
  }

  /// What processing the chunk takes, with the margin of a budget.
  public func processingSeconds(of draft: Draft) -> Double { draft.closing() }

  /// Lets a draft know the class of an item.
  ///
  /// The beliefs are passed only where a class is met first: to pass them is to copy them.
  @inline(__always)
  private func look(at next: ItemProfile, in draft: inout Draft) {
    if !draft.knows(next.classIndex) { draft.meet(next.classIndex, beliefs) }
  }

  /// Notes what the item took.
  public func observe(_ item: ItemProfile, seconds: Double, in draft: inout Draft) {
    draft.observe(item, seconds: seconds)
  }

  /// Learns what the classes cost in both phases.
  public mutating func learn(_ sample: ChunkSample, from draft: Draft) {
    beliefs.learn(
      sample, handling: draft.laps, start: draft.start, newcomer: draft.newcomer,
      memory: memory)
  }

  /// What the next sync may know.
  public func learned(of classes: [CostClass]) -> LearnedCosts? { beliefs.learned(of: classes) }

  /// The fixed time of a chunk, as far as chunks have shown it.
  public var overheadSeconds: Double? { beliefs.processing.overhead }

  /// What the class is known to cost; nil for a class never seen.
  public func estimate(for item: ItemProfile) -> CostEstimate? {
    beliefs.estimate(for: item)
  }
}
