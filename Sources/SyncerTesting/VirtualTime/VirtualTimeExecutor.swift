internal import Foundation
internal import Synchronization
internal import Syncer

/// An executor that runs concurrent code on one thread and on virtual time, repeatably.
///
/// Ready jobs run in the order in which they became ready. When none is ready, the clock advances
/// to the earliest deadline of the sleeping tasks; of two with the same deadline, the one that
/// slept first wakes first. `VirtualTime.run(limit:grace:_:)` makes one and runs its loop.
///
/// Child tasks (task groups, `async let`) and default actors follow their task to this executor.
/// `Task { }` does not: start it as `Task(executorPreference: clock.executor)`.
public final class VirtualTimeExecutor: TaskExecutor {
  private struct State {
    var ready = FIFO<UnownedJob>()
    var sleepers = Sleepers()
    var labels: [Int: String] = [:]
    var labelCount = 0
    var escape: EscapedWork?
  }

  private let state = Mutex(State())
  /// The thread of the loop; 0 before it begins.
  private let thread = Atomic<UInt>(0)
  private let cancelled = Atomic<Bool>(false)
  /// Signalled for every job that another thread hands over.
  private let arrivals = DispatchSemaphore(value: 0)

  init() {}

  /// Queues a job; a job from another thread is work that escaped or returns.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isForeign = !isOnLoop
    state.withLock { state in
      state.ready.append(job)
      if isForeign { state.escape = state.escape ?? .job }
    }
    if isForeign { arrivals.signal() }
  }

  /// Whether this is the thread of the loop.
  private var isOnLoop: Bool {
    let loop = thread.load(ordering: .relaxed)
    return loop == 0 || loop == Self.currentThread
  }

  private static var currentThread: UInt {
    #if canImport(Darwin)
      UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }
}

extension VirtualTimeExecutor {
  /// Makes this thread the loop's.
  func begin() {
    thread.store(Self.currentThread, ordering: .relaxed)
  }

  /// Asks the loop to cancel its body.
  func cancel() {
    cancelled.store(true, ordering: .relaxed)
    arrivals.signal()
  }

  var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// What makes the run's outcome depend on more than the program, the first that was seen.
  var escape: EscapedWork? { state.withLock { $0.escape } }

  var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  /// The labels of the work that is under way, in the order it began.
  var labels: [String] {
    state.withLock { state in state.labels.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// Runs the job that became ready first; false where there is none, or where work escaped.
  func runNextJob() -> Bool {
    let next = state.withLock { $0.escape == nil ? $0.ready.popFirst() : nil }
    guard let next else { return false }
    next.runSynchronously(on: asUnownedTaskExecutor())
    return true
  }

  /// Runs a job of a run that is given up.
  func unwindNextJob() -> Bool {
    guard let next = state.withLock({ $0.ready.popFirst() }) else { return false }
    next.runSynchronously(on: asUnownedTaskExecutor())
    return true
  }

  /// The deadline of who wakes next, in nanoseconds.
  func nextDeadline() -> Int64? { state.withLock { $0.sleepers.nextDeadline() } }

  /// Wakes who sleeps with the earliest deadline.
  func wakeNext() {
    state.withLock { $0.sleepers.popNext() }?.resume()
  }

  /// Waits, in real time, for another thread to hand a job over.
  ///
  /// A signal may be that of a job that ran already: the next call then waits.
  func waitForArrival(atMost grace: Duration) -> Bool {
    arrivals.wait(timeout: .now() + grace.inSeconds) == .success
  }

  /// Suspends until the clock shows the deadline; one that has passed is now, after all others.
  ///
  /// - Throws: `CancellationError`; `VirtualTimeError` for a task of another executor.
  func sleep(until deadline: Int64, on clock: VirtualClock) async throws {
    if notes(.sleep) { throw VirtualTimeError(.escaped(.sleep), executor: self, clock) }
    try Task.checkCancellation()
    let ticket = state.withLock { $0.sleepers.issueTicket() }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let deadline = max(deadline, clock.now.nanoseconds)
        state.withLock { $0.sleepers.add(ticket, until: deadline, continuation) }
        // A task cancelled before this had nobody to wake.
        if Task.isCancelled { cancelSleep(ticket) }
      }
    } onCancel: {
      cancelSleep(ticket)
    }
  }

  private func cancelSleep(_ ticket: Int) {
    state.withLock { $0.sleepers.remove(ticket) }?.resume(throwing: CancellationError())
  }

  /// Whether this is another thread than the loop's; if so, notes what it does.
  func notes(_ work: EscapedWork) -> Bool {
    if isOnLoop { return false }
    state.withLock { $0.escape = $0.escape ?? work }
    arrivals.signal()
    return true
  }

  /// Shows a label in errors until it is taken back.
  func addLabel(_ label: String) -> Int {
    state.withLock { state in
      state.labelCount += 1
      state.labels[state.labelCount] = label
      return state.labelCount
    }
  }

  func removeLabel(_ number: Int) {
    state.withLock { _ = $0.labels.removeValue(forKey: number) }
  }
}

/// Work that left the executor of virtual time.
public enum EscapedWork: Sendable, Equatable {
  /// A task of the run was resumed from another thread.
  case job
  /// A task on another executor slept on the clock.
  case sleep
  /// A task on another executor advanced the clock.
  case advance
}
