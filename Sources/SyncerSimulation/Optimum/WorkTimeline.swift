internal import SyncerTesting

/// When a machine under load is done with how much work, if it never rests.
struct WorkTimeline: ~Copyable {
  private var profile: LoadProfile
  /// The ends of stretches of one factor, in seconds, and the work done by then, in seconds of an
  /// unloaded machine.
  private var moments: [Double] = [0]
  private var works: [Double] = [0]
  /// The factor from the last moment on, where it does not change any more.
  private var lastFactor: Double?
  private var now: Int64 = 0
  /// Whether the load changes too often, or for too long, to be followed.
  private(set) var isGivenUp = false

  /// The most changes that are followed.
  private static let changeLimit = 2_000_000

  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init(_ scenario: Scenario, replication: Int) throws(ScenarioError) {
    let seeds = StreamSeeds(seed: scenario.seed, replication: replication)
    profile = try LoadProfile(scenario.load, seeds)
    if profile.isConstant { lastFactor = 1 }
  }

  /// The moment at which some work is done.
  mutating func seconds(ofWork work: Double) -> Double {
    while lastFactor == nil && works[works.count - 1] < work { extend() }
    let last = works.count - 1
    if works[last] < work { return moments[last] + (work - works[last]) * (lastFactor ?? 1) }
    let next = works.partitionIndex { $0 >= work }
    if next == 0 { return 0 }
    let share = (work - works[next - 1]) / (works[next] - works[next - 1])
    return moments[next - 1] + share * (moments[next] - moments[next - 1])
  }

  /// The work that is done by a moment.
  mutating func work(bySeconds seconds: Double) -> Double {
    while lastFactor == nil && moments[moments.count - 1] < seconds { extend() }
    let last = moments.count - 1
    if moments[last] < seconds {
      return works[last] + (seconds - moments[last]) / (lastFactor ?? 1)
    }
    let next = moments.partitionIndex { $0 >= seconds }
    if next == 0 { return 0 }
    let share = (seconds - moments[next - 1]) / (moments[next] - moments[next - 1])
    return works[next - 1] + share * (works[next] - works[next - 1])
  }

  private mutating func extend() {
    let stretch = profile.stretch(at: now)
    if profile.isExhausted || moments.count > Self.changeLimit || now > VirtualClock.limit / 2 {
      isGivenUp = true
      lastFactor = stretch.factor
      return
    }
    if stretch.end == .max {
      lastFactor = stretch.factor
      return
    }
    let seconds = Double(stretch.end - now) / 1e9
    works.append(works[works.count - 1] + seconds / stretch.factor)
    moments.append(Double(stretch.end) / 1e9)
    now = stretch.end
  }
}

extension LoadSettings {
  /// The least and the largest factor there may be at any moment.
  ///
  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  func factors() throws(ScenarioError) -> ClosedRange<Double> {
    var (least, most) = (1.0, 1.0)
    func join(_ factors: [Double]) {
      least *= min(1, factors.min() ?? 1)
      most *= max(1, factors.max() ?? 1)
    }
    for window in windows { join([window.slowdown]) }
    if let arrivals { join([arrivals.slowdown]) }
    if let trace { join(try TraceSignal(trace).factors) }
    return least...most
  }
}
