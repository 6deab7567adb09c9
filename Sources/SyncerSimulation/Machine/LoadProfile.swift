internal import SyncerTesting

/// How much slower than usual the machine is at every moment: a product of signals, each constant
/// from one change to the next.
struct LoadProfile: ~Copyable {
  /// A stretch of constant factor.
  struct Stretch: Equatable {
    var factor: Double
    /// When it ends, in nanoseconds.
    var end: Int64
  }

  private let windows: [LoadWindow]
  private var arrivals: ArrivalSignal?
  private let trace: TraceSignal?
  private var current = Stretch(factor: 1, end: 0)
  private var currentStart: Int64 = 0
  private let changeLimit: Int
  private var changeCount = 0
  /// Whether the factor changed so often that the run is given up.
  private(set) var isExhausted = false

  /// The most changes of the factor in one run: beyond that a run takes too long, or too much
  /// memory for the stretches that arrive at random.
  static let changeLimit = 10_000_000

  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init(
    _ settings: LoadSettings, _ seeds: StreamSeeds, changeLimit: Int = LoadProfile.changeLimit
  ) throws(ScenarioError) {
    self.changeLimit = changeLimit
    windows = settings.windows
    arrivals = settings.arrivals.map { ArrivalSignal($0, seeds, countLimit: changeLimit) }
    trace = try settings.trace.map { settings throws(ScenarioError) in try TraceSignal(settings) }
  }

  /// Whether the machine is never slow.
  var isConstant: Bool { windows.isEmpty && arrivals == nil && trace == nil }

  /// The time some work takes that starts at a moment, all in nanoseconds; all time there is once
  /// the profile is exhausted.
  mutating func elapsed(work: Int64, at start: Int64) -> Int64 {
    if isConstant || work == 0 { return work }
    var left = Double(work)
    var now = start
    while true {
      let stretch = stretch(at: now)
      if isExhausted { return VirtualClock.limit }
      let needed = left * stretch.factor
      if needed <= Double(stretch.end - now) || stretch.end == .max {
        let end = Double(now - start) + needed
        return end < Double(VirtualClock.limit) ? Int64(end.rounded()) : VirtualClock.limit
      }
      left -= Double(stretch.end - now) / stretch.factor
      now = stretch.end
    }
  }

  /// The factor at a moment, and how long it stays.
  mutating func stretch(at now: Int64) -> Stretch {
    if now >= currentStart && now < current.end { return current }
    var stretch = Stretch(factor: 1, end: .max)
    for window in windows { stretch.join(window.stretch(at: now)) }
    if let arrival = arrivals?.stretch(at: now) {
      stretch.join(arrival)
      if arrival.end == .max { isExhausted = true }
    }
    if let recorded = trace?.stretch(at: now) { stretch.join(recorded) }
    current = stretch
    currentStart = now
    changeCount += 1
    if changeCount > changeLimit { isExhausted = true }
    return stretch
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

extension LoadProfile.Stretch {
  mutating func join(_ other: LoadProfile.Stretch) {
    factor *= other.factor
    end = min(end, other.end)
  }
}

extension LoadWindow {
  fileprivate func stretch(at now: Int64) -> LoadProfile.Stretch {
    let from = Workload.nanoseconds(fromSeconds)
    let length = Workload.nanoseconds(toSeconds) - from
    if now < from { return LoadProfile.Stretch(factor: 1, end: from) }
    guard let everySeconds else {
      let end = from + length
      return now < end
        ? LoadProfile.Stretch(factor: slowdown, end: end)
        : LoadProfile.Stretch(factor: 1, end: .max)
    }
    let every = max(1, Workload.nanoseconds(everySeconds))
    let start = now - (now - from) % every
    return now < start + length
      ? LoadProfile.Stretch(factor: slowdown, end: start + length)
      : LoadProfile.Stretch(factor: 1, end: start + every)
  }
}

/// Slow stretches that arrive at random.
///
/// Drawn in order as time goes on and kept, because a router asks for moments that lie before ones
/// it asked for earlier.
private struct ArrivalSignal: ~Copyable {
  private let settings: LoadArrivals
  private let stream: RandomStream
  private let length: Int64
  private let countLimit: Int
  private var starts: [Int64] = []

  init(_ settings: LoadArrivals, _ seeds: StreamSeeds, countLimit: Int) {
    self.settings = settings
    self.countLimit = countLimit
    stream = seeds.stream("load")
    length = max(1, Workload.nanoseconds(settings.durationSeconds))
  }

  /// The factor at a moment; one without end where no more arrivals are drawn.
  mutating func stretch(at now: Int64) -> LoadProfile.Stretch {
    let gap = Distribution.exponential(mean: settings.meanGapSeconds)
    while starts.last.map({ $0 <= now }) ?? true {
      if starts.count >= countLimit {
        return LoadProfile.Stretch(factor: 1, end: .max)
      }
      let end = starts.last.map { $0 + length } ?? 0
      starts.append(min(end + Workload.nanoseconds(gap.sample(stream)), VirtualClock.limit))
    }
    let next = starts.partitionIndex { $0 > now }
    if next > 0, now < starts[next - 1] + length {
      return LoadProfile.Stretch(factor: settings.slowdown, end: starts[next - 1] + length)
    }
    return LoadProfile.Stretch(factor: 1, end: starts[next])
  }
}

/// A recorded load.
private struct TraceSignal {
  private var times: [Int64] = []
  private var factors: [Double] = []
  /// The time after which it starts again; nil where the last factor stays.
  private var period: Int64?

  init(_ settings: LoadTraceSettings) throws(ScenarioError) {
    var text = try DelimitedText(
      file: settings.path,
      bytes: try FileContents.read(settings.path, remedy: "correct load.trace.path"))
    guard let time = text.index(of: "t_seconds"), let factor = text.index(of: "load_factor") else {
      throw text.error(
        "lacks the columns \"t_seconds\" and \"load_factor\"", "name them in line 1")
    }
    var fields: [Range<Int>] = []
    while try text.next(&fields) {
      let seconds = try text.number(fields[time], "t_seconds") * settings.timeScale
      let nanoseconds = Workload.nanoseconds(seconds)
      if let last = times.last, nanoseconds <= last {
        throw text.error("is not later than the line before", "sort the rows by time")
      }
      let value = try text.number(fields[factor], "load_factor")
      if value <= 0 { throw text.error("has a load factor of zero", "write one above zero") }
      times.append(nanoseconds)
      factors.append(value)
    }
    guard let last = times.last else { throw text.error("ends without any row", "add rows") }
    if settings.end == .wrap {
      let step = times.count > 1 ? last - times[times.count - 2] : 1_000_000_000
      period = last + step
    }
  }

  func stretch(at now: Int64) -> LoadProfile.Stretch {
    let start = period.map { now - now % $0 } ?? 0
    let next = times.partitionIndex { $0 > now - start }
    let end = next < times.count ? start + times[next] : period.map { start + $0 } ?? .max
    return LoadProfile.Stretch(factor: next > 0 ? factors[next - 1] : 1, end: end)
  }
}

extension Array {
  /// The first index whose element satisfies a condition that, once true, stays true.
  fileprivate func partitionIndex(_ condition: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
