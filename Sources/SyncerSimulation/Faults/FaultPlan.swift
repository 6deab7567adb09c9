internal import Synchronization
internal import Syncer
internal import SyncerTesting

/// A failure that a scenario asked for.
struct SimulatedFault: Error, Equatable, CustomStringConvertible {
  /// What failed.
  enum Subject: Equatable {
    case handler(item: Int)
    case processing(item: Int)
    case chunk
  }

  var subject: Subject

  var description: String {
    switch subject {
    case .handler(let item): "The handler of item \(item) fails, as the scenario wants it."
    case .processing(let item): "Item \(item) cannot be processed, as the scenario wants it."
    case .chunk: "processChunk fails, as the scenario wants it."
    }
  }
}

/// Which items of a workload fail: drawn once, the same for every scheduler.
struct FaultPlan: Sendable, Equatable {
  /// What happens to an item, in one or both phases.
  struct Kinds: OptionSet, Sendable {
    var rawValue: UInt8
    static let handling = Kinds(rawValue: 1)
    static let processing = Kinds(rawValue: 2)
    static let transientHandling = Kinds(rawValue: 4)
    static let transientProcessing = Kinds(rawValue: 8)
  }

  /// For every item, what happens to it; empty where nothing does.
  private var kinds: [Kinds] = []

  /// Draws a plan, one stream per entry of `faults.items`, so that no other draw moves.
  init(_ settings: FaultSettings, _ workload: Workload, _ seeds: StreamSeeds) {
    if settings.items.isEmpty { return }
    kinds = [Kinds](repeating: [], count: workload.count)
    for (number, faults) in settings.items.enumerated() {
      let kind: Kinds =
        switch (faults.phase, faults.isTransient) {
        case (.handle, false): .handling
        case (.handle, true): .transientHandling
        case (.process, false): .processing
        case (.process, true): .transientProcessing
        }
      let chosen = workload.items(
        of: faults.costClass, faults.probability, seeds.stream("faults/items/\(number)"))
      for item in chosen { kinds[item].insert(kind) }
    }
  }

  /// What happens to an item.
  subscript(_ item: Int) -> Kinds { kinds.isEmpty ? [] : kinds[item] }
}

extension Workload {
  /// Items of a class, chosen at random: every item is drawn for, whatever its class.
  fileprivate func items(
    of costClass: CostClass?, _ probability: Double, _ stream: borrowing RandomStream
  ) -> [Int] {
    var chosen: [Int] = []
    for item in 0..<count {
      let isHit = stream.uniform() < probability
      if isHit && (costClass == nil || classes[Int(classOfItem[item])] == costClass) {
        chosen.append(item)
      }
    }
    return chosen
  }

  /// Makes the handling of some items take longer, as a scenario wants it.
  mutating func slowDown(_ settings: [SlowItems], _ seeds: StreamSeeds) {
    if handleNanoseconds.isEmpty { return }
    for (number, slow) in settings.enumerated() {
      let chosen = items(
        of: slow.costClass, slow.probability, seeds.stream("faults/slow/\(number)"))
      for item in chosen {
        handleNanoseconds[item] = Nanoseconds.rounding(
          Double(handleNanoseconds[item]) / 1e9 * slow.slowdown)
      }
    }
  }
}

/// The moments at which a process dies: the same for every scheduler.
struct CrashMoments: ~Copyable {
  private let known: [Int64]
  private let gap: Distribution?
  private let stream: RandomStream
  private var arrival: Int64 = 0

  init(_ settings: CrashSettings, _ seeds: StreamSeeds, process: Int) {
    known = settings.atSeconds.map(Nanoseconds.rounding).sorted()
    gap = settings.meanGapSeconds.map { .exponential(mean: $0) }
    stream = seeds.stream("faults/crashes" + StreamSeeds.suffix(ofProcess: process))
  }

  /// The first moment later than another; the limit of virtual time where there is none.
  mutating func next(after now: Int64) -> Int64 {
    let limit = VirtualClock.limit
    if let gap {
      // Gaps have no memory: far behind, the arrivals in between need not be drawn.
      if Double(now - arrival) > 1e6 * 1e9 * gap.mean { arrival = now }
      while arrival <= now {
        let step = max(1, Nanoseconds.rounding(gap.sample(stream)))
        arrival = step < limit - arrival ? arrival + step : limit
      }
    }
    let first = known.first { $0 > now } ?? limit
    return gap == nil ? first : min(first, arrival)
  }
}

extension CrashSettings {
  /// The crashes of one of several processes: of the known moments each is one process's, in turn.
  func ofProcess(_ number: Int, among count: Int) -> CrashSettings {
    var own = self
    own.atSeconds = stride(from: number - 1, to: atSeconds.count, by: count).map { atSeconds[$0] }
    return own
  }
}
