/// An error for `processChunk` to throw when it knows which items failed and has processed all
/// others.
///
/// The sync retries or lists these items, as its `FailurePolicy` says. Any other error means that
/// nothing of the chunk was processed.
public struct ItemsFailed: Error, CustomStringConvertible {
  /// An item that failed.
  public struct Item: Sendable {
    /// The index of the item in the outputs of the chunk.
    public var position: Int
    /// The error of the item.
    public var error: any Error

    /// Creates an item.
    public init(position: Int, error: any Error) {
      self.position = position
      self.error = error
    }
  }

  /// The failed items, at least one, in the order of their positions.
  public let items: [Item]

  /// Creates an error from items in any order.
  ///
  /// - Precondition: There is at least one item, and none is named twice.
  public init(_ items: [Item]) {
    precondition(!items.isEmpty, "ItemsFailed names at least one item.")
    precondition(
      Set(items.map(\.position)).count == items.count, "ItemsFailed names an item twice.")
    self.items = items.sorted { $0.position < $1.position }
  }

  /// The same errors of a chunk that has these items alone.
  var renumbered: ItemsFailed {
    ItemsFailed(items.enumerated().map { Item(position: $0.offset, error: $0.element.error) })
  }

  public var description: String {
    let shown = items.prefix(3).map { "\($0.error)" }.joined(separator: "; ")
    let more = items.count > 3 ? "; and \(items.count - 3) more" : ""
    return "\(items.count.counted("item")) of the chunk failed: \(shown)\(more)"
  }
}
