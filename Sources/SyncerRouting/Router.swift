internal import Synchronization
internal import Syncer

/// Runs the callbacks of events, several at once, and tells how each event ended and what it took.
///
/// ```swift
/// let router = Router(workers: 4, routes: [
///   Route(try Glob("*.wav")) { path in try await transcribe(path) },
///   Route(try Glob("*.txt")) { path in try await index(path) },
/// ])
/// await router.running {
///   for await done in router.submit(["a.wav", "b.txt"]) {
///     print(done.event, done.outcome, done.duration)
///   }
/// }
/// ```
///
/// Events are begun in the order they were submitted. An event that equals one at work waits until
/// that one has ended; others overtake it. All callbacks whose routes match run, one after the
/// other, in the order of the routes, even after one of them threw; the first error is the event's
/// outcome.
///
/// The workers are child tasks of whoever calls `run()` or `running(isolation:_:)`: work belongs to
/// that task, not to those who submit.
public final class Router<Event: Hashable & Sendable, TimeSource: Clock<Duration>>: Sendable
where TimeSource: Sendable {
  /// The most events at work at once.
  public let workers: Int
  /// What is done with which events.
  public let routes: [Route<Event>]
  /// What events are timed with.
  public let clock: TimeSource
  private let board = Mutex(RouterBoard<Event>())

  /// Makes a router.
  ///
  /// - Parameters:
  ///   - workers: The most events at work at once, at least 1.
  ///   - clock: What events are timed with.
  ///   - routes: What is done with which events.
  public init(
    workers: Int, clock: TimeSource = ContinuousClock(), routes: [Route<Event>]
  ) {
    precondition(workers >= 1, "A router needs at least 1 worker, but has \(workers).")
    self.workers = workers
    self.clock = clock
    self.routes = routes
  }

  /// Submits events; their outcomes come one by one as the events are done.
  ///
  /// Nothing is begun before the router runs. After its shutdown every event is cancelled at once.
  public func submit(_ events: some Sequence<Event>) -> RoutedEvents<Event> {
    let events = Array(events)
    let outlet = Outlet<Event>(eventCount: events.count)
    let jobs = events.enumerated().map {
      RouterJob(event: $0.element, position: $0.offset, outlet: outlet)
    }
    if let taken = board.withLock({ $0.add(jobs) }) {
      for (worker, job) in taken { worker.resume(returning: job) }
    } else {
      for job in jobs { job.end(.cancelled) }
    }
    return RoutedEvents(outlet: outlet)
  }

  /// Works off what is submitted until the router is shut down, and what is at work has ended.
  ///
  /// A router runs once. Cancelling the task shuts it down at once.
  public func run() async {
    board.withLock { $0.begin(workers: workers) }
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup { group in
        for _ in 0..<workers {
          group.addTask { await self.work() }
        }
        await waitForEnd()
        if board.withLock({ $0.shutdown == .immediate }) { group.cancelAll() }
      }
    } onCancel: {
      shutdown(.immediate)
    }
  }

  /// Runs the router while some work goes on, and shuts it down after it.
  ///
  /// When the work throws, the router is shut down at once.
  ///
  /// - Returns: what the work returns, when all that was begun has ended.
  public func running<Value>(
    isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> Value
  ) async rethrows -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.run() }
      let value = try await work()
      shutdown()
      return value
    }
  }

  /// Ends the router: it takes no more events, and those not begun are cancelled.
  ///
  /// May be called from anywhere, and again with more urgency.
  public func shutdown(_ urgency: RouterShutdown = .graceful) {
    let (jobs, idle, overseer) = board.withLock { $0.close(urgency) }
    for job in jobs { job.end(.cancelled) }
    for worker in idle { worker.resume(returning: nil) }
    overseer?.resume()
  }

  private func work() async {
    var job = await nextJob()
    while let current = job {
      await perform(current)
      job = board.withLock { $0.finish(current) }
      if job == nil { job = await nextJob() }
    }
    board.withLock { $0.leave() }?.resume()
  }

  private func nextJob() async -> RouterJob<Event>? {
    await withCheckedContinuation { worker in
      switch board.withLock({ $0.answer(worker) }) {
      case .job(let job): worker.resume(returning: job)
      case .end: worker.resume(returning: nil)
      case .wait: break
      }
    }
  }

  private func perform(_ job: RouterJob<Event>) async {
    let start = clock.now
    var outcome = RoutedEvent<Event>.Outcome.unmatched
    for route in routes where route.matches(job.event) {
      if Task.isCancelled {
        outcome = .cancelled
        break
      }
      do {
        try await route.callback(job.event)
        if case .unmatched = outcome { outcome = .succeeded }
      } catch is CancellationError where Task.isCancelled {
        outcome = .cancelled
        break
      } catch {
        if case .failed = outcome { continue }
        outcome = .failed(error)
      }
    }
    job.end(outcome, after: start.duration(to: clock.now))
  }

  private func waitForEnd() async {
    await withCheckedContinuation { overseer in
      if !board.withLock({ $0.wait(overseer) }) { overseer.resume() }
    }
  }
}

/// What becomes of the events at work when a router ends.
public enum RouterShutdown: Sendable, Equatable {
  /// They go on to their end.
  case graceful
  /// They are cancelled and waited for.
  case immediate
}
