import Syncer
import SyncerPostgreSQL

/// What a pass over both sides shows before anything is changed.
struct Survey: Sendable {
  var added = 0
  /// Keys on both sides; where whole rows were compared, those that differ.
  var updated = 0
  var deleted = 0
  /// The rows of the source, and of the table.
  var sourceCount = 0
  var rowCount = 0
  private(set) var splitter: KeySplitter

  /// Reads both sides.
  ///
  /// - Parameters:
  ///   - source: The rows of the source.
  ///   - table: The rows of the table.
  ///   - shareCount: How many ranges the keys are to be split into.
  ///   - onDifference: Is told what would be done.
  /// - Throws: what reading throws; `UnsortedKeys`; `CancellationError` in a cancelled task.
  init(
    _ source: SourceSelection, _ table: PostgreSQLRows, shareCount: Int = 1,
    onDifference: (Membership, PostgreSQLKey) -> Void = { _, _ in }
  ) async throws {
    splitter = KeySplitter(into: shareCount)
    var source = Ascending(iterator: source.makeAsyncIterator(), side: .left)
    var table = Ascending(iterator: table.makeAsyncIterator(), side: .right)
    var left = try await source.next()
    var right = try await table.next()
    while let key = [left?.key, right?.key].compactMap({ $0 }).min() {
      splitter.add(key)
      if (sourceCount + rowCount).isMultiple(of: 1_024) { try Task.checkCancellation() }
      let isLeft = left?.key == key
      let isRight = right?.key == key
      if isLeft && isRight {
        if left != right {
          updated += 1
          onDifference(.intersection, key)
        }
      } else if isLeft {
        added += 1
        onDifference(.leftExclusive, key)
      } else {
        deleted += 1
        onDifference(.rightExclusive, key)
      }
      if isLeft {
        sourceCount += 1
        left = try await source.next()
      }
      if isRight {
        rowCount += 1
        right = try await table.next()
      }
    }
  }

  /// A side whose keys have to ascend.
  private struct Ascending<Iterator: AsyncIteratorProtocol>
  where Iterator.Element == PostgreSQLRow {
    var iterator: Iterator
    let side: SyncSide
    private var last: PostgreSQLKey?

    init(iterator: Iterator, side: SyncSide) {
      self.iterator = iterator
      self.side = side
    }

    mutating func next() async throws -> PostgreSQLRow? {
      guard let row = try await iterator.next() else { return nil }
      if let last, row.key <= last {
        throw UnsortedKeys(
          row.key == last ? .repeated : .descending, side: side, first: "\(last)",
          second: "\(row.key)")
      }
      last = row.key
      return row
    }
  }
}
