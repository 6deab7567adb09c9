internal import Syncer

extension Baseline {
  /// Sums up the results of a scenario.
  public init(_ results: [RunResult], of scenario: Scenario) throws(ScenarioError) {
    var schedulers: [String: [String: Double]] = [:]
    for (label, runs) in RunResult.grouped(results) {
      schedulers[label] = Self.worst(runs.map(\.metrics))
    }
    self.init(
      scenario: scenario.name, digest: try ScenarioDigest(scenario).text, schedulers: schedulers)
  }
}

/// A hash over what decides a scenario's numbers: the items drawn, the load, the sync's settings.
///
/// The items themselves are hashed, not their description, so that a trace that changed is a
/// scenario that changed, wherever the file lies.
struct ScenarioDigest {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ scenario: Scenario) throws(ScenarioError) {
    // Spelled out, so that a key added later changes no digest of a scenario without it.
    let sync = scenario.sync
    add(
      "\(scenario.seed) \(scenario.replications) SyncSettings(chunkTimeSeconds: "
        + "\(String(describing: sync.chunkTimeSeconds)), itemLimit: "
        + "\(String(describing: sync.itemLimit)), chunkCap: "
        + "\(String(describing: sync.chunkCap)), isShuffled: \(sync.isShuffled))")
    if sync.order == .roughlyListed || sync.isByHint { add("order \(sync.order.rawValue)") }
    if let maximum = sync.maximumDurationSeconds { add("maximumDuration \(maximum)") }
    for cap in sync.weightCaps { add("at most \(cap.atMost) \(cap.unit)") }
    for cap in scenario.workload.largestChunk { add("refuses \(cap.atMost) \(cap.unit)") }
    if let time = sync.timeLeftSeconds { add("timeLeft \(time)") }
    if sync.isConcurrent { add("atOnce \(sync.handlersAtOnce) \(sync.openChunks)") }
    if sync.workers > 1 { add("workers \(sync.workers) \(sync.rangeCount)") }
    if let faults = scenario.faults { add("\(faults)") }
    add("\(scenario.workload.chunkOverhead) \(scenario.workload.workers)")
    if !scenario.workload.processingGrowsWithHint { add("hints are about handling") }
    add("\(scenario.load.windows) \(String(describing: scenario.load.arrivals))")
    if let trace = scenario.load.trace {
      add("\(trace.timeScale) \(trace.end)")
      for byte in try FileContents.read(trace.path, remedy: "correct load.trace.path") {
        add(UInt64(byte))
      }
    }
    let workload = try Workload(scenario)
    for name in workload.classes { add(name.name) }
    for item in 0..<workload.count {
      add(UInt64(workload.classOfItem[item]))
      add(UInt64(bitPattern: workload.handle(item)))
      add(UInt64(bitPattern: workload.process(item)))
      if !workload.hints.isEmpty { add(workload.hints[item].bitPattern) }
      for column in workload.weights { add(UInt64(column.weights[item])) }
    }
  }

  var text: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// FNV-1a, a word at a time.
  private mutating func add(_ word: UInt64) {
    hash = (hash ^ word) &* 0x100_0000_01B3
    hash ^= hash >> 29
  }
}
