import Syncer
import Testing

@testable import SyncerTesting

/// What virtual time reports instead of hanging or guessing.
struct VirtualTimeTroubleTests {
  /// The error of a run that must have one.
  ///
  /// The grace is as good as endless: work on the global executor comes back as soon as the other
  /// tests leave it a thread, however long that takes.
  private func error(
    limit: Duration = .seconds(1_000_000), grace: Duration = .seconds(86_400),
    jobLimit: Int = 100_000,
    _ body: @escaping @Sendable (VirtualClock) async throws -> Void
  ) async throws -> VirtualTimeError {
    let run = VirtualRun(limit: limit, grace: grace, jobLimit: jobLimit, body)
    let error = await #expect(throws: VirtualTimeError.self) { try await run.resultOfThread() }
    return try #require(error)
  }

  @Test("a deadlock says when it was and what waits, and unwinds what can be cancelled")
  func deadlock() async throws {
    let (stream, feed) = AsyncStream.makeStream(of: Int.self)
    let error = try await error(grace: .zero) { clock in
      try await clock.sleep(for: .milliseconds(1500))
      await clock.labelled("the consumer") {
        for await _ in stream {}
      }
    }
    #expect(error.kind == .deadlock(waited: .zero))
    #expect(error.time == .milliseconds(1500))
    #expect(error.labels == ["the consumer"])
    #expect(
      "\(error)".hasPrefix(
        "At 1.50 s of virtual time nothing can run and the body has not ended, and in 0 s of real "
          + "time nobody came back from elsewhere; 0 tasks sleep on the clock. "
          + "Under way: \"the consumer\". A continuation is never resumed"), "\(error)")
    feed.finish()
  }

  @Test("two tasks that wait for each other are a deadlock")
  func mutualWait() async throws {
    let (first, feedFirst) = AsyncStream.makeStream(of: Int.self)
    let (second, feedSecond) = AsyncStream.makeStream(of: Int.self)
    let error = try await error(grace: .zero) { clock in
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          await clock.labelled("left") { for await _ in first { feedSecond.yield(1) } }
        }
        group.addTask {
          await clock.labelled("right") { for await _ in second { feedFirst.yield(1) } }
        }
      }
    }
    #expect(error.kind == .deadlock(waited: .zero))
    #expect(error.labels == ["left", "right"])
  }

  @Test("a task on another executor that is waited for is found when it comes back")
  func unstructuredTask() async throws {
    let error = try await error { _ in _ = await Task { 1 }.value }
    #expect(error.kind == .escaped(.job))
    #expect("\(error)".contains("Task(executorPreference: clock.executor)"))
    let detached = try await self.error { _ in _ = await Task.detached { 1 }.value }
    #expect(detached.kind == .escaped(.job))
  }

  @Test("a task on another executor that uses the clock is found")
  func foreignSleep() async throws {
    let asleep = try await error { clock in
      try await Task { try await clock.sleep(for: .seconds(1)) }.value
    }
    #expect(asleep.kind == .escaped(.sleep))
    let moved = try await error { clock in
      await Task { clock.advance(by: .seconds(1)) }.value
    }
    #expect(moved.kind == .escaped(.advance))
  }

  @Test("an actor on another executor is found")
  func otherExecutor() async throws {
    let error = try await error { _ in await onMainActor() }
    #expect(error.kind == .escaped(.job))
  }

  @Test("a task started on the clock's executor does not escape")
  func preferred() async throws {
    let time = try await VirtualTime.run { clock in
      let task = Task(executorPreference: clock.executor) {
        try await clock.sleep(for: .seconds(2))
        return clock.now.nanoseconds
      }
      return try await task.value
    }
    #expect(time == 2_000_000_000)
  }

  @Test("tasks left behind asleep are an error; a cancelled one is not")
  func leftBehind() async throws {
    let error = try await error { clock in
      Task(executorPreference: clock.executor) { try await clock.sleep(for: .seconds(2)) }
      await Task.yield()
    }
    #expect(error.kind == .leftBehind)
    #expect(error.sleeperCount == 1)
    try await VirtualTime.run { clock in
      let task = Task(executorPreference: clock.executor) {
        try await clock.sleep(for: .seconds(2))
      }
      await Task.yield()
      task.cancel()
    }
  }

  @Test("a loop that waits for what never happens ends at the limit")
  func limit() async throws {
    let error = try await error(limit: .seconds(3600)) { clock in
      while !Task.isCancelled { try await clock.sleep(for: .seconds(60)) }
    }
    #expect(error.kind == .limit(.seconds(3600)))
    #expect(error.time == .seconds(3600))
    #expect(error.sleeperCount == 1)
  }

  @Test("a loop that spins without letting time pass is a standstill")
  func standstill() async throws {
    let error = try await error { _ in
      while !Task.isCancelled { await Task.yield() }
    }
    #expect(error.kind == .standstill(jobs: 100_000))
  }
}

@MainActor private func onMainActor() {}
