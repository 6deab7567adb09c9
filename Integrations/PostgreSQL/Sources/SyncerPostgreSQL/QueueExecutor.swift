internal import Dispatch

/// Runs an actor on a queue of its own: calls that block take no thread from other tasks.
final class QueueExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "SyncerPostgreSQL")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
