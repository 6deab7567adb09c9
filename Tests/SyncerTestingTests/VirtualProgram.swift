import Syncer
import SyncerTesting
import TestSupport

/// A program with everything that has to be repeatable: workers that sleep, an actor, a stream, a
/// race against a timeout and a cancellation; it returns what happened, in order.
struct VirtualProgram {
  let seed: UInt64

  func run() throws -> [String] {
    try VirtualTime.run { clock in
      let log = Log()
      let (stream, feed) = AsyncStream.makeStream(of: Int.self)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for await number in stream { await log.add("\(clock.now.nanoseconds) got \(number)") }
        }
        try await workers(clock, log, feed)
        feed.finish()
        try await group.waitForAll()
      }
      await log.add("\(clock.now.nanoseconds) end")
      return await log.lines
    }
  }

  private func workers(
    _ clock: VirtualClock, _ log: Log, _ feed: AsyncStream<Int>.Continuation
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<40 {
        group.addTask {
          var generator = SplitMix64(seed: seed &* 41 &+ UInt64(worker))
          for round in 0..<2 {
            try await clock.sleep(for: .milliseconds(generator.next(below: 50)))
            await log.add("\(clock.now.nanoseconds) worker \(worker) round \(round)")
            if generator.next(below: 4) == 0 { feed.yield(worker) }
          }
          let late = Duration.milliseconds(generator.next(below: 40))
          let winner = try await race(late, against: .milliseconds(20), clock)
          await log.add("\(clock.now.nanoseconds) \(winner) of \(worker)")
        }
      }
      group.addTask {
        async let first: Void = clock.sleep(for: .milliseconds(30))
        async let second: Void = clock.sleep(for: .seconds(3600))
        try await first
        await log.add("\(clock.now.nanoseconds) cancelling")
        withUnsafeCurrentTask { $0?.cancel() }
        do {
          try await second
        } catch {
          await log.add("\(clock.now.nanoseconds) \(type(of: error))")
        }
      }
      try await group.waitForAll()
    }
  }

  private func race(
    _ late: Duration, against timeout: Duration, _ clock: VirtualClock
  ) async throws -> String {
    try await withThrowingTaskGroup(of: String.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        try await clock.sleep(for: late)
        return "work"
      }
      group.addTask {
        try await clock.sleep(for: timeout)
        return "timeout"
      }
      return try await group.next() ?? "nothing"
    }
  }
}
