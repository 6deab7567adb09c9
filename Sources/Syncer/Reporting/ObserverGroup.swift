/// An observer that passes every call on to several others, in order.
public struct ObserverGroup: SyncObserver {
  /// The observers.
  public var observers: [any SyncObserver]

  /// Creates a group.
  public init(_ observers: [any SyncObserver]) {
    self.observers = observers
  }

  public func syncDidStart(_ progress: SyncProgress) {
    for observer in observers { observer.syncDidStart(progress) }
  }

  public func syncDidHandleItem(_ progress: SyncProgress) {
    for observer in observers { observer.syncDidHandleItem(progress) }
  }

  public func syncIsAtWork(_ progress: SyncProgress) {
    for observer in observers { observer.syncIsAtWork(progress) }
  }

  public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidFinishChunk(chunk, progress) }
  }

  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidFailItem(item, progress) }
  }

  public func syncDidWarn(_ warning: SyncWarning) {
    for observer in observers { observer.syncDidWarn(warning) }
  }

  public func syncDidEnd(_ reason: StopReason, error: (any Error)?, _ progress: SyncProgress) {
    for observer in observers { observer.syncDidEnd(reason, error: error, progress) }
  }
}
