/// Jobs handed to the worker that is free first: how long the last of them takes.
struct WorkQueue: Sendable {
  private var busy: [Double]
  /// Seconds until the last worker is done.
  private(set) var makespan = 0.0

  init(workers: Int) {
    busy = [Double](repeating: 0, count: max(1, workers))
  }

  private var freest: Int {
    var freest = 0
    for worker in 1..<max(1, busy.count) where busy[worker] < busy[freest] { freest = worker }
    return freest
  }

  /// How much later the last worker is done with one more job.
  func growth(_ seconds: Double) -> Double { max(0, busy[freest] + seconds - makespan) }

  /// Adds a job.
  mutating func add(_ seconds: Double) {
    let worker = freest
    busy[worker] += seconds
    makespan = max(makespan, busy[worker])
  }
}
