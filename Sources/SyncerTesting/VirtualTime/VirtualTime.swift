/// A runner of concurrent code on virtual time: an hour of timeouts takes milliseconds.
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
/// Code under test has to take any `Clock<Duration>`, as this library does. Task groups, `async let`,
/// actors, streams, cancellation and `Task.yield()` work as usual, and every run is the same.
///
/// Work that leaves for another executor (`Task { }`, `Task.detached`, `Task.sleep`, the main actor)
/// makes a run depend on the machine. When it touches the clock or resumes a task of the run, the run
/// ends with a `VirtualTimeError`. Work that does neither, such as a `Task { }` nobody waits for,
/// cannot be detected.
public enum VirtualTime {
  /// Runs code on a virtual clock of its own, on this thread, until it returns.
  ///
  /// A run that is given up cancels its body and lets running tasks unwind. Cancelling the calling
  /// task cancels the body.
  ///
  /// - Parameters:
  ///   - limit: The virtual time after which the run is given up, 250 years at most.
  ///   - grace: The real time to wait for work on other executors before a run without ready tasks
  ///     is called a deadlock.
  ///   - body: The code; it gets the clock.
  /// - Returns: the result of the body.
  /// - Throws: the error of the body, or `VirtualTimeError`.
  public static func run<Value: Sendable>(
    limit: Duration = .nanoseconds(VirtualClock.limit), grace: Duration = .milliseconds(500),
    _ body: @escaping @Sendable (VirtualClock) async throws -> Value
  ) throws -> Value {
    try VirtualRun(limit: limit, grace: grace, body).result()
  }

  /// Runs code on a virtual clock and a thread of its own.
  ///
  /// The calling task waits without holding a thread that escaped work may need in order to be
  /// found.
  ///
  /// - Parameters:
  ///   - limit: The virtual time after which the run is given up, 250 years at most.
  ///   - grace: The real time to wait for work on other executors before a run without ready tasks
  ///     is called a deadlock.
  ///   - body: The code; it gets the clock.
  /// - Returns: the result of the body.
  /// - Throws: the error of the body, or `VirtualTimeError`.
  public static func run<Value: Sendable>(
    limit: Duration = .nanoseconds(VirtualClock.limit), grace: Duration = .milliseconds(500),
    _ body: @escaping @Sendable (VirtualClock) async throws -> Value
  ) async throws -> Value {
    try await VirtualRun(limit: limit, grace: grace, body).resultOfThread()
  }
}
