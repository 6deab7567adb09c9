internal import SyncerTesting

/// The chunks of least waste, where what a chunk takes does not depend on how many were before it.
///
/// So it is with the same overhead for every chunk and without load; with one thing done at a time, also
/// under load without overhead, where rounding to nanoseconds is allowed for.
struct ExactPlan: Sendable {
  /// How many items there are up to the end of every chunk.
  let chunkEnds: [Int]
  /// What the chunks take together on an unloaded machine, in nanoseconds; limited to what fits.
  let unloadedNanoseconds: Int64
  /// Their waste, which no scheduler is below that takes the items in their order.
  let waste: Double
  /// For every count of items, the waste of the best chunks of the first so many; nil unless asked
  /// for.
  let wastes: [Double]?

  /// Plans chunks in which one thing is done at a time; nil where it matters how many were before, and
  /// where nothing costs anything.
  ///
  /// - Parameters:
  ///   - costs: The items.
  ///   - scenario: The scenario they are of, which has a chunk time.
  ///   - timeline: What the machine can do.
  ///   - begun: How much work could be done before the first item, in seconds.
  ///   - isForEveryCount: Whether the waste is found for every count of items.
  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init?(
    _ costs: ItemCosts, _ scenario: Scenario, _ timeline: inout WorkTimeline, begun: Double = 0,
    isForEveryCount: Bool = false
  ) throws(ScenarioError) {
    let isLoaded = !scenario.load.isConstant
    guard let target = scenario.sync.targetSeconds, !costs.isParallel,
      let overhead = scenario.workload.chunkOverhead.constantSeconds, !isLoaded || overhead == 0
    else { return nil }
    let starts = isLoaded ? costs.work.map { timeline.seconds(ofWork: $0 + begun) } : costs.work
    if timeline.isGivenUp || starts[costs.count] == starts[0] { return nil }
    // For an overhead up to half the target, the waste is 1 + the squared miss.
    let isMiss = overhead <= target / 2
    let shift = overhead - (isMiss ? target : 0)
    let partition = ChunkPartition(
      starts: starts, ends: starts.lazy.map { $0 + shift }, constant: 0,
      cap: scenario.sync.chunkCap ?? .max)
    let rounding =
      isLoaded ? Rounding(items: costs.count, factors: try scenario.load.factors()) : nil
    func leastWaste(items: Int) -> Double {
      let work = starts[items] - starts[0]
      guard work > 0 else { return 1 }
      let squares = partition.costs[items]
      let least = rounding?.least(squares, chunks: items) ?? squares
      return (isMiss ? 1 : 0) + least / (2 * target * (work + (rounding?.drift ?? 0)))
    }
    let chunkEnds = partition.chunkEnds
    self.chunkEnds = chunkEnds
    unloadedNanoseconds = chunkEnds.reduce(costs.nanoseconds) { sum, _ in
      sum.adding(saturating: Nanoseconds.rounding(overhead))
    }
    waste = leastWaste(items: costs.count)
    wastes = isForEveryCount ? (0...costs.count).map(leastWaste) : nil
  }

  /// Plans chunks in which more than one thing is done at a time; nil under load, where overheads vary or
  /// hints tell the order of jobs, where nothing costs anything, and where it would take too long.
  init?(parallel costs: ItemCosts, _ scenario: Scenario, isForEveryCount: Bool) {
    guard let target = scenario.sync.targetSeconds, scenario.load.isConstant,
      costs.isInOrder, costs.work[costs.count] > 0,
      let overhead = scenario.workload.chunkOverhead.constantSeconds
    else { return nil }
    let plan = ParallelPlan(
      costs, target: target, overhead: overhead, cap: scenario.sync.chunkCap ?? .max)
    guard let least = plan.leastCosts else { return nil }
    func leastWaste(items: Int) -> Double {
      costs.work[items] > 0 ? least[items] / (2 * target * costs.work[items]) : 1
    }
    chunkEnds = plan.chunkEnds
    unloadedNanoseconds = zip([0] + chunkEnds, chunkEnds).reduce(0) { sum, chunk in
      sum.adding(saturating: costs.nanoseconds(of: chunk.0..<chunk.1))
        .adding(saturating: Nanoseconds.rounding(overhead))
    }
    waste = leastWaste(items: costs.count)
    wastes = isForEveryCount ? (0...costs.count).map(leastWaste) : nil
  }
}
