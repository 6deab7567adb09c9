/// How a sync deals with what goes wrong, and whether it was asked to stop.
@usableFromInline
struct Supervision: Sendable {
  @usableFromInline let policy: FailurePolicy
  @usableFromInline let itemTimeout: Duration?
  @usableFromInline let stop: SyncStop?
  /// How often an observer is told that the sync goes on.
  @usableFromInline let heartbeat: Duration?
  /// Whether handlers are retried or timed out.
  @usableFromInline let needsAttempts: Bool

  /// Whether handlers are retried, timed out or watched.
  @usableFromInline let isNeeded: Bool

  @usableFromInline
  init(policy: FailurePolicy, itemTimeout: Duration?, stop: SyncStop?, heartbeat: Duration?) {
    self.policy = policy
    self.itemTimeout = itemTimeout
    self.stop = stop
    self.heartbeat = heartbeat
    needsAttempts = policy.mayRetry || itemTimeout != nil
    isNeeded = needsAttempts || heartbeat != nil
  }

  @usableFromInline
  func validate() throws(SyncArgumentError) {
    if let itemTimeout, itemTimeout <= .zero { throw .itemTimeoutNotPositive(itemTimeout) }
    if let heartbeat, heartbeat <= .zero { throw .heartbeatNotPositive(heartbeat) }
  }

  @inlinable var isStopping: Bool { isStopRequested || Task.isCancelled }

  @inlinable var isStopRequested: Bool { stop?.isRequested ?? false }

  var isStopImmediate: Bool { stop?.isImmediate ?? false }

  /// Gives the open chunk up where that was asked for.
  @usableFromInline
  func checkImmediateStop() throws {
    if isStopImmediate { throw CancellationError() }
  }

  /// Whether an error means that the work was cancelled, not that it failed.
  func isCancellation(_ error: any Error) -> Bool {
    error is CancellationError && isStopping
  }
}

extension SyncRun {
  /// What handles entries within the timeout, as often as the policy allows.
  @usableFromInline var handling: ItemHandling<Handler, TimeSource> {
    ItemHandling(handler: handler, clock: clock, supervision: supervision)
  }

  /// Handles an entry in the task of the loop.
  @usableFromInline
  func attemptToHandle(_ entry: Int, lost: inout Double) async throws -> Handler.Output {
    let (block, position) = entries.find(entry)
    if supervision.heartbeat == nil {
      return try await handling.attempt(position, of: block, lost: &lost)
    }
    var seconds = 0.0
    let output = try await beating {
      try await handling.attempt(position, of: block, lost: &seconds)
    }
    lost = seconds
    return output
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
      key: entries.key(of: chunk.contents.items[offset].entry), phase: phase,
      chunk: chunk.start.number, error: error)
    failures.append(item)
    chunk.failedOffsets.append(offset)
    observer?.syncDidFailItem(item, progress)
  }

  /// The keys of some items of a chunk.
  @usableFromInline
  func keys(of offsets: [Int], in chunk: OpenedChunk) -> [Handler.Key] {
    offsets.map { entries.key(of: chunk.contents.items[$0].entry) }
  }

  /// The failure that ends the sync, with the keys of the chunk that is open.
  @usableFromInline
  mutating func failure(_ error: any Error, openKeys: [Handler.Key]) -> Failure {
    end(.failed, error: error)
    duration = start.duration(to: clock.now)
    return Failure(report: report([]), openKeys: openKeys, underlyingError: error)
  }
}
