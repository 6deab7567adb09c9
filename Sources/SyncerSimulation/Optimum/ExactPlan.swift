internal import SyncerTesting

/// The chunks of least waste, where every chunk begins when the work before it is done, however many
/// chunks that was.
///
/// So it is with one worker and the same overhead for every chunk, without load or without overhead.
/// Under load, rounding to nanoseconds is allowed for.
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

  /// Plans the chunks; nil where chunks begin otherwise, and where nothing costs anything.
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
    guard let target = scenario.sync.targetSeconds, costs.workers == 1, costs.handlersAtOnce == 1,
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
}
