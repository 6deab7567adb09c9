/// How a sync deals with what goes wrong, and whether it was asked to stop.
@usableFromInline
struct Supervision: Sendable {
  @usableFromInline let policy: FailurePolicy
  @usableFromInline let itemTimeout: Duration?
  @usableFromInline let stop: SyncStop?
  /// Whether handlers are retried or timed out.
  @usableFromInline let isNeeded: Bool

  @usableFromInline
  init(policy: FailurePolicy, itemTimeout: Duration?, stop: SyncStop?) {
    self.policy = policy
    self.itemTimeout = itemTimeout
    self.stop = stop
    isNeeded = policy.mayRetry || itemTimeout != nil
  }

  @usableFromInline
  func validate() throws(SyncArgumentError) {
    if let itemTimeout, itemTimeout <= .zero { throw .itemTimeoutNotPositive(itemTimeout) }
  }

  @inlinable var isStopping: Bool { isStopRequested || Task.isCancelled }

  @inlinable var isStopRequested: Bool { stop?.isRequested ?? false }

  /// Gives the open chunk up where that was asked for.
  @usableFromInline
  func checkImmediateStop() throws {
    if let stop, stop.isImmediate { throw CancellationError() }
  }

  /// Whether an error means that the work was cancelled, not that it failed.
  func isCancellation(_ error: any Error) -> Bool {
    error is CancellationError && isStopping
  }
}

extension SyncRun {
  /// Handles an entry within the timeout, as often as the policy allows.
  ///
  /// `lost` is the seconds of failed attempts and waiting before the one that succeeded.
  @usableFromInline
  func attemptToHandle(_ entry: Int, lost: inout Double) async throws -> Handler.Output {
    let first = clock.now
    var retries = supervision.policy.retries
    while true {
      let begun = clock.now
      do {
        let output = try await handleInTime(entry)
        lost = first.duration(to: begun).inSeconds
        return output
      } catch {
        guard let wait = retries.wait(after: error) else { throw error }
        if !supervision.isStopping { try await sleep(wait) }
        // The item is left to the next sync: it has not failed for good.
        if supervision.isStopping { throw CancellationError() }
      }
    }
  }

  /// Waits before the next attempt; not to the end where the task is cancelled meanwhile.
  func sleep(_ wait: Duration) async throws {
    if wait == .zero { return }
    do {
      try await clock.sleep(until: clock.now.advanced(by: wait.atMostACentury), tolerance: nil)
    } catch is CancellationError where Task.isCancelled {
      // Whoever waits looks at the cancellation.
    }
  }

  private func handleInTime(_ entry: Int) async throws -> Handler.Output {
    guard let limit = supervision.itemTimeout else {
      return try await handler.handle(entry, of: entries)
    }
    let deadline = clock.now.advanced(by: limit.atMostACentury)
    return try await withThrowingTaskGroup(of: Handler.Output?.self) {
      [handler, entries, clock] group in
      defer { group.cancelAll() }
      group.addTask {
        try await handler.handle(entry, of: entries)
      }
      group.addTask {
        do { try await clock.sleep(until: deadline, tolerance: nil) } catch { return nil }
        throw ItemTimedOut(limit: limit)
      }
      while let output = try await group.next() {
        // Nil is the alarm, cancelled with the sync: what the handler still makes is not lost.
        if let output { return output }
      }
      throw CancellationError()
    }
  }

  /// Lists an item of the chunk as failed; where the policy does not allow that, throws the error.
  @usableFromInline
  mutating func isolate(
    _ offset: Int, _ phase: FailedItem<Handler.Key>.Phase, in chunk: inout OpenedChunk,
    _ error: any Error
  ) throws {
    guard let maximum = supervision.policy.maximumErrors, failures.count < maximum else {
      throw error
    }
    let item = FailedItem(
      key: entries.keys[chunk.contents.items[offset].entry], phase: phase,
      chunk: chunk.start.number, error: error)
    failures.append(item)
    chunk.failedOffsets.append(offset)
    observer?.syncDidFailItem(item, progress)
  }

  /// The keys of some items of a chunk.
  @usableFromInline
  func keys(of offsets: [Int], in chunk: OpenedChunk) -> [Handler.Key] {
    offsets.map { entries.keys[chunk.contents.items[$0].entry] }
  }

  /// The failure that ends the sync, with the keys of the chunk that is open.
  @usableFromInline
  mutating func failure(_ error: any Error, openKeys: [Handler.Key]) -> Failure {
    end(.failed, error: error)
    duration = start.duration(to: clock.now)
    return Failure(report: report([]), openKeys: openKeys, underlyingError: error)
  }
}
