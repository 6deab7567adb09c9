/// The default scheduler, which minimises the expected squared miss of the target.
///
/// With T the target, s the expected duration of the chunk if it is closed now, and x that of the
/// next item, o the overhead of a chunk, it takes the item iff
///
///     E[((s + x - T)+)^2] - E[((o + x - T)+)^2] <= (T - s)^2
///
/// For known costs this rounds to the nearest item. It makes chunks waste least: n chunks of d
/// seconds cost n T^2 + sum of d^2, for their overhead and for the work at risk (Young, "A first
/// order approximation to the optimum checkpoint interval", 1974).
///
/// It learns the distribution of handling times per class, the mean processing time per class from
/// the sums of chunks, and the fixed overhead of a chunk. Uncertainty counts: s is the root of the
/// expected square. A new class is assumed to be like those seen before or, with probability 1 in 5
/// (K + 1) after K classes, like nothing before. The article "How DeadlineScheduler decides"
/// derives the rule and lists the constants.
public struct DeadlineScheduler: ChunkScheduler {
  /// The weight of the squared excess relative to the squared shortfall, above 0; 1 rounds to
  /// nearest.
  public let overrun: Double
  /// The number of chunks of a class over which its handling times are averaged, at least 1.
  public let memory: Double
  /// The duration that chunks should not exceed, in targets, above 0; nil for none.
  ///
  /// Work beyond it counts as lost: another item is taken only if it saves more work than it risks.
  public let limit: Double?

  private var beliefs = ClassBeliefs()
  public let knownClasses: [CostClass]

  /// Creates the scheduler.
  ///
  /// - Parameters:
  ///   - overrun: The weight of the squared excess relative to the squared shortfall.
  ///   - memory: The number of chunks of a class over which its handling times are averaged.
  ///   - limit: The duration that chunks should not exceed, in targets.
  ///   - learned: The costs that an earlier sync with the same handler learned, from its report.
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

  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft) {
    (.asked, Draft(chunk, beliefs, overrun: overrun, limit: limit))
  }

  @inlinable
  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Draft
  ) -> Admission {
    look(at: next, in: &draft)
    return draft.admits(next, count: chunk.count, elapsed: chunk.elapsedSeconds)
  }

  public func fits(
    _ next: ItemProfile, into chunk: OpenChunk, within secondsLeft: Double, _ draft: inout Draft
  ) -> Bool {
    look(at: next, in: &draft)
    return draft.fits(
      next, elapsed: chunk.elapsedSeconds, secondsLeft: secondsLeft,
      earlier: chunk.earlierSeconds)
  }

  public func processingSeconds(of draft: Draft) -> Double { draft.closing() }

  /// Lets a draft know the class of an item.
  ///
  /// The scheduler is passed only where a class is met first: to pass it is to copy it, so that what
  /// needs the draft alone is inlined into the loop.
  @inlinable @inline(__always)
  func look(at next: ItemProfile, in draft: inout Draft) {
    if !draft.knows(next.classIndex) { meet(next.classIndex, in: &draft) }
  }

  @usableFromInline
  func meet(_ classIndex: Int, in draft: inout Draft) { draft.meet(classIndex, beliefs) }

  @inlinable
  public func observe(_ item: ItemProfile, seconds: Double, in draft: inout Draft) {
    draft.observe(item, seconds: seconds)
  }

  public mutating func learn(_ sample: ChunkSample, from draft: Draft) {
    beliefs.learn(
      sample, handling: draft.laps, start: draft.start, newcomer: draft.newcomer,
      memory: memory)
  }

  public func learned(of classes: [CostClass]) -> LearnedCosts? { beliefs.learned(of: classes) }

  public var overheadSeconds: Double? { beliefs.processing.overhead }

  public func estimate(for item: ItemProfile) -> CostEstimate? {
    beliefs.estimate(for: item)
  }
}
