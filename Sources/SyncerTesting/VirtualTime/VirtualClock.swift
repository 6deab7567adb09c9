public import Synchronization
internal import Syncer

/// A clock that moves only when work says so.
///
/// Sequential work advances it directly, without a suspension: a million items take
/// milliseconds, and the same work takes the same time on every machine. Give each simulation a
/// clock of its own.
///
/// For concurrent work `VirtualTime.run(limit:grace:_:)` makes a clock with an executor: there,
/// sleeping suspends, and the clock moves when nothing else can run.
public final class VirtualClock: Clock, Sendable {
  /// A moment of virtual time, in nanoseconds since the clock was made.
  public struct Instant: InstantProtocol {
    /// Nanoseconds since the clock was made.
    public var nanoseconds: Int64

    /// Makes a moment.
    @inlinable
    public init(nanoseconds: Int64) {
      self.nanoseconds = nanoseconds
    }

    /// The moment a duration later, to the nanosecond.
    public func advanced(by duration: Duration) -> Instant {
      let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.clockNanoseconds)
      return Instant(nanoseconds: overflow ? VirtualClock.limit : sum)
    }

    /// The time from here to another moment.
    @inlinable
    public func duration(to other: Instant) -> Duration {
      .nanoseconds(other.nanoseconds &- nanoseconds)
    }

    /// Whether a moment is before another.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
      left.nanoseconds < right.nanoseconds
    }
  }

  /// The longest time a clock can show: 250 years.
  public static let limit: Int64 = 7_889_400_000_000_000_000

  @usableFromInline let nanoseconds = Atomic<Int64>(0)

  /// What runs the tasks that sleep on the clock; nil for a clock of sequential work.
  public let executor: VirtualTimeExecutor?

  /// Makes a clock of sequential work that shows zero.
  public init() {
    executor = nil
  }

  init(executor: VirtualTimeExecutor) {
    self.executor = executor
  }

  /// The moment the clock shows.
  @inlinable
  public var now: Instant {
    Instant(nanoseconds: nanoseconds.load(ordering: .relaxed))
  }

  /// One nanosecond.
  public var minimumResolution: Duration { .nanoseconds(1) }

  /// Moves the clock forward.
  ///
  /// Only the work that runs on the clock moves it, one piece after the other. With an executor
  /// this blocks the virtual thread: tasks due in the meantime wake late.
  ///
  /// - Precondition: `duration` is not negative, and the clock stays within 250 years.
  public func advance(by duration: Duration) {
    if let executor, executor.notes(.advance) { return }
    advance(nanoseconds: duration.clockNanoseconds)
  }

  /// Moves the clock forward by nanoseconds.
  @inlinable
  package func advance(nanoseconds step: Int64) {
    advance(nanoseconds: step, from: nanoseconds.load(ordering: .relaxed))
  }

  /// Moves the clock forward from what it shows.
  @inlinable
  package func advance(nanoseconds step: Int64, from now: Int64) {
    precondition(step >= 0, "A virtual clock moves forward only; the step is \(step) ns.")
    precondition(
      step <= VirtualClock.limit - now, "A virtual clock shows at most 250 years; it is \(now) ns.")
    nanoseconds.store(now + step, ordering: .relaxed)
  }

  /// Moves the clock to the deadline, at once: sleeping is work that takes that long.
  ///
  /// With an executor the task is suspended until then, and others run.
  ///
  /// - Throws: `CancellationError` when the task is cancelled; `VirtualTimeError` where the clock
  ///   has an executor and the task another one.
  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    if let executor {
      return try await executor.sleep(until: deadline.nanoseconds, on: self)
    }
    try Task.checkCancellation()
    let now = now.nanoseconds
    if deadline.nanoseconds >= VirtualClock.limit { throw VirtualTimeExhausted() }
    advance(nanoseconds: max(0, deadline.nanoseconds - now))
  }
}

extension VirtualClock {
  /// Does some work under a name that an error of the run shows while the work is under way.
  ///
  /// Without an executor it only does the work.
  public func labelled<Value, Failure: Error>(
    _ label: String, isolation: isolated (any Actor)? = #isolation,
    _ work: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    guard let executor else { return try await work() }
    let number = executor.addLabel(label)
    defer { executor.removeLabel(number) }
    return try await work()
  }
}

extension Duration {
  /// The duration in whole nanoseconds, rounded towards zero, limited to what a clock can show.
  var clockNanoseconds: Int64 {
    let limit = Duration.nanoseconds(VirtualClock.limit)
    return min(max(self, .zero - limit), limit).wholeNanoseconds
  }
}

/// Work would take longer than a virtual clock can show.
package struct VirtualTimeExhausted: Error {
  /// Makes the error.
  package init() {}
}
