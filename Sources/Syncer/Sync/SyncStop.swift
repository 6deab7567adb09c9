internal import Synchronization

/// A switch that stops a running sync in two stages, from anywhere.
///
/// Unlike cancellation of the task, handlers and `processChunk` do not see it. One switch may stop
/// several syncs.
public final class SyncStop: Sendable {
  private let stage = Atomic<UInt8>(0)

  /// Creates a switch that stops nothing yet.
  public init() {}

  /// Lets the open chunk be processed with the items it has; the sync then ends as cancelled.
  public func finishChunk() {
    _ = stage.compareExchange(expected: 0, desired: 1, ordering: .relaxed)
  }

  /// Lets the running call end and begins nothing more; the sync then ends with `SyncFailure`.
  ///
  /// The failure names the items that were handled and not processed.
  public func endAtOnce() {
    stage.store(2, ordering: .relaxed)
  }

  /// Whether the sync was asked to stop, at either stage.
  public var isRequested: Bool { stage.load(ordering: .relaxed) > 0 }

  /// Whether the sync was asked to give up the open chunk.
  public var isImmediate: Bool { stage.load(ordering: .relaxed) == 2 }
}
