internal import Foundation
internal import Synchronization

/// A body on virtual time and the loop that runs it: jobs while there are any, then time.
struct VirtualRun<Value: Sendable>: Sendable {
  private let executor: VirtualTimeExecutor
  private let clock: VirtualClock
  private let limit: Duration
  private let grace: Duration
  private let jobLimit: Int
  private let ending: Ending<Value>
  private let task: Task<Void, Never>

  /// Queues the body; its task inherits the task-local values of the caller.
  ///
  /// More than `jobLimit` jobs at one moment of virtual time count as a standstill.
  init(
    limit: Duration, grace: Duration, jobLimit: Int = 20_000_000,
    _ body: @escaping @Sendable (VirtualClock) async throws -> Value
  ) {
    precondition(limit >= .zero, "The limit of a run must not be negative, but it is \(limit).")
    let executor = VirtualTimeExecutor()
    let clock = VirtualClock(executor: executor)
    let ending = Ending<Value>()
    self.executor = executor
    self.clock = clock
    self.limit = limit
    self.grace = grace
    self.jobLimit = jobLimit
    self.ending = ending
    task = Task(executorPreference: executor) {
      do {
        ending.set(.success(try await body(clock)))
      } catch {
        ending.set(.failure(error))
      }
    }
  }

  /// Runs the loop on a thread of its own.
  func resultOfThread() async throws -> Value {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result { try result() }) }
        thread.stackSize = 8 << 20
        thread.start()
      }
    } onCancel: {
      executor.cancel()
    }
  }

  /// Runs the loop on this thread.
  func result() throws -> Value {
    executor.begin()
    var hasCancelled = false
    var jobCount = 0
    while true {
      while executor.runNextJob() {
        jobCount += 1
        if jobCount > jobLimit { throw giveUp(.standstill(jobs: jobLimit)) }
        if !hasCancelled && isCancelled {
          hasCancelled = true
          task.cancel()
        }
      }
      if let escape = executor.escape { throw giveUp(.escaped(escape)) }
      if let result = ending.result {
        if executor.sleeperCount > 0 { throw giveUp(.leftBehind) }
        return try result.get()
      }
      if !hasCancelled && isCancelled {
        hasCancelled = true
        task.cancel()
      } else if let deadline = executor.nextDeadline() {
        if deadline > limit.clockNanoseconds { throw giveUp(.limit(limit)) }
        let step = deadline - clock.now.nanoseconds
        if step > 0 {
          jobCount = 0
          clock.advance(nanoseconds: step)
        }
        executor.wakeNext()
      } else if !executor.waitForArrival(atMost: grace) {
        throw giveUp(.deadlock(waited: grace))
      }
    }
  }

  private var isCancelled: Bool { executor.isCancelled || Task.isCancelled }

  /// Cancels the body and lets what can run without time moving unwind.
  private func giveUp(_ kind: VirtualTimeError.Kind) -> VirtualTimeError {
    let error = VirtualTimeError(kind, executor: executor, clock)
    task.cancel()
    var jobCount = 0
    repeat {
      while jobCount < jobLimit, executor.unwindNextJob() { jobCount += 1 }
    } while jobCount < jobLimit && ending.result == nil && executor.waitForArrival(atMost: grace)
    return error
  }
}

/// How a body ended.
private final class Ending<Value: Sendable>: Sendable {
  private let kept = Mutex<Result<Value, any Error>?>(nil)

  var result: Result<Value, any Error>? { kept.withLock { $0 } }

  func set(_ result: Result<Value, any Error>) { kept.withLock { $0 = result } }
}
