internal import SyncerTesting

/// Work handed to the worker that is free first, in order: a router without priorities.
///
/// A job costs the logarithm of the number of workers that have one.
struct WorkerSchedule {
  private struct Worker: Comparable {
    var freeAt: Int64
    var number: Int

    static func < (left: Worker, right: Worker) -> Bool {
      (left.freeAt, left.number) < (right.freeAt, right.number)
    }
  }

  private let workers: Int
  /// The workers that had a job.
  private var busy = Heap<Worker>()
  private(set) var makespan: Int64 = 0

  init(workers: Int) {
    self.workers = workers
  }

  /// Adds a job; returns when it starts and ends.
  @discardableResult
  mutating func add(_ work: Int64) -> (start: Int64, end: Int64) {
    var start: Int64 = 0
    // A worker without a job is free from the start.
    if let first = busy.min, busy.count == workers || first.freeAt == 0 {
      start = first.freeAt
      busy.replaceMin(
        with: Worker(freeAt: start.adding(saturating: work), number: first.number))
    } else {
      busy.insert(Worker(freeAt: work, number: busy.count))
    }
    let end = start.adding(saturating: work)
    makespan = max(makespan, end)
    return (start, end)
  }
}
