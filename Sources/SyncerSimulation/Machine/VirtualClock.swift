public import Synchronization

/// A clock that moves only when work says so.
///
/// Sequential work advances it directly, without a suspension: a million items take
/// milliseconds, and the same work takes the same time on every machine. Give each simulation a
/// clock of its own.
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
      Instant(nanoseconds: nanoseconds + duration.wholeNanoseconds)
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

  /// Makes a clock that shows zero.
  public init() {}

  /// The moment the clock shows.
  @inlinable
  public var now: Instant {
    Instant(nanoseconds: nanoseconds.load(ordering: .relaxed))
  }

  /// One nanosecond.
  public var minimumResolution: Duration { .nanoseconds(1) }

  /// Moves the clock forward.
  ///
  /// Only the work that runs on the clock moves it, one piece after the other.
  ///
  /// - Precondition: `duration` is not negative, and the clock stays within 250 years.
  public func advance(by duration: Duration) {
    advance(nanoseconds: duration.wholeNanoseconds)
  }

  @inlinable
  func advance(nanoseconds step: Int64) {
    precondition(step >= 0, "A virtual clock moves forward only; the step is \(step) ns.")
    let now = nanoseconds.load(ordering: .relaxed)
    precondition(
      step <= VirtualClock.limit - now, "A virtual clock shows at most 250 years; it is \(now) ns.")
    nanoseconds.store(now + step, ordering: .relaxed)
  }

  /// Moves the clock to the deadline, at once: sleeping is work that takes that long.
  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    advance(nanoseconds: max(0, deadline.nanoseconds - now.nanoseconds))
  }
}

extension Duration {
  /// The duration in whole nanoseconds, rounded towards zero, limited to what a clock can show.
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let limit = VirtualClock.limit / 1_000_000_000
    if seconds >= limit { return VirtualClock.limit }
    if seconds <= -limit { return -VirtualClock.limit }
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
