import Syncer
import TestSupport
import Testing

@testable import SyncerTesting

struct VirtualTimeTests {
  @Test("forty sleepers take as long as the longest of them, at once")
  func longest() throws {
    let time = try VirtualTime.run { clock in
      let start = clock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for job in 1...40 {
          group.addTask { try await clock.sleep(for: .seconds(job)) }
        }
        try await group.waitForAll()
      }
      return start.duration(to: clock.now)
    }
    #expect(time == .seconds(40))
  }

  @Test("a thousand runs of one program have one log")
  func repetition() throws {
    let first = try VirtualProgram(seed: 1).run()
    #expect(first.count > 120)
    #expect(first.contains { $0.contains("timeout of") } && first.contains { $0.contains("got") })
    #expect(first.contains { $0.hasSuffix("CancellationError") })
    for repetition in 2...1000 {
      let again = try VirtualProgram(seed: 1).run()
      try #require(again == first, "run \(repetition) of VirtualProgram(seed: 1) differs")
    }
    #expect(try VirtualProgram(seed: 2).run() != first)
  }

  @Test("many simulations at once have the log of one alone")
  func manyAtOnce() async throws {
    let alone = try (0..<4).map { try VirtualProgram(seed: $0).run() }
    try await withThrowingTaskGroup(of: (UInt64, [String]).self) { group in
      for run in 0..<100 as Range<UInt64> {
        group.addTask { (run % 4, try VirtualProgram(seed: run % 4).run()) }
      }
      for try await (seed, log) in group {
        #expect(log == alone[Int(seed)], "VirtualProgram(seed: \(seed)) among others")
      }
    }
  }

  @Test("who slept first wakes first, and a deadline passed lets all others go first")
  func order() throws {
    let log = try VirtualTime.run { clock in
      let log = Log()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for name in ["a", "b", "c"] {
          group.addTask {
            try await clock.sleep(for: .seconds(1))
            await log.add(name)
            try await clock.sleep(for: .seconds(-5))
            await log.add("\(name) again")
          }
        }
        try await group.waitForAll()
      }
      return await log.lines
    }
    #expect(log == ["a", "b", "c", "a again", "b again", "c again"])
  }

  @Test("work that advances the clock holds up who sleeps")
  func advancing() throws {
    let woken = try VirtualTime.run { clock in
      async let sleeper = {
        try await clock.sleep(for: .seconds(1))
        return clock.now.nanoseconds
      }()
      await Task.yield()
      clock.advance(by: .seconds(5))
      return try await sleeper
    }
    #expect(woken == 5_000_000_000)
  }

  @Test("what the body throws is thrown")
  func bodyThrows() {
    #expect(throws: Broken(what: "body")) {
      try VirtualTime.run { clock in
        try await clock.sleep(for: .seconds(1))
        throw Broken(what: "body")
      }
    }
  }

  @Test("cancelling the task that runs a simulation cancels its body")
  func cancelledFromOutside() async throws {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try sleepOnThisThread()
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    let other = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await VirtualTime.run { clock in try await clock.sleep(for: .seconds(9)) }
    }
    await #expect(throws: CancellationError.self) { try await other.value }
  }

  @Test("cancelled alarms do not pile up")
  func alarms() throws {
    let time = try VirtualTime.run { clock in
      for _ in 0..<2000 {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await clock.sleep(for: .seconds(3600)) }
          try await clock.sleep(for: .milliseconds(1))
          group.cancelAll()
        }
      }
      return clock.now.nanoseconds
    }
    #expect(time == 2_000_000_000)
    var sleepers = Sleepers()
    #expect(sleepers.nextDeadline() == nil)
    #expect(sleepers.remove(sleepers.issueTicket()) == nil)
  }
}

private func sleepOnThisThread() throws {
  try VirtualTime.run { clock in try await clock.sleep(for: .seconds(9)) }
}
