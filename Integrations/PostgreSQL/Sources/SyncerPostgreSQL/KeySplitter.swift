/// Splits keys that come in order into ranges of about the same count, without keeping them all.
///
/// Of every so many keys one is kept; where there are too many of those, every other one goes. No range has
/// more than an eighth more keys than the mean, or one more where there are few.
public struct KeySplitter: Sendable {
  private let count: Int
  private var kept: [PostgreSQLKey] = []
  private var stride = 1
  private var sinceLast = 0

  /// Makes a splitter.
  ///
  /// - Parameter count: How many ranges are wanted, at least 1.
  public init(into count: Int) {
    precondition(count >= 1, "Keys are split into 1 range at least; it is \(count).")
    self.count = count
  }

  /// Adds a key, greater than those before.
  public mutating func add(_ key: PostgreSQLKey) {
    sinceLast += 1
    if sinceLast < stride { return }
    kept.append(key)
    sinceLast = 0
    if kept.count < 64 * count { return }
    kept = kept.indices.filter { $0 % 2 == 1 }.map { kept[$0] }
    stride *= 2
  }

  /// The ranges, from the first key there may be to the last: fewer than wanted where there are fewer keys.
  public var ranges: [PostgreSQLKeyRange] {
    var ends: [PostgreSQLKey] = []
    for place in 1..<max(2, count) where count > 1 {
      // The keys after the last one kept are less than one stride.
      let end = kept.count * place / count
      if end > 0 && end < kept.count + (sinceLast > 0 ? 1 : 0) && ends.last != kept[end - 1] {
        ends.append(kept[end - 1])
      }
    }
    let bounds = [nil] + ends.map(Optional.some) + [nil]
    return zip(bounds, bounds.dropFirst())
      .map { PostgreSQLKeyRange(after: $0, through: $1) }
  }
}
