internal import Synchronization

/// Asks a running sync to stop, from anywhere, in two stages.
///
/// Unlike cancelling the task it disturbs nothing that is running: neither a handler nor
/// `processChunk` sees it. One value may stop several syncs.
public final class SyncStop: Sendable {
  private let stage = Atomic<UInt8>(0)

  /// Makes a value that stops nothing yet.
  public init() {}

  /// The open chunk takes no more items and is processed; the sync then ends as cancelled.
  public func finishChunk() {
    _ = stage.compareExchange(expected: 0, desired: 1, ordering: .relaxed)
  }

  /// The item or chunk at work is waited for, and nothing more is begun: the sync ends with
  /// `SyncFailure`, which names the items that were handled and not processed.
  public func endAtOnce() {
    stage.store(2, ordering: .relaxed)
  }

  /// Whether the sync was asked to stop, in either stage.
  public var isRequested: Bool { stage.load(ordering: .relaxed) > 0 }

  /// Whether the open chunk is to be given up.
  public var isImmediate: Bool { stage.load(ordering: .relaxed) == 2 }
}
