internal import Syncer

/// Finds the chunk time and the scheduler that suit a scenario, by trying them on its items.
///
/// Without failures what is made small is the waste of chunks held against the target that was asked
/// for, whatever chunk time makes them; with failures it is the expected time to completion. A search
/// tries all schedulers at chunk times in steps of sqrt 2, and the better ones in steps of 2^(1/8)
/// around their best; what it finds is then judged on replications that the search has not seen. Items
/// that are not drawn, such as a recording's, have no other replications: they are judged as they are,
/// and begun at other places.
public struct Advisor: Sendable {
  /// The scenario, with a chunk time and without the faults that would be injected.
  public let scenario: Scenario
  /// Where the chunk time comes from, where none was given, in words; nil where one was.
  let origin: String?
  /// What the scenario has that was left out, as it would end syncs before their items are done; empty
  /// where nothing was.
  let leftOut: [String]
  /// Gains up to this share are none.
  public var relevance = 0.01
  /// Whether others than the scenario's schedulers may be advised.
  public var isOpen = true
  /// The fewest replications that are judged by.
  static let leastReplications = 10
  /// How many replications are judged by, or beginnings of a recording.
  let judged: Int
  /// How many replications are searched.
  let searched: Int
  let measure: AdviceMeasure
  let itemSeconds: Double
  let workSeconds: Double

  /// Looks at the items of a scenario.
  ///
  /// - Throws: `ScenarioError` for a trace that cannot be read, and for items that cost nothing.
  public init(_ given: Scenario) throws(ScenarioError) {
    var scenario = given
    (scenario.sync.maximumDurationSeconds, scenario.sync.timeLeftSeconds) = (nil, nil)
    leftOut = given.keysThatEndSyncs
    if let faults = given.faults {
      scenario.faults = FaultSettings(
        slow: faults.slow, restartSeconds: faults.restartSeconds,
        meanTimeBetweenFailuresSeconds: faults.meanTimeBetweenFailuresSeconds)
    }
    let costs = AdviceCosts(try Workload(scenario), scenario)
    guard costs.workSeconds > 0 else {
      throw ScenarioError(
        file: "The scenario \(scenario.name)", keyPath: "workload",
        rule: "costs nothing, so that every chunk time is as good as any",
        remedy: "give the items a cost")
    }
    var origin: String?
    if scenario.sync.targetSeconds == nil {
      let derived = costs.chunkTime
      (scenario.sync.chunkTimeSeconds, origin) = (derived.seconds, derived.origin)
    }
    let target = scenario.sync.targetSeconds ?? 1
    let completion = ExpectedCompletion(scenario.faults)
    measure = completion.map(AdviceMeasure.completion) ?? .waste(target: target)
    itemSeconds = costs.itemSeconds
    workSeconds = costs.workSeconds
    if scenario.isRandom {
      judged = max(Self.leastReplications, scenario.replications)
      searched = 3
    } else {
      let places = min(Int(min(costs.workSeconds / target / 2, 100)), 10)
      // Of two the interval is 12.7 times half of what they differ by, and of width zero where they agree.
      judged = places < 2 ? 1 : max(places, 3)
      searched = 1
    }
    (self.scenario, self.origin) = (scenario, origin)
  }

  /// Searches, and judges what was found.
  ///
  /// - Parameters:
  ///   - cores: How many runs there are at once, at least 1; all cores unless given.
  ///   - progress: Is told how far it is; nil for nobody.
  /// - Returns: what to do, and why.
  /// - Throws: `ScenarioError` for a trace that cannot be read, `CancellationError` when the task is
  ///   cancelled.
  public func advice(cores: Int? = nil, progress: RunProgress? = nil) async throws -> Advice {
    let runner = AdviceRunner(self, cores: cores, progress: progress)
    let search = try await AdviceSearch(self, runner)
    return try await Advice(self, search, runner)
  }

  /// The items of a replication, or of a recording begun at another place.
  ///
  /// - Throws: `ScenarioError` for a trace that cannot be read.
  func simulation(_ number: Int) throws(ScenarioError) -> Simulation {
    if scenario.isRandom { return try Simulation(scenario, replication: number) }
    return try Simulation(scenario).begun(at: number - 1, of: judged)
  }

  /// The chunk time that was given, or derived, in seconds.
  var givenSeconds: Double { scenario.sync.targetSeconds ?? 1 }
}

/// What the items cost, as far as a chunk time follows from it.
struct AdviceCosts {
  /// The mean item, and the work of all of it as a chunk would take it, in seconds.
  let itemSeconds, workSeconds: Double
  private let longSeconds: Double
  private let overhead: Double

  init(_ workload: Workload, _ scenario: Scenario) {
    let workers = Double(scenario.workload.workers)
    let handlers = Double(scenario.sync.handlersAtOnce)
    var costs: [Double] = []
    var work = 0.0
    for item in 0..<workload.count {
      let handle = Double(workload.handle(item)) / 1e9
      let process = Double(workload.process(item)) / 1e9
      costs.append(handle + process)
      work += handle / handlers + process / workers
    }
    costs.sort()
    longSeconds = costs.isEmpty ? 0 : costs[min(costs.count - 1, costs.count * 99 / 100)]
    workSeconds = work
    itemSeconds = work / Double(max(1, costs.count))
    overhead = min(scenario.workload.chunkOverhead.mean, 1e9)
  }

  /// A chunk time for these items, and where it comes from.
  ///
  /// Twenty times the overhead of a chunk, so that overhead is a twentieth of the time; or a hundredth
  /// of the work where there is none; and no shorter than all but one of a hundred items.
  var chunkTime: (seconds: Double, origin: String) {
    let (wanted, reason) =
      overhead > 0
      ? (20 * overhead, "twenty times the overhead of a chunk")
      : (workSeconds / 100, "a hundredth of the work, as a chunk costs nothing by itself")
    if longSeconds > wanted {
      return (Self.round(longSeconds * 1.05), "a little more than 99 of 100 items take")
    }
    return (Self.round(wanted), reason)
  }

  /// Two digits of a number of seconds above zero, no less than 10 ns.
  private static func round(_ seconds: Double) -> Double {
    ChunkTimes.rounded(max(seconds, 1e-8), digits: 2)
  }
}

extension Scenario {
  /// The keys given that may end a sync before its items are done.
  fileprivate var keysThatEndSyncs: [String] {
    var keys: [String] = []
    if sync.maximumDurationSeconds != nil { keys.append("sync.maximumDuration") }
    if sync.timeLeftSeconds != nil { keys.append("sync.timeLeft") }
    guard let faults else { return keys }
    if faults.cancelAtSeconds != nil { keys.append("faults.cancelAt") }
    if !faults.items.isEmpty { keys.append("faults.items") }
    if faults.chunkProbability > 0 { keys.append("faults.chunks") }
    if faults.crashes != CrashSettings() { keys.append("faults.crashes") }
    return keys
  }
}
