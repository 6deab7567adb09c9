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
/// the handling time of the latest items over what was expected of them, at least 1.
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
  /// The accepted probability that a single rare item makes a chunk exceed its floor by 30 %.
  public let risk: Double

  private var costs = ClassCosts()

  /// Makes the scheduler.
  ///
  /// - Precondition: the parameters lie in their ranges.
  public init(
    smoothing: Double = 0.1, caution: Double = 2.75, growth: Double = 8, risk: Double = 0.004
  ) {
    precondition(
      smoothing > 0 && smoothing < 1, "Smoothing lies between 0 and 1; it is \(smoothing).")
    precondition(
      caution >= 0 && caution.isFinite, "Caution is zero or more; it is \(caution).")
    precondition(growth > 1, "Growth is above 1; it is \(growth).")
    precondition(risk > 0 && risk <= 1, "The risk is above 0 and at most 1; it is \(risk).")
    self.smoothing = smoothing
    self.caution = caution
    self.growth = growth
    self.risk = risk
  }

  /// Begins a chunk with what is known now.
  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Draft) {
    (.asked, Draft(self, costs, target: chunk.targetSeconds))
  }

  /// Whether the item is expected to fit; always for the first.
  @inlinable @inline(__always)
  public func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Draft
  ) -> Admission {
    let isAdmitted = draft.admits(
      next.classIndex, units: next.units, isHinted: next.hint != nil, count: chunk.count,
      elapsed: chunk.elapsedSeconds, target: chunk.targetSeconds)
    return isAdmitted ? .take : .close
  }

  /// Learns what the classes cost in both phases.
  public mutating func learn(_ sample: ChunkSample, from draft: Draft) {
    var draft = draft
    draft.observeLatest(elapsed: sample.handleSeconds)
    costs = draft.costs
    costs.learn(sample, smoothing: smoothing)
  }

  /// The fixed time of a chunk, as far as chunks of different sizes have shown it.
  public var overheadSeconds: Double? { costs.processing.overhead }

  /// What the class is known to cost; nil for a class never seen.
  public func estimate(for item: ItemProfile) -> CostEstimate? {
    costs.estimate(for: item)
  }
}

extension DeadlineScheduler {
  /// What the scheduler expects of the open chunk.
  public struct Draft: Sendable, Equatable {
    fileprivate var costs: ClassCosts
    private var open = OpenChunkCosts()
    private let caution: Double
    private let growth: Double
    private let risk: Double

    fileprivate init(_ scheduler: DeadlineScheduler, _ costs: ClassCosts, target: Double) {
      self.costs = costs
      caution = scheduler.caution
      growth = scheduler.growth
      risk = scheduler.risk
      open.begin(costs.frame(target: target))
    }

    /// The share of the target that a chunk with a class never seen may spend on known items.
    private static let probeShare = 0.05

    /// Whether the item is expected to fit, of what is looked at alone, which fits into registers.
    @usableFromInline
    mutating func admits(
      _ classIndex: Int, units: Double, isHinted: Bool, count: Int, elapsed: Double, target: Double
    ) -> Bool {
      if count > 0 {
        observeLatest(elapsed: elapsed)
        // Whatever is expected: a chunk cut at its target takes less than the target and one item.
        if elapsed >= target { return false }
        if !isHinted && open.isPlain(classIndex) { return takesPlain(classIndex, elapsed: elapsed) }
      }
      return takesAny(
        classIndex, units: units, isHinted: isHinted, count: count, elapsed: elapsed, target: target
      )
    }

    /// Adds the item where it fits: of a class the chunk has met, not the first, and without a hint.
    @inline(__always)
    private mutating func takesPlain(_ classIndex: Int, elapsed: Double) -> Bool {
      let share = open[classIndex]
      let sums = open.sums(adding: 1, share, isPlain: true)
      let isFitting = share.count < share.most && slack(sums, elapsed: elapsed).isEnough
      if isFitting { open.add(classIndex, units: 1, share, sums, risk: 0, isPlain: true) }
      return isFitting
    }

    /// Adds the item where it fits or is the first.
    @inline(never)
    private mutating func takesAny(
      _ classIndex: Int, units: Double, isHinted: Bool, count: Int, elapsed: Double, target: Double
    ) -> Bool {
      if !open.hasMet(classIndex) {
        open.meet(classIndex, costs.share(of: classIndex, growth: growth))
      }
      let share = open[classIndex]
      let sums = open.sums(adding: units, share, isPlain: false)
      let rare =
        share.hasTail && !isHinted
        ? rareOvershoot(classIndex, elapsed: elapsed, count: share.count) : 0
      if count > 0 {
        let isFitting =
          open.hasUnknown || share.isUnknown
          ? !(open.hasUnknown && share.isUnknown)
            && fitsProbe(sums, elapsed: elapsed, target: target)
          : fits(share, sums, rare, count: count, elapsed: elapsed)
        if !isFitting { return false }
      }
      open.add(classIndex, units: units, share, sums, risk: rare, isPlain: false)
      return true
    }

    private func fits(
      _ share: OpenChunkCosts.Share, _ sums: OpenChunkCosts.Sums, _ rare: Double, count: Int,
      elapsed: Double
    ) -> Bool {
      if share.count >= share.most || rare > 0 && open.risk + rare > risk { return false }
      if open.frame.suspectsOverhead && count == 1 { return true }
      let slack = slack(sums, elapsed: elapsed)
      // The first variances are assumptions; growth limits what they could do.
      return slack.isEnough || share.isNew && slack.coversItems
    }

    /// What would be left of the budget with one more item.
    ///
    /// - Returns: whether it is the margin or more, and whether it is as much as the items take.
    @inline(__always)
    private func slack(
      _ sums: OpenChunkCosts.Sums, elapsed: Double
    ) -> (isEnough: Bool, coversItems: Bool) {
      let items = open.load * (sums.handling + sums.processing)
      let slack = open.frame.budget - (elapsed + items)
      // The margin is caution x load x deviation; compared squared, it needs no root.
      let factor = caution * open.load
      let variance = sums.variance + open.frame.overheadUncertainty + sums.handlingVariance
      return (slack >= 0 && factor * factor * variance <= slack * slack, items <= slack)
    }

    /// Whether a chunk with an item of a class never seen stays nearly empty otherwise, where known
    /// items take some more seconds.
    private func fitsProbe(
      _ sums: OpenChunkCosts.Sums, elapsed: Double, target: Double
    ) -> Bool {
      let items = open.load * (sums.handling + sums.processing)
      return elapsed - open.unknownSeconds + items <= Draft.probeShare * target
    }

    /// The probability that the item alone makes the chunk exceed 1.3 times its floor.
    private func rareOvershoot(_ classIndex: Int, elapsed seconds: Double, count: Double) -> Double
    {
      let elapsed = seconds * open.frame.perTarget
      guard elapsed > 0.3 else { return 0 }
      return costs.tailShare(
        of: classIndex, from: (1.3 - elapsed) / open.load, to: elapsed / 0.3 / open.load,
        openItems: count)
    }

    @inline(__always)
    fileprivate mutating func observeLatest(elapsed: Double) {
      let seconds = open.observeLatest(elapsed: elapsed)
      if seconds >= open.frame.longSeconds {
        costs.addLong(open.noteLong(), multiple: seconds * open.frame.perTarget)
      }
    }
  }
}
