/// Several observers of one sync: each is told everything, one after the other.
public struct ObserverGroup: SyncObserver {
  /// The observers, in the order they are told.
  public var observers: [any SyncObserver]

  /// Makes a group.
  public init(_ observers: [any SyncObserver]) {
    self.observers = observers
  }

  /// Tells all.
  public func syncDidStart(_ progress: SyncProgress) {
    for observer in observers { observer.syncDidStart(progress) }
  }

  /// Tells all.
  public func syncDidHandleItem(_ progress: SyncProgress) {
    for observer in observers { observer.syncDidHandleItem(progress) }
  }

  /// Tells all.
  public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidFinishChunk(chunk, progress) }
  }

  /// Tells all.
  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidFailItem(item, progress) }
  }

  /// Tells all.
  public func syncDidWarn(_ warning: SyncWarning) {
    for observer in observers { observer.syncDidWarn(warning) }
  }

  /// Tells all.
  public func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidEnd(reason, error: error, progress) }
  }
}
