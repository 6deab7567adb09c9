extension Scenario {
  /// Whether anything is drawn, so that another replication is another experiment.
  public var isRandom: Bool {
    sync.isShuffled || load.arrivals != nil || workload.isRandom || (faults?.isRandom ?? false)
  }
}

extension WorkloadSettings {
  fileprivate var isRandom: Bool {
    if chunkOverhead.constantSeconds == nil { return true }
    switch source {
    case .trace(let trace): return trace.hintNoise != nil
    case .phases(let phases):
      return phases.contains { $0.classes.count > 1 || $0.classes.contains(where: \.isRandom) }
    }
  }
}

extension ItemClass {
  fileprivate var isRandom: Bool {
    handle.constantSeconds == nil || process.constantSeconds == nil || hintNoise != nil
      || weights.contains { $0.variation > 0 }
  }
}

extension FaultSettings {
  fileprivate var isRandom: Bool {
    let chances = items.map(\.probability) + slow.map(\.probability) + [chunkProbability]
    return crashes.meanGapSeconds != nil || chances.contains { $0 > 0 && $0 < 1 }
  }
}
