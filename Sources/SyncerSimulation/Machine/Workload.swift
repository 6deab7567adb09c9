public import Syncer

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

  /// Nanoseconds of all items together on an unloaded machine with one worker, limited to what
  /// fits.
  public var totalNanoseconds: Int64 {
    var total: Int64 = 0
    for costs in [handleNanoseconds, processNanoseconds] {
      for cost in costs {
        let (sum, overflow) = total.addingReportingOverflow(cost)
        if overflow { return .max }
        total = sum
      }
    }
    return total
  }

  /// The error for a scenario that does not fit into virtual time.
  static func tooLong(_ scenario: Scenario) -> ScenarioError {
    ScenarioError(
      file: "The scenario \(scenario.name)", keyPath: "workload",
      rule: "takes more than the 250 years that virtual time has",
      remedy: "lower the costs, the counts or the slowdown")
  }

  /// Seconds as whole nanoseconds, limited to 100 years.
  @inline(__always)
  static func nanoseconds(_ seconds: Double) -> Int64 {
    if !(seconds > 0) { return 0 }
    let exact = min(seconds, DurationText.limitSeconds) * 1e9
    // As `rounded()`, which is a call of the C library, and without a branch: which way a drawn
    // cost is rounded cannot be predicted.
    let whole = Int64(exact)
    return whole &+ Int64(2 * (exact - Double(whole)))
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
    case .trace(let trace):
      self = try Workload(trace: trace, seeds)
    }
    if let faults = scenario.faults { slowDown(faults.slow, seeds) }
    if totalNanoseconds > VirtualClock.limit { throw Self.tooLong(scenario) }
  }
}

/// What the seeds of all streams of one run have in common.
struct StreamSeeds: Sendable {
  let seed: UInt64
  let replication: Int

  func stream(_ purpose: String) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, replication: replication)
  }

  /// A 64-bit seed for a generator that is not GSL's.
  func wideSeed(_ purpose: String) -> UInt64 {
    RandomStream.wideSeed(seed: seed, purpose: purpose, replication: replication)
  }
}

/// A workload in the making.
private struct WorkloadDrawing {
  var workload = Workload()
  private let seeds: StreamSeeds
  private let drawsHints: Bool
  private let drawsHandling: Bool
  private let drawsProcessing: Bool
  private var indices: [String: Int] = [:]
  private var streams: [ClassStreams] = []

  /// The generators of one class; a class of several phases goes on where it stopped.
  private final class ClassStreams {
    let handle: RandomStream
    let process: RandomStream
    let hint: RandomStream

    init(_ name: String, _ seeds: StreamSeeds) {
      handle = seeds.stream("handle/\(name)")
      process = seeds.stream("process/\(name)")
      hint = seeds.stream("hint/\(name)")
    }
  }

  init(_ phases: [WorkloadPhase], _ seeds: StreamSeeds) {
    self.seeds = seeds
    let classes = phases.flatMap(\.classes)
    drawsHints = classes.contains { $0.hintNoise != nil }
    drawsHandling = classes.contains { $0.handle != .constant(0) }
    drawsProcessing = classes.contains { $0.process != .constant(0) }
    let count = phases.reduce(0) { $0 + $1.count }
    workload.classOfItem.reserveCapacity(count)
    if drawsHandling { workload.handleNanoseconds.reserveCapacity(count) }
    if drawsProcessing { workload.processNanoseconds.reserveCapacity(count) }
    if drawsHints { workload.hints.reserveCapacity(count) }
  }

  mutating func draw(_ phase: WorkloadPhase, number: Int) {
    let choice = seeds.stream("mix/\(number)")
    let draws = phase.classes.map {
      let index = index(of: $0.name)
      return ClassDraws($0, index: index, streams[index])
    }
    let total = phase.classes.reduce(0) { $0 + $1.weight }
    let weights = phase.classes.map(\.weight)
    if draws.count == 1 && !drawsHints {
      draw(phase.count, of: draws[0])
      return
    }
    for _ in 0..<phase.count {
      var chosen = 0
      var left = choice.uniform() * total
      while chosen < weights.count - 1 {
        left -= weights[chosen]
        if left < 0 { break }
        chosen += 1
      }
      draw(draws[chosen])
    }
  }

  /// What an item of a class in a phase is drawn from.
  private final class ClassDraws {
    let index: Int
    let streams: ClassStreams
    let handle: PreparedDistribution
    let process: PreparedDistribution
    let hintFactor: PreparedDistribution?

    init(_ itemClass: ItemClass, index: Int, _ streams: ClassStreams) {
      self.index = index
      self.streams = streams
      handle = PreparedDistribution(itemClass.handle)
      process = PreparedDistribution(itemClass.process)
      hintFactor = itemClass.hintNoise.map { PreparedDistribution(.lognormal(mean: 1, cv: $0)) }
    }
  }

  /// Draws items of one class without hints, one column after the other: their streams are
  /// independent, and a plain loop over one of them costs little more than its draws.
  private mutating func draw(_ count: Int, of draws: ClassDraws) {
    let items = 0..<count
    workload.classOfItem.append(contentsOf: repeatElement(UInt16(draws.index), count: count))
    if drawsHandling {
      workload.handleNanoseconds.append(
        contentsOf: items.lazy.map { _ in
          Workload.nanoseconds(draws.handle.sample(draws.streams.handle))
        })
    }
    if drawsProcessing {
      workload.processNanoseconds.append(
        contentsOf: items.lazy.map { _ in
          Workload.nanoseconds(draws.process.sample(draws.streams.process))
        })
    }
  }

  private mutating func draw(_ draws: ClassDraws) {
    let handle = drawsHandling ? draws.handle.sample(draws.streams.handle) : 0
    let process = drawsProcessing ? draws.process.sample(draws.streams.process) : 0
    workload.classOfItem.append(UInt16(draws.index))
    if drawsHandling { workload.handleNanoseconds.append(Workload.nanoseconds(handle)) }
    if drawsProcessing { workload.processNanoseconds.append(Workload.nanoseconds(process)) }
    guard drawsHints else { return }
    workload.hints.append(
      draws.hintFactor.map { (handle + process) * $0.sample(draws.streams.hint) } ?? .nan)
  }

  private mutating func index(of name: String) -> Int {
    if let index = indices[name] { return index }
    let index = streams.count
    indices[name] = index
    streams.append(ClassStreams(name, seeds))
    workload.classes.append(CostClass(name))
    return index
  }
}
