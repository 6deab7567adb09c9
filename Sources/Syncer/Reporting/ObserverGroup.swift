/// Several observers of one sync: each is told everything, one after the other.
public struct ObserverGroup: SyncObserver {
  /// The observers, in the order they are told.
  public var observers: [any SyncObserver]

  /// Makes a group.
  public init(_ observers: [any SyncObserver]) {
    self.observers = observers
  }

  /// Passed on to every observer.
  public func syncDidStart(_ progress: SyncProgress) {
    for observer in observers { observer.syncDidStart(progress) }
  }

  /// Passed on to every observer.
  public func syncDidHandleItem(_ progress: SyncProgress) {
    for observer in observers { observer.syncDidHandleItem(progress) }
  }

  /// Passed on to every observer.
  public func syncIsAtWork(_ progress: SyncProgress) {
    for observer in observers { observer.syncIsAtWork(progress) }
  }

  /// Passed on to every observer.
  public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidFinishChunk(chunk, progress) }
  }

  /// Passed on to every observer.
  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidFailItem(item, progress) }
  }

  /// Passed on to every observer.
  public func syncDidWarn(_ warning: SyncWarning) {
    for observer in observers { observer.syncDidWarn(warning) }
  }

  /// Passed on to every observer.
  public func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidEnd(reason, error: error, progress) }
  }
}
