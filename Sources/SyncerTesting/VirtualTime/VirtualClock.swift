public import Synchronization
internal import Syncer

/// A clock that advances only when work says so.
///
/// Sequential work advances it directly, without a suspension: a million items take milliseconds,
/// and the same work takes the same time on every machine. Use one clock per simulation.
///
/// For concurrent work, `VirtualTime.run(limit:grace:_:)` makes a clock with an executor: there,
/// sleeping suspends, and the clock advances when nothing else can run.
public final class VirtualClock: Clock, Sendable {
  /// A moment of virtual time, in nanoseconds since the clock was made.
  public struct Instant: InstantProtocol {
    /// Nanoseconds since the clock was made.
    public var nanoseconds: Int64

    /// Creates a moment.
    @inlinable
    public init(nanoseconds: Int64) {
      self.nanoseconds = nanoseconds
    }

    public func advanced(by duration: Duration) -> Instant {
      let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.clockNanoseconds)
      return Instant(nanoseconds: overflow ? VirtualClock.limit : sum)
    }

    @inlinable
    public func duration(to other: Instant) -> Duration {
      .nanoseconds(other.nanoseconds &- nanoseconds)
    }

    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
      left.nanoseconds < right.nanoseconds
    }
  }

  /// The latest time a clock can show, 250 years in nanoseconds.
  public static let limit: Int64 = 7_889_400_000_000_000_000

  @usableFromInline let nanoseconds = Atomic<Int64>(0)

  /// The executor of the tasks that sleep on the clock; nil for a clock of sequential work.
  public let executor: VirtualTimeExecutor?

  /// Creates a clock of sequential work that shows zero.
  public init() {
    executor = nil
  }

  init(executor: VirtualTimeExecutor) {
    self.executor = executor
  }

  @inlinable
  public var now: Instant {
    Instant(nanoseconds: nanoseconds.load(ordering: .relaxed))
  }

  public var minimumResolution: Duration { .nanoseconds(1) }

  /// Advances the clock.
  ///
  /// Only the work that runs on the clock advances it, one piece after the other. With an executor
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

  /// Advances the clock to the deadline at once: sleeping is work of that duration.
  ///
  /// With an executor, the task is suspended until then, and others run.
  ///
  /// - Throws: `CancellationError` if the task is cancelled; `VirtualTimeError` if the clock has an
  ///   executor and the task runs on another one.
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
  /// Runs work under a name, which an error of the run shows while the work is in progress.
  ///
  /// Without an executor it only runs the work.
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
