import Synchronization
import Syncer

/// A stream of items that are known: what a cursor or a sorted listing is to a sync.
struct ListedStream<Element: Sendable>: AsyncSequence, Sendable {
  var items: [Element]
  /// Called before the item of a position is read, and before the end.
  var willRead: @Sendable (Int) async throws -> Void

  init(_ items: [Element], willRead: @escaping @Sendable (Int) async throws -> Void = { _ in }) {
    self.items = items
    self.willRead = willRead
  }

  func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

  struct Iterator: AsyncIteratorProtocol {
    let stream: ListedStream
    var position = 0

    mutating func next() async throws -> Element? {
      try await stream.willRead(position)
      guard position < stream.items.count else { return nil }
      position += 1
      return stream.items[position - 1]
    }
  }
}

extension Bench {
  /// A sync that reads the items from a stream.
  func streamSyncer(
    _ scheduler: any ChunkScheduler = MovingAverageScheduler(), order: SyncOrder = .listed,
    observer: (any SyncObserver)? = nil, expectedCount: Int? = nil,
    willRead: @escaping @Sendable (Int) async throws -> Void = { _ in }
  ) -> IntSyncer {
    Syncer(
      differ: SortedDiffer(
        left: ListedStream(items, willRead: willRead), right: ListedStream([]),
        expectedCount: expectedCount),
      handler: handler, scheduler: scheduler, order: order, clock: clock, observer: observer)
  }
}

/// What was added from anywhere, in order.
final class Gathered<Element: Sendable>: Sendable {
  private let held = Mutex<[Element]>([])
  var elements: [Element] { held.withLock { $0 } }
  func add(_ more: [Element]) { held.withLock { $0 += more } }
}
