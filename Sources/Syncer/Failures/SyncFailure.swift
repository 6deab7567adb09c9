/// The error that ends a sync, with the report of its finished chunks.
public struct SyncFailure<Key: Hashable & Sendable>: Error {
  /// The report of the finished chunks; its stop reason is `.failed`.
  public var report: SyncReport<Key>
  /// The keys of the open chunks: items that were begun and are not processed.
  ///
  /// An item whose handler failed comes last. Items that ran beside it are included, and those of
  /// later chunks that were being processed. Items listed as failed in the report are not. Empty if
  /// the sync failed before its first chunk or between chunks.
  public var openKeys: [Key]
  /// The error thrown.
  public var underlyingError: any Error

  @usableFromInline
  init(report: SyncReport<Key>, openKeys: [Key], underlyingError: any Error) {
    self.report = report
    self.openKeys = openKeys
    self.underlyingError = underlyingError
  }

  @usableFromInline
  init(beforeTheStart error: any Error, order: SyncOrder) {
    let report = SyncReport<Key>(
      chunks: [], itemCount: 0, handledCount: 0, failures: [], stopReason: .failed, order: order,
      duration: .zero, warnings: [])
    self.init(report: report, openKeys: [], underlyingError: error)
  }
}

extension SyncFailure: CustomStringConvertible {
  public var description: String {
    let done = "after \(report.handledCount) of \(report.itemCount.counted("item"))"
    return openKeys.isEmpty
      ? "The sync failed \(done): \(underlyingError)"
      : "The sync failed \(done), with \(openKeys.count.counted("item")) in the open chunk: \(underlyingError)"
  }
}

/// An error for an invalid argument of a sync.
public enum SyncArgumentError: Error, Equatable, CustomStringConvertible {
  /// `chunkTime` is zero or negative.
  case chunkTimeNotPositive(Duration)
  /// `chunkCap` is below one.
  case chunkCapBelowOne(Int)
  /// A cap of `chunkWeightCap` is below one.
  case chunkWeightCapBelowOne(WeightUnit, Int)
  /// `itemLimit` is negative.
  case itemLimitNegative(Int)
  /// `maximumDuration` is zero or negative.
  case maximumDurationNotPositive(Duration)
  /// `itemTimeout` is zero or negative.
  case itemTimeoutNotPositive(Duration)
  /// `heartbeat` is zero or negative.
  case heartbeatNotPositive(Duration)
  /// `handlersAtOnce` is below one.
  case handlersAtOnceBelowOne(Int)
  /// `openChunks` is below one.
  case openChunksBelowOne(Int)
  /// The window of `SyncOrder.shuffledInWindows` is below one.
  case windowBelowOne(Int)
  /// The order needs all entries before the first, which a stream does not have.
  case orderNeedsAllEntries(SyncOrder)
  /// `SortedDiffer.expectedCount` is negative.
  case expectedCountNegative(Int)

  public var description: String {
    switch self {
    case .chunkTimeNotPositive(let time):
      "chunkTime must be longer than zero, but it is \(time); leave it out for chunks by count."
    case .chunkCapBelowOne(let cap):
      "chunkCap must be at least 1, but it is \(cap); leave it out for chunks without a cap."
    case .chunkWeightCapBelowOne(let unit, let cap):
      "chunkWeightCap must be at least 1 \(unit), but it is \(cap); leave the unit out for chunks "
        + "without that cap."
    case .itemLimitNegative(let limit):
      "itemLimit must not be negative, but it is \(limit); leave it out to handle every item."
    case .maximumDurationNotPositive(let time):
      "maximumDuration must be longer than zero, but it is \(time); leave it out to go on to the end."
    case .itemTimeoutNotPositive(let time):
      "itemTimeout must be longer than zero, but it is \(time); leave it out to wait for every item."
    case .heartbeatNotPositive(let time):
      "heartbeat must be longer than zero, but it is \(time); leave it out to be told of nothing."
    case .handlersAtOnceBelowOne(let count):
      "handlersAtOnce must be at least 1, but it is \(count); 1 handles one item after the other."
    case .openChunksBelowOne(let count):
      "openChunks must be at least 1, but it is \(count); 1 processes a chunk before the next one."
    case .windowBelowOne(let size):
      "The window of an order must have at least 1 entry, but it is \(size); 1 is the order as listed."
    case .orderNeedsAllEntries(let order):
      "The order of a stream must not need all entries, but it is \(order); take listed, "
        + "roughlyListed or shuffledInWindows."
    case .expectedCountNegative(let count):
      "expectedCount must not be negative, but it is \(count); leave it out where nobody knows."
    }
  }
}
