internal import Syncer

/// An event on its way through a router.
struct RouterJob<Event: Hashable & Sendable>: Sendable {
  /// The number of the job in its router, from 0.
  var number = 0
  let event: Event
  let position: Int
  let outlet: Outlet<Event>

  func end(_ outcome: RoutedEvent<Event>.Outcome, after duration: Duration = .zero) {
    outlet.put(
      RoutedEvent(event: event, position: position, outcome: outcome, duration: duration))
  }
}

/// Who does what in a router: the state behind its lock, without anything that waits.
struct RouterBoard<Event: Hashable & Sendable>: Sendable {
  typealias Job = RouterJob<Event>
  typealias Worker = CheckedContinuation<Job?, Never>

  /// What a worker that asks for a job is told.
  enum Answer {
    case job(Job)
    case wait
    case end
  }

  private var queue = FIFO<Job>()
  /// The events that run, and the jobs of equal events that wait for them.
  private var running: [Event: FIFO<Job>] = [:]
  private var idle = FIFO<Worker>()
  private var jobCount = 0
  private(set) var hasRun = false
  private(set) var shutdown: RouterShutdown?
  private var workerCount = 0
  /// Waits for the workers to leave, or for the reason to make them.
  private var overseer: CheckedContinuation<Void, Never>?

  mutating func begin(workers: Int) {
    precondition(!hasRun, "A router runs once; make another one.")
    hasRun = true
    workerCount = workers
  }

  /// Queues jobs; returns those that idle workers take at once, or nil after the shutdown.
  mutating func add(_ jobs: [Job]) -> [(worker: Worker, job: Job)]? {
    if shutdown != nil { return nil }
    for var job in jobs {
      job.number = jobCount
      jobCount += 1
      queue.append(job)
    }
    var taken: [(Worker, Job)] = []
    while !idle.isEmpty, let job = take(), let worker = idle.popFirst() {
      taken.append((worker, job))
    }
    return taken
  }

  /// Answers a worker; one that has to wait is called when there is a job.
  mutating func answer(_ worker: Worker) -> Answer {
    if let job = take() { return .job(job) }
    if shutdown != nil { return .end }
    idle.append(worker)
    return .wait
  }

  /// The next job whose event does not run already.
  private mutating func take() -> Job? {
    while let job = queue.popFirst() {
      if running[job.event]?.append(job) == nil {
        running[job.event] = FIFO()
        return job
      }
    }
    return nil
  }

  /// Ends a job; returns the next one of an equal event, for the same worker.
  mutating func finish(_ job: Job) -> Job? {
    let next = running[job.event]?.popFirst()
    if next == nil { running[job.event] = nil }
    return next
  }

  /// Takes no more jobs; returns those that were not begun, the idle workers and the overseer.
  mutating func close(
    _ urgency: RouterShutdown
  ) -> (jobs: [Job], idle: [Worker], overseer: CheckedContinuation<Void, Never>?) {
    if shutdown != .immediate { shutdown = urgency }
    var jobs: [Job] = []
    while let job = queue.popFirst() { jobs.append(job) }
    for event in running.keys {
      while let job = running[event]?.popFirst() { jobs.append(job) }
    }
    var workers: [Worker] = []
    while let worker = idle.popFirst() { workers.append(worker) }
    // The order of a dictionary must not reach the outcomes.
    return (
      jobs.sorted { $0.number < $1.number }, workers,
      shutdown == .immediate ? takeOverseer() : nil
    )
  }

  /// A worker has left; returns the overseer with the last one.
  mutating func leave() -> CheckedContinuation<Void, Never>? {
    workerCount -= 1
    return workerCount == 0 ? takeOverseer() : nil
  }

  /// Keeps the overseer; false where there is nothing to wait for.
  mutating func wait(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
    if workerCount == 0 || shutdown == .immediate { return false }
    overseer = continuation
    return true
  }

  private mutating func takeOverseer() -> CheckedContinuation<Void, Never>? {
    defer { overseer = nil }
    return overseer
  }
}
