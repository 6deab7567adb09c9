import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: Clock {
  struct Instant: InstantProtocol {
    var sinceStart: Duration

    func advanced(by duration: Duration) -> Instant {
      Instant(sinceStart: sinceStart + duration)
    }

    func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }

    static func < (left: Instant, right: Instant) -> Bool { left.sinceStart < right.sinceStart }
  }

  private let nanoseconds = Atomic<Int64>(0)
  private let cancels = Atomic<Bool>(false)

  var now: Instant {
    Instant(sinceStart: .nanoseconds(nanoseconds.load(ordering: .relaxed)))
  }

  var minimumResolution: Duration { .nanoseconds(1) }

  /// Moves the clock by whole nanoseconds.
  func advance(by duration: Duration) {
    let (seconds, attoseconds) = duration.components
    nanoseconds.add(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, ordering: .relaxed)
  }

  /// Whether the task that sleeps is cancelled meanwhile.
  var cancelsSleep: Bool {
    get { cancels.load(ordering: .relaxed) }
    set { cancels.store(newValue, ordering: .relaxed) }
  }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    if cancelsSleep {
      withUnsafeCurrentTask { $0?.cancel() }
      throw CancellationError()
    }
    advance(by: now.duration(to: deadline))
  }
}
