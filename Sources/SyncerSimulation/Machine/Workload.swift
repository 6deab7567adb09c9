public import Syncer
internal import SyncerTesting

/// The items of a scenario with their costs, drawn once and replayed to every scheduler.
public struct Workload: Sendable, Equatable {
  /// The cost classes, in the order they first occur.
  public internal(set) var classes: [CostClass] = []
  /// For every item, its class: an index into `classes`.
  public internal(set) var classOfItem: [UInt16] = []
  /// For every item, nanoseconds in the handler on an unloaded machine; empty where all are zero.
  public internal(set) var handleNanoseconds: [Int64] = []
  /// For every item, nanoseconds in `processChunk`; empty where all are zero.
  public internal(set) var processNanoseconds: [Int64] = []
  /// For every item, its hint; empty where there are none, NaN for an item without.
  public internal(set) var hints: [Double] = []

  /// What the items weigh, a column per unit.
  public internal(set) var weights: [WeightColumn] = []

  /// An empty workload.
  public init() {}

  /// How many items there are.
  public var count: Int { classOfItem.count }

  /// Nanoseconds an item spends in its handler.
  @inlinable
  public func handle(_ item: Int) -> Int64 {
    handleNanoseconds.isEmpty ? 0 : handleNanoseconds[item]
  }

  /// Nanoseconds an item spends in `processChunk`.
  @inlinable
  public func process(_ item: Int) -> Int64 {
    processNanoseconds.isEmpty ? 0 : processNanoseconds[item]
  }

  /// The hint of an item that has one.
  func hint(_ item: Int) -> Double? {
    hints.isEmpty ? nil : ItemProfile.valid(hints[item])
  }

  /// Nanoseconds of all items together on an unloaded machine with one worker, limited to what
  /// fits.
  public var totalNanoseconds: Int64 {
    // In two halves, which billions of items cannot let overflow.
    var (high, low): (Int64, Int64) = (0, 0)
    for costs in [handleNanoseconds, processNanoseconds] {
      for cost in costs {
        high &+= cost >> 32
        low &+= cost & 0xFFFF_FFFF
      }
    }
    let (carried, overflow) = high.multipliedReportingOverflow(by: 1 << 32)
    let (total, overflowOfSum) = carried.addingReportingOverflow(low)
    return overflow || overflowOfSum ? .max : total
  }

  /// Moves the first items behind all others; there are no fewer.
  mutating func rotate(by count: Int) {
    func rotate<Element>(_ column: inout [Element]) {
      if !column.isEmpty { column = Array(column[count...] + column[..<count]) }
    }
    rotate(&classOfItem)
    rotate(&handleNanoseconds)
    rotate(&processNanoseconds)
    rotate(&hints)
    for index in weights.indices { rotate(&weights[index].weights) }
  }

  /// The error for a scenario that does not fit into virtual time.
  static func tooLong(_ scenario: Scenario) -> ScenarioError {
    ScenarioError(
      file: "The scenario \(scenario.name)", keyPath: "workload",
      rule: "takes more than the 250 years that virtual time has",
      remedy: "lower the costs, the counts or the slowdown")
  }
}

extension Workload {
  /// Draws the items of a scenario.
  ///
  /// Every class has its own random streams for handling, processing and hints, so that adding a
  /// class moves no other class's draws.
  ///
  /// - Throws: `ScenarioError` for a trace that cannot be read.
  public init(_ scenario: Scenario, replication: Int = 1) throws(ScenarioError) {
    let seeds = StreamSeeds(seed: scenario.seed, replication: replication)
    switch scenario.workload.source {
    case .phases(let phases):
      var drawing = WorkloadDrawing(phases, seeds)
      for (index, phase) in phases.enumerated() { drawing.draw(phase, number: index) }
      self = drawing.workload
      weigh(phases, seeds)
    case .trace(let trace):
      self = try Workload(trace: trace, seeds)
      if let faults = scenario.faults { try check(faults) }
    }
    if let faults = scenario.faults { slowDown(faults.slow, seeds) }
    if totalNanoseconds > VirtualClock.limit { throw Self.tooLong(scenario) }
  }
}

/// What the seeds of all streams of one run have in common.
struct StreamSeeds: Sendable {
  let seed: UInt64
  let replication: Int
  /// What the names of all purposes begin with.
  private let prefix: String

  init(seed: UInt64, replication: Int) {
    self.init(seed: seed, replication: replication, prefix: "")
  }

  private init(seed: UInt64, replication: Int, prefix: String) {
    self.seed = seed
    self.replication = replication
    self.prefix = prefix
  }

  /// The seeds of a numbered block: streams independent of those of the same purpose elsewhere.
  func block(_ number: Int) -> StreamSeeds {
    StreamSeeds(seed: seed, replication: replication, prefix: "block/\(number)/" + prefix)
  }

  func stream(_ purpose: String) -> RandomStream {
    RandomStream(seed: seed, purpose: prefix + purpose, replication: replication)
  }

  /// A 64-bit seed for a generator that is not GSL's.
  func wideSeed(_ purpose: String) -> UInt64 {
    RandomStream.wideSeed(seed: seed, purpose: prefix + purpose, replication: replication)
  }
}

extension StreamSeeds {
  /// What the streams of one of several processes are told apart by; those of the first are those of one
  /// alone.
  static func suffix(ofProcess number: Int) -> String { number == 1 ? "" : "/process/\(number)" }
}
