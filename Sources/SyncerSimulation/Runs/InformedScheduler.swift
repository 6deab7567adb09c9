internal import Syncer

extension DeadlineScheduler {
  /// The default scheduler with the true costs of every class, on an unloaded machine: what it wastes
  /// more than the optimum is the price of not knowing single items, and what another wastes more than
  /// it is the price of learning.
  init(
    _ values: ParameterValues?, _ simulation: Simulation, machine: SimulatedMachine,
    backlog: Backlog, _ chunksBefore: Int
  ) {
    let costs = Self.costs(
      of: simulation.workload, backlog, workers: machine.workers,
      processingGrowsWithHint: machine.processingGrowsWithHint)
    self.init(
      overrun: values?.real("overrun") ?? 1, limit: values?.optional("limit"), knowing: costs,
      overheadSeconds: machine.meanOverheadSeconds(after: chunksBefore, items: backlog.count))
  }

  /// The costs of the classes, numbered as the sync meets them.
  private static func costs(
    of workload: Workload, _ backlog: Backlog, workers: Int, processingGrowsWithHint: Bool
  ) -> [KnownCost] {
    var numbers: [UInt16: Int] = [:]
    var costs: [KnownCost] = []
    var work: [(seconds: Double, units: Double)] = []
    for place in 0..<backlog.count {
      let item = backlog[place]
      let number = numbers[workload.classOfItem[item]] ?? costs.count
      if number == costs.count {
        numbers[workload.classOfItem[item]] = number
        costs.append(KnownCost())
        work.append((0, 0))
      }
      let hint = workload.hints.isEmpty ? nil : ItemProfile.valid(workload.hints[item])
      let units = hint ?? 1
      costs[number].addHandling(Double(workload.handle(item)) / 1e9 / units, units: units)
      let processing = Double(workload.process(item)) / 1e9
      if workers > 1 {
        costs[number].addJob(processing / units, units: units)
      } else {
        work[number].seconds += processing
        work[number].units += processingGrowsWithHint ? units : 1
      }
    }
    for (number, sum) in work.enumerated() where sum.units > 0 {
      costs[number].processingSeconds = sum.seconds / sum.units
    }
    return costs
  }
}

extension SimulatedMachine {
  /// What a chunk takes without items, in seconds; where that varies, the mean of the first thousand.
  func meanOverheadSeconds(after chunksBefore: Int, items: Int) -> Double {
    let looked = hasConstantOverhead ? 1 : min(1000, items)
    let overheads = (1...max(1, looked)).map { overhead(ofChunk: chunksBefore + $0) }
    return overheads.reduce(0.0) { $0 + Double($1) } / Double(overheads.count) / 1e9
  }
}
