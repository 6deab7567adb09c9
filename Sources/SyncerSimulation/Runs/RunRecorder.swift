internal import Synchronization
internal import Syncer
internal import SyncerTesting

/// Keeps what happens in a run: for restarting it, and for checking it.
struct RunRecorder: Sendable {
  let ledger = ProcessedItems()
  let witness = RunWitness()
}

/// Is told what a sync does, and what became of a run.
final class RunWitness: SyncObserver {
  /// What was told.
  struct Account: Sendable, Equatable {
    /// How many items were handled or failed in their handlers.
    var handledCount = 0
    /// The chunks finished, as numbered and sized by their syncs.
    var sizes: [Int] = []
    /// The items that failed, in the order they did, those that failed again included.
    var failed: [Int] = []
    /// The items left open, one list per sync that ended by a failure or a crash.
    var open: [[Int]] = []
    /// Whether a moment was told that lies before one told earlier.
    var hasTimeGoneBack = false
    /// The last moment told, since the start of its sync.
    var elapsed = Duration.zero
    /// Whether virtual time came to its end.
    var hasTimeEnded = false
    /// What became of the items, where the scenario has faults.
    var lost: [Int] = []
    var unfinished: [Int] = []
    var crashes = 0
  }

  private let told = Mutex(Account())

  var account: Account { told.withLock { $0 } }

  var hasTimeEnded: Bool { told.withLock { $0.hasTimeEnded } }

  var failedItems: Set<Int> { Set(told.withLock { $0.failed }) }

  func syncDidStart(_ progress: SyncProgress) { told.withLock { $0.elapsed = .zero } }

  func syncDidHandleItem(_ progress: SyncProgress) {
    told.withLock { told in
      told.handledCount += 1
      told.note(progress)
    }
  }

  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    told.withLock { told in
      told.sizes.append(chunk.size)
      told.note(progress)
    }
  }

  func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    guard let key = item.key as? UInt32 else { return }
    told.withLock { told in
      told.failed.append(Int(key))
      if item.error is VirtualTimeExhausted { told.hasTimeEnded = true }
      told.note(progress)
    }
  }

  func end(with failure: SyncFailure<UInt32>) {
    told.withLock { $0.open.append(failure.openKeys.map(Int.init)) }
  }

  func end(with tally: FaultTally) {
    told.withLock { told in
      told.lost = tally.failed
      told.unfinished = tally.unfinished
      told.crashes = tally.crashes
    }
  }
}

extension RunWitness.Account {
  fileprivate mutating func note(_ progress: SyncProgress) {
    if progress.elapsed < elapsed { hasTimeGoneBack = true }
    elapsed = progress.elapsed
  }
}
