// Your own concurrent code on virtual time: an hour in a moment, and always the same hour.
import SyncerTesting

/// Asks again and again, on any clock, until an answer comes within the timeout.
func ask(clock: some Clock<Duration>, timeout: Duration) async throws -> Int {
  for attempt in 1... {
    let answer = try await withThrowingTaskGroup(of: Int?.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        try await clock.sleep(for: .seconds(90 - 10 * attempt))  // a server that warms up
        return attempt
      }
      group.addTask {
        try await clock.sleep(for: timeout)
        return nil
      }
      return try await group.next() ?? nil
    }
    if let answer { return answer }
  }
  return 0
}

let (attempts, time) = try VirtualTime.run { clock in
  let start = clock.now
  let attempts = try await ask(clock: clock, timeout: .seconds(45))
  return (attempts, start.duration(to: clock.now))
}
print("\(attempts) attempts, \(time)")  // in a test: #expect(time == .seconds(220))
