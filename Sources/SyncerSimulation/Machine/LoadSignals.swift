internal import SyncerTesting

/// The causes of load, each with its own changes in order, and the product of their factors.
///
/// However many there are, a change costs the logarithm of their number: the next is at the top of a
/// heap, and the product is the root of a tree of products.
struct LoadSignals: ~Copyable {
  private struct Change: Comparable {
    var moment: Int64
    var signal: Int

    static func < (left: Change, right: Change) -> Bool {
      (left.moment, left.signal) < (right.moment, right.signal)
    }
  }

  private var signals: [any LoadSignal]
  private var changes = Heap<Change>()
  /// A binary tree: the root is at 1, the factor of a signal at `leaves` and its number.
  private var products: [Double]
  private let leaves: Int

  /// - Throws: `ScenarioError` for a load trace that cannot be read.
  init(_ settings: LoadSettings, _ seeds: StreamSeeds) throws(ScenarioError) {
    var signals: [any LoadSignal] = settings.windows.map { WindowSignal($0) }
    if let arrivals = settings.arrivals { signals.append(ArrivalSignal(arrivals, seeds)) }
    if let trace = settings.trace { signals.append(try TraceSignal(trace)) }
    self.signals = signals
    var leaves = 1
    while leaves < signals.count { leaves *= 2 }
    self.leaves = leaves
    products = [Double](repeating: 1, count: 2 * leaves)
    for (number, signal) in signals.enumerated() {
      changes.insert(Change(moment: signal.nextChange, signal: number))
    }
  }

  /// When a factor changes next; `Int64.max` for never.
  var nextChange: Int64 { changes.min?.moment ?? .max }

  /// Makes all changes up to a moment; the product of the factors from then on.
  mutating func factor(at moment: Int64) -> Double {
    while let change = changes.min, change.moment <= moment {
      let factor = signals[change.signal].change()
      set(change.signal, to: factor)
      changes.replaceMin(
        with: Change(moment: signals[change.signal].nextChange, signal: change.signal))
    }
    return products[1]
  }

  private mutating func set(_ signal: Int, to factor: Double) {
    var place = leaves + signal
    products[place] = factor
    while place > 1 {
      place /= 2
      products[place] = products[2 * place] * products[2 * place + 1]
    }
  }
}

/// One cause of load.
private protocol LoadSignal {
  /// When its factor, at first 1, changes next; `Int64.max` for never.
  var nextChange: Int64 { get }
  /// Makes the next change; returns the factor from then on.
  mutating func change() -> Double
}

/// A window, once or again and again.
private struct WindowSignal: LoadSignal {
  private let slowdown: Double
  private let length: Int64
  private let every: Int64?
  private var isWithin = false
  private var start: Int64

  var nextChange: Int64 { isWithin ? start.adding(saturating: length) : start }

  init(_ window: LoadWindow) {
    slowdown = window.slowdown
    start = Nanoseconds.rounding(window.fromSeconds)
    length = Nanoseconds.rounding(window.toSeconds) - start
    every = window.everySeconds.map { max(1, Nanoseconds.rounding($0)) }
    // What is shorter than a nanosecond slows nothing down.
    if length <= 0 { start = .max }
  }

  mutating func change() -> Double {
    isWithin.toggle()
    if isWithin { return slowdown }
    start = every.map { start.adding(saturating: $0) } ?? .max
    if start < .max, every == length {
      isWithin = true
      return slowdown
    }
    return 1
  }
}

/// Slow stretches that arrive at random.
private final class ArrivalSignal: LoadSignal {
  private let slowdown: Double
  private let gap: Distribution
  private let stream: RandomStream
  private let length: Int64
  private var isWithin = false
  private(set) var nextChange: Int64

  init(_ settings: LoadArrivals, _ seeds: StreamSeeds) {
    slowdown = settings.slowdown
    gap = .exponential(mean: settings.meanGapSeconds)
    stream = seeds.stream("load")
    length = max(1, Nanoseconds.rounding(settings.durationSeconds))
    nextChange = 0
    nextChange = Nanoseconds.rounding(gap.sample(stream))
  }

  func change() -> Double {
    isWithin.toggle()
    let step = isWithin ? length : Nanoseconds.rounding(gap.sample(stream))
    nextChange = nextChange.adding(saturating: step)
    return isWithin ? slowdown : 1
  }
}

/// A recorded load.
struct TraceSignal: LoadSignal {
  private var times: [Int64] = []
  private(set) var factors: [Double] = []
  /// The time after which it starts again; nil where the last factor stays.
  private var period: Int64?
  /// The row that comes next, and when this turn of the recording began.
  private var next = 0
  private var turn: Int64 = 0

  var nextChange: Int64 {
    if next < times.count { return turn.adding(saturating: times[next]) }
    return period.map { turn.adding(saturating: $0) } ?? .max
  }

  mutating func change() -> Double {
    if next < times.count {
      next += 1
      return factors[next - 1]
    }
    turn = nextChange
    next = times[0] == 0 ? 1 : 0
    return times[0] == 0 ? factors[0] : 1
  }

  init(_ settings: LoadTraceSettings) throws(ScenarioError) {
    let rows = try LoadTraceRows(settings)
    (times, factors) = (rows.times, rows.factors)
    if settings.end == .wrap, let last = times.last {
      let step = times.count > 1 ? last - times[times.count - 2] : 1_000_000_000
      period = last + step
    }
  }
}
