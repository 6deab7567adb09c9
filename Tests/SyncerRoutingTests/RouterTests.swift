import Syncer
import SyncerRouting
import SyncerTesting
import TestSupport
import Testing

/// Routers on virtual time, case by case.
struct RouterTests {
  private typealias During =
    @Sendable (Router<String, VirtualClock>, VirtualClock) async throws
    -> Void

  /// Submits events that sleep as many seconds as they say; returns lines of outcomes.
  private func lines(
    workers: Int, _ events: [String],
    routes: (@Sendable (VirtualClock) throws -> [Route<String>])? = nil,
    during: @escaping During = { _, _ in }
  ) throws -> [String] {
    try VirtualTime.run(grace: .zero) { clock in
      let made =
        try routes?(clock) ?? [
          Route(try Glob("sleep/*")) { event in
            try await clock.sleep(for: .seconds(Int(event.dropFirst(6)) ?? 0))
          },
          Route(try Glob("fail/*")) { throw Broken(what: $0) },
        ]
      let router = Router(workers: workers, clock: clock, routes: made)
      return try await router.running {
        async let other: Void = during(router, clock)
        var lines: [String] = []
        for await done in router.submit(events) {
          lines.append(
            "\(clock.now.nanoseconds / 1_000_000_000) \(done.position) \(done.event) "
              + "\(done.outcome) \(done.duration)")
        }
        try await other
        return lines
      }
    }
  }

  @Test("events end as they are done, with their own time and not that in the queue")
  func completionOrder() throws {
    let lines = try lines(workers: 2, ["sleep/3", "sleep/1", "fail/x", "other", "sleep/1"])
    #expect(
      lines == [
        "1 1 sleep/1 succeeded 1.0 seconds",
        "1 2 fail/x failed(TestSupport.Broken(what: \"fail/x\")) 0.0 seconds",
        "1 3 other unmatched 0.0 seconds", "2 4 sleep/1 succeeded 1.0 seconds",
        "3 0 sleep/3 succeeded 3.0 seconds",
      ])
  }

  @Test("an event waits for its equal to end, and others overtake it")
  func equalEvents() throws {
    let lines = try lines(workers: 3, ["sleep/2", "sleep/2", "sleep/3", "sleep/2"])
    #expect(
      lines.map { $0.prefix(3) } == ["2 0", "3 2", "4 1", "6 3"])
  }

  @Test("all matching routes run, in order, even after one has failed; the first error counts")
  func severalRoutes() throws {
    let log = Log()
    let routes: [Route<String>] = [
      Route(where: { $0.hasPrefix("a") }) { _ in await log.add("first") },
      Route(try Glob("*.txt")) { _ in throw Broken(what: "second") },
      Route(where: { $0.isEmpty }) { _ in await log.add("never") },
      Route(try Glob("*"), of: { $0 }) { _ in
        await log.add("fourth")
        throw Broken(what: "fourth")
      },
    ]
    let lines = try lines(workers: 1, ["a.txt"], routes: { _ in routes })
    #expect(lines.count == 1 && lines[0].contains("second"))
    let called = try VirtualTime.run { _ in await log.lines }
    #expect(called == ["first", "fourth"])
  }

  @Test("a graceful shutdown cancels what is queued; what runs goes on")
  func graceful() throws {
    let during: During = { router, clock in
      try await clock.sleep(for: .seconds(1))
      router.shutdown()
      let refused = await Array(collecting: router.submit(["late"]))
      #expect(refused.map { "\($0.outcome)" } == ["cancelled"])
    }
    let events = ["sleep/5", "sleep/6", "sleep/7", "sleep/5"]
    let lines = try lines(workers: 2, events, during: during)
    #expect(
      lines == [
        "1 2 sleep/7 cancelled 0.0 seconds", "1 3 sleep/5 cancelled 0.0 seconds",
        "5 0 sleep/5 succeeded 5.0 seconds", "6 1 sleep/6 succeeded 6.0 seconds",
      ])
  }

  @Test("an immediate shutdown cancels what runs too, also after a graceful one")
  func immediate() throws {
    let during: During = { router, clock in
      try await clock.sleep(for: .seconds(1))
      router.shutdown()
      try await clock.sleep(for: .seconds(1))
      router.shutdown(.immediate)
      router.shutdown(.graceful)
    }
    let lines = try lines(workers: 2, ["sleep/5", "sleep/6", "sleep/7"], during: during)
    #expect(
      lines == [
        "1 2 sleep/7 cancelled 0.0 seconds", "2 0 sleep/5 cancelled 2.0 seconds",
        "2 1 sleep/6 cancelled 2.0 seconds",
      ])
  }

  @Test("cancelling the task a router runs in cancels its events, and none is without an outcome")
  func cancelled() throws {
    let outcomes = try VirtualTime.run(grace: .zero) { clock in
      let router = Router(
        workers: 1, clock: clock,
        routes: [
          Route(where: { (_: Int) in true }) { _ in try await clock.sleep(for: .seconds(9)) }
        ])
      return await withTaskGroup(of: Void.self) { group in
        group.addTask { await router.run() }
        let submitted = router.submit([1, 2, 3])
        await Task.yield()
        group.cancelAll()
        return await Array(collecting: submitted).map { "\($0.event) \($0.outcome)" }
      }
    }
    #expect(Set(outcomes) == ["1 cancelled", "2 cancelled", "3 cancelled"])
  }

  @Test("work that throws shuts its router down at once")
  func throwingWork() throws {
    let time = try VirtualTime.run(grace: .zero) { clock in
      let router = Router(
        workers: 1, clock: clock,
        routes: [
          Route(where: { (_: Int) in true }) { _ in try await clock.sleep(for: .seconds(9)) }
        ])
      do {
        try await router.running {
          _ = router.submit([1])
          try await clock.sleep(for: .seconds(1))
          throw Broken(what: "work")
        }
      } catch is Broken {}
      return clock.now.nanoseconds
    }
    #expect(time == 1_000_000_000)
  }

  @Test("events submitted to a router that never runs are a deadlock; nothing submitted is nothing")
  func neverRun() throws {
    let error = #expect(throws: VirtualTimeError.self) {
      try VirtualTime.run(grace: .zero) { clock in
        let router = Router<Int, VirtualClock>(workers: 1, clock: clock, routes: [])
        #expect(await Array(collecting: router.submit([])).isEmpty)
        _ = await Array(collecting: router.submit([1]))
      }
    }
    #expect(error?.kind == .deadlock(waited: .zero))
  }
}

extension Array {
  /// The elements of a sequence that does not fail.
  init<Elements: AsyncSequence<Element, Never>>(collecting elements: Elements) async {
    self = []
    for await element in elements { append(element) }
  }
}
