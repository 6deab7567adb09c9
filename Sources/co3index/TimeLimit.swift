import Syncer

/// How long a run may take, from its start; time asleep does not count.
struct TimeLimit: Sendable {
  let clock = SuspendingClock()
  let start: SuspendingClock.Instant
  /// Nil for as long as it likes.
  let duration: Duration?

  init(_ duration: Duration? = nil) {
    self.duration = duration
    start = clock.now
  }

  /// The time since the start.
  var elapsed: Duration { clock.now - start }

  /// What is left, longer than zero; nil without a limit.
  var left: Duration? { duration.map { max(.nanoseconds(1), $0 - elapsed) } }

  /// Sees to it that there is time left.
  ///
  /// - Throws: `OutOfTime` where there is none.
  func check() throws(OutOfTime) {
    if let duration, elapsed >= duration { throw OutOfTime() }
  }
}

/// The time was up in the middle of something.
struct OutOfTime: Error {}
