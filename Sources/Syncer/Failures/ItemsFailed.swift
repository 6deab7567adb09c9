/// Some items of a chunk failed, and all its others are processed: what `processChunk` may throw.
///
/// A sync then need not search: it tries these items again or lists them, as its `FailurePolicy`
/// says, and takes the others for processed. Any other error means that nothing of the chunk is.
public struct ItemsFailed: Error, CustomStringConvertible {
  /// An item that failed.
  public struct Item: Sendable {
    /// The index of the item in the outputs of the chunk.
    public var position: Int
    /// What went wrong.
    public var error: any Error

    /// Makes an item.
    public init(position: Int, error: any Error) {
      self.position = position
      self.error = error
    }
  }

  /// The items, at least one, by position.
  public let items: [Item]

  /// Makes an error; items may come in any order.
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

  /// A sentence with how many there are and the first errors.
  public var description: String {
    let shown = items.prefix(3).map { "\($0.error)" }.joined(separator: "; ")
    let more = items.count > 3 ? "; and \(items.count - 3) more" : ""
    return "\(items.count.counted("item")) of the chunk failed: \(shown)\(more)"
  }
}
