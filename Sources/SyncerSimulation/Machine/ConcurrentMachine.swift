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
  /// - Returns: the time every item took on its worker, in the order of the items.
  /// - Throws: `VirtualTimeExhausted`, `CancellationError`.
  func sleepProcessing(of items: [HandledItem], chunk number: Int) async throws -> [Int64] {
    let overhead = overhead(ofChunk: number)
    let begun = clock.now.nanoseconds
    let overheadTime = elapsed(work: overhead, at: begun)
    try await sleep(overheadTime, from: begun)
    var times: [Int64] = []
    if !workload.processNanoseconds.isEmpty {
      let start = clock.now.nanoseconds
      var end = start
      times = [Int64](repeating: 0, count: items.count)
      for place in turns(of: items) {
        let (time, done) = assign(workload.process(items[place].item), at: start)
        times[place] = time
        end = max(end, done)
      }
      try await sleep(end - start, from: start)
    }
    ledger?.add(items, chunk: number)
    state.withLock { state in
      state.meter.add(
        items, times, workload, workers: workers, overhead: overhead, took: overheadTime,
        handlersAtOnce: handlersAtOnce)
      state.truths[number] = state.meter.take()
    }
    return times
  }

  /// What a chunk really cost.
  func takeTruth(ofChunk number: Int) -> ChunkTruth {
    state.withLock { $0.truths.removeValue(forKey: number) ?? ChunkTruth() }
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
    if time > VirtualClock.limit - now { throw VirtualTimeExhausted() }
    if time > 0 { try await clock.sleep(for: .nanoseconds(time)) }
  }
}
