/// Concurrent code on virtual time: an hour of timeouts in milliseconds, and always the same run.
///
/// ```swift
/// let seconds = try VirtualTime.run { clock in
///   let start = clock.now
///   try await withThrowingTaskGroup(of: Void.self) { group in
///     for job in 1...40 {
///       group.addTask { try await clock.sleep(for: .seconds(job)) }
///     }
///     try await group.waitForAll()
///   }
///   return start.duration(to: clock.now)  // 40 s, at once
/// }
/// ```
///
/// Code under test takes any `Clock<Duration>`, as the library does, and gets this one. Task
/// groups, `async let`, actors, streams, cancellation and `Task.yield()` work as they do outside.
/// Work that leaves for another executor (`Task { }`, `Task.detached`, `Task.sleep`, the main
/// actor) makes a run depend on the machine; it is found when it touches the clock or resumes a
/// task of the run, and the run then ends with a `VirtualTimeError`. What does neither, such as a
/// `Task { }` nobody waits for, cannot be seen from here.
public enum VirtualTime {
  /// Runs code on a virtual clock of its own, on this thread, until it returns.
  ///
  /// A run that is given up cancels its body and lets what can still run unwind. Cancelling the
  /// task that calls this cancels the body.
  ///
  /// - Parameters:
  ///   - limit: The virtual time after which the run is given up, 250 years at most.
  ///   - grace: The real time for which work on other executors is waited for when nothing else is
  ///     left to do, before that is called a deadlock.
  ///   - body: The code; it gets the clock.
  /// - Returns: what the body returns.
  /// - Throws: what the body throws, or `VirtualTimeError`.
  public static func run<Value: Sendable>(
    limit: Duration = .nanoseconds(VirtualClock.limit), grace: Duration = .milliseconds(500),
    _ body: @escaping @Sendable (VirtualClock) async throws -> Value
  ) throws -> Value {
    try VirtualRun(limit: limit, grace: grace, body).result()
  }

  /// Runs code on a virtual clock and a thread of its own: the calling task waits without holding
  /// a thread that escaped work may need in order to be found.
  ///
  /// - Parameters:
  ///   - limit: The virtual time after which the run is given up, 250 years at most.
  ///   - grace: The real time for which work on other executors is waited for.
  ///   - body: The code; it gets the clock.
  /// - Returns: what the body returns.
  /// - Throws: what the body throws, or `VirtualTimeError`.
  public static func run<Value: Sendable>(
    limit: Duration = .nanoseconds(VirtualClock.limit), grace: Duration = .milliseconds(500),
    _ body: @escaping @Sendable (VirtualClock) async throws -> Value
  ) async throws -> Value {
    try await VirtualRun(limit: limit, grace: grace, body).resultOfThread()
  }
}
