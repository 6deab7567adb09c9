internal import Syncer
internal import SyncerTesting

/// Makes the chunks of least waste, knowing every cost and the load to come.
///
/// Where there is an `ExactPlan`, they are the best there are. With an overhead under load, or one that
/// varies, when chunks begin is taken from the plan before, three times over; where more than one thing
/// is done at a time, and for long, `ParallelPlan` says what it looks at. `WasteBound` says what no
/// scheduler is below.
struct OptimalScheduler: ChunkScheduler {
  /// How many items there are up to the end of every chunk.
  private let ends: [Int]

  /// Makes the chunks of a plan.
  init(_ plan: ExactPlan) {
    ends = plan.chunkEnds
  }

  /// Plans the chunks of a sync.
  ///
  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init(
    _ simulation: Simulation, machine: SimulatedMachine, backlog: Backlog, chunksBefore: Int
  ) throws(ScenarioError) {
    let scenario = simulation.scenario
    guard let target = scenario.sync.targetSeconds, backlog.count > 0 else {
      ends = []
      return
    }
    let costs = ItemCosts(backlog, simulation.workload, scenario)
    let cap = scenario.sync.chunkCap ?? .max
    let overhead = machine.meanOverheadSeconds(after: chunksBefore, items: backlog.count)
    if costs.isParallel {
      ends = ParallelPlan(costs, target: target, overhead: overhead, cap: cap).chunkEnds
      return
    }
    var timeline = try WorkTimeline(scenario, replication: simulation.replication)
    let begun = timeline.work(bySeconds: Double(machine.clock.now.nanoseconds) / 1e9)
    if let plan = try ExactPlan(costs, scenario, &timeline, begun: begun) {
      ends = plan.chunkEnds
      return
    }
    var plan = Self.plan(
      costs, &timeline, begun: begun, target: target, overhead: overhead, cap: cap, before: nil)
    if overhead > 0 && !scenario.load.isConstant {
      for _ in 0..<3 {
        plan = Self.plan(
          costs, &timeline, begun: begun, target: target, overhead: overhead, cap: cap,
          before: plan)
      }
    }
    ends = plan
  }

  /// The best chunks if those before every place are as many as in an earlier plan.
  private static func plan(
    _ costs: ItemCosts, _ timeline: inout WorkTimeline, begun: Double, target: Double,
    overhead: Double, cap: Int, before: [Int]?
  ) -> [Int] {
    let perChunk = max(target - overhead, overhead, 1e-9)
    var starts = [0.0]
    var ends = [0.0]
    var chunks = 0.0
    var position = 0
    for place in 0...costs.count {
      if let before {
        while position < before.count && before[position] <= place { position += 1 }
        chunks = Double(position)
      } else {
        chunks = costs.work[place] / perChunk
      }
      let spent = begun + chunks * overhead
      let moment = timeline.seconds(ofWork: costs.work[place] + spent)
      if place > 0 {
        let step = moment - timeline.seconds(ofWork: costs.work[place - 1] + spent)
        starts.append(starts[place - 1] + max(0, step))
        ends.append(starts[place])
      }
      let after = timeline.seconds(ofWork: costs.work[place] + spent + overhead)
      // Never falling, as the partition wants it, where the load rises within an overhead.
      ends[place] = max(place > 0 ? ends[place - 1] : 0, ends[place] + max(0, after - moment))
    }
    let constant = Waste.costPerChunk(target: target, overhead: overhead)
    return ChunkPartition(starts: starts, ends: ends, constant: constant, cap: cap).chunkEnds
  }

  func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Void) {
    // Without a target, or anything to do, nothing is planned.
    let next = ends.partitionIndex { $0 > chunk.rank }
    return (.items(next < ends.count ? ends[next] - chunk.rank : .max), ())
  }

  func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission { .take }
}
