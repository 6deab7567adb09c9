internal import SyncerTesting

/// How much slower than usual the machine is at every moment: a product of signals, each constant
/// from one change to the next.
///
/// Changes are worked out in order as time goes on and kept, because a router and a scheduler that
/// looks ahead ask for moments that lie before ones they asked for earlier.
struct LoadProfile: ~Copyable {
  /// A stretch of constant factor.
  struct Stretch: Equatable {
    var factor: Double
    /// When it ends, in nanoseconds.
    var end: Int64
  }

  /// Whether the machine is never slow.
  let isConstant: Bool
  private var signals: LoadSignals
  /// When the factor changed, from the beginning on, and what it was from then on.
  private var starts: [Int64] = [0]
  private var factors: [Double] = []
  /// The change that was asked for last.
  private var current = 0
  private let changeLimit: Int
  /// Whether the factor changed so often that the run is given up.
  private(set) var isExhausted = false

  /// The most changes of the factor in one run: beyond that a run takes too long, and too much
  /// memory.
  static let changeLimit = 10_000_000

  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init(
    _ settings: LoadSettings, _ seeds: StreamSeeds, changeLimit: Int = LoadProfile.changeLimit
  ) throws(ScenarioError) {
    self.changeLimit = changeLimit
    isConstant = settings == LoadSettings()
    signals = try LoadSignals(settings, seeds)
    factors = [signals.factor(at: 0)]
  }

  /// The time some work takes that starts at a moment, all in nanoseconds; `Int64.max` where it is
  /// not done within virtual time, or the profile is exhausted.
  mutating func elapsed(work: Int64, at start: Int64) -> Int64 {
    if isConstant || work == 0 { return work }
    var left = Double(work)
    var now = start
    while now < VirtualClock.limit {
      let stretch = stretch(at: now)
      if isExhausted { return .max }
      let needed = left * stretch.factor
      if needed <= Double(stretch.end - now) || stretch.end == .max {
        let end = Double(now - start) + needed
        return end < Double(VirtualClock.limit) ? Int64(end.rounded()) : .max
      }
      left -= Double(stretch.end - now) / stretch.factor
      now = stretch.end
    }
    return .max
  }

  /// The factor at a moment, and how long it stays.
  mutating func stretch(at now: Int64) -> Stretch {
    while !isExhausted, signals.nextChange <= now {
      if starts.count >= changeLimit {
        isExhausted = true
        break
      }
      let moment = signals.nextChange
      starts.append(moment)
      factors.append(signals.factor(at: moment))
    }
    if isExhausted { return Stretch(factor: 1, end: .max) }
    let isCurrent =
      starts[current] <= now && (current + 1 == starts.count || now < starts[current + 1])
    if !isCurrent { current = starts.partitionIndex { $0 > now } - 1 }
    let end = current + 1 < starts.count ? starts[current + 1] : signals.nextChange
    return Stretch(factor: factors[current], end: end)
  }
}

extension LoadProfile {
  /// The error for a load that changes too often in one run.
  static func tooRestless(_ scenario: Scenario) -> ScenarioError {
    ScenarioError(
      file: "The scenario \(scenario.name)", keyPath: "load",
      rule: "changes more than \(changeLimit) times before the items are done",
      remedy: "let it change less often, or lower the costs or the counts")
  }
}

extension Array {
  /// The first index whose element satisfies a condition that, once true, stays true.
  func partitionIndex(_ condition: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
