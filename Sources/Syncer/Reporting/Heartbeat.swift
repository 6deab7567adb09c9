// Telling an observer that a sync goes on, while it waits for a handler or for `processChunk`.
extension SyncRun {
  /// Does some work, and tells the observer now and then that it goes on.
  ///
  /// The loop waits meanwhile, and goes on when nobody is being told: there is one call at a time.
  @usableFromInline
  func beating<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    guard let heartbeat = supervision.heartbeat, let observer else { return try await work() }
    let (clock, start, progress) = (clock, start, progress)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        while await Self.pause(heartbeat, on: clock) {
          var now = progress
          now.elapsed = start.duration(to: clock.now)
          observer.syncIsAtWork(now)
        }
      }
      return try await work()
    }
  }

  /// Waits for a task of the sync to end, and tells the observer now and then that it goes on.
  @inlinable
  mutating func nextEnd(of tasks: inout Tasks?) async -> Tasks.End? {
    while true {
      // In a cancelled task a pause ends at once, and another one after it.
      if let heartbeat = supervision.heartbeat, tasks?.isBeating == false, !Task.isCancelled {
        tasks?.isBeating = true
        tasks?.add { [clock] in
          _ = await Self.pause(heartbeat, on: clock)
          return .beat
        }
      }
      let end = await tasks?.next()
      guard case .beat = end else { return end }
      tasks?.isBeating = false
      if !Task.isCancelled { observer?.syncIsAtWork(progress) }
    }
  }

  /// Waits; returns whether the task is not cancelled.
  @usableFromInline
  static func pause(_ time: Duration, on clock: TimeSource) async -> Bool {
    do {
      try await clock.sleep(until: clock.now.advanced(by: time.atMostACentury), tolerance: nil)
    } catch {
      return false
    }
    return !Task.isCancelled
  }
}
