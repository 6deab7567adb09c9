internal import Synchronization
internal import Syncer
internal import SyncerTesting

// A machine that does more than one thing at a time: what takes time sleeps on the clock, and its
// workers go on with the next chunk while the last jobs of the one before run.
extension SimulatedMachine {
  /// Sleeps as long as an item's handling takes; returns that time, under the load of the moment.
  ///
  /// - Throws: `VirtualTimeExhausted`, `CancellationError`.
  func sleepHandling(of item: Int) async throws -> Int64 {
    ledger?.begin()
    defer { ledger?.end() }
    let now = clock.now.nanoseconds
    let time = elapsed(work: workload.handle(item), at: now)
    try await sleep(time, from: now)
    return time
  }

  /// Sleeps as long as the processing of a chunk takes: its overhead, then its items on whatever
  /// workers are free.
  ///
  /// - Returns: the time every item took on its worker, in the order of the items, and the overhead's.
  /// - Throws: `VirtualTimeExhausted`, `CancellationError`.
  func sleepProcessing(
    of items: [HandledItem], overhead: Int64
  ) async throws -> (times: [Int64], overhead: Int64) {
    let begun = clock.now.nanoseconds
    let overheadTime = elapsed(work: overhead, at: begun)
    try await sleep(overheadTime, from: begun)
    if workload.processNanoseconds.isEmpty { return ([], overheadTime) }
    let start = clock.now.nanoseconds
    var end = start
    var times = [Int64](repeating: 0, count: items.count)
    for place in turns(of: items) {
      let (time, done) = assign(workload.process(items[place].item), at: start)
      times[place] = time
      end = max(end, done)
    }
    try await sleep(end - start, from: start)
    return (times, overheadTime)
  }

  /// Lets a process that starts again find all workers free.
  func freeWorkers() {
    state.withLock { state in
      for worker in state.freeAt.indices { state.freeAt[worker] = 0 }
    }
  }

  /// Gives a job to the worker that is free first; returns what it takes, and when it is done.
  private func assign(_ work: Int64, at now: Int64) -> (time: Int64, end: Int64) {
    state.withLock { state in
      var worker = 0
      for other in state.freeAt.indices where state.freeAt[other] < state.freeAt[worker] {
        worker = other
      }
      let start = max(now, state.freeAt[worker])
      let time = state.load.elapsed(work: work, at: start)
      let end = start.adding(saturating: time)
      state.freeAt[worker] = end
      return (time, end)
    }
  }

  private func sleep(_ time: Int64, from now: Int64) async throws {
    let end = end.load(ordering: .relaxed)
    if time > end - now {
      // What dies with the machine is at work until then.
      if end < VirtualClock.limit && end > now {
        try await clock.sleep(for: .nanoseconds(end - now))
      }
      throw VirtualTimeExhausted()
    }
    if time > 0 { try await clock.sleep(for: .nanoseconds(time)) }
  }
}
