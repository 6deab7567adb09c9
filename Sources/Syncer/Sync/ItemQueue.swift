internal import Synchronization

/// The items of a chunk that were taken and wait for a task to handle them.
///
/// A task begins with an item of its own and goes on with the queue for a short while. So items of
/// microseconds share the price of a task, and none waits behind a long one while another task is free.
@usableFromInline
final class ItemQueue: Sendable {
  /// An item by its offset in the chunk, and the index of its entry.
  @usableFromInline typealias Item = (offset: Int, entry: Int)

  private struct State {
    var items = FIFO<Item>()
    var isClosed = false
  }

  private let state = Mutex(State())

  @usableFromInline init() {}

  @usableFromInline var count: Int { state.withLock { $0.items.count } }

  @usableFromInline
  func append(_ item: Item) { state.withLock { $0.items.append(item) } }

  /// Hands out the next item; nil where there is none, or none is to be begun any more.
  @usableFromInline
  func next() -> Item? {
    state.withLock { $0.isClosed ? nil : $0.items.popFirst() }
  }

  /// Takes the last item back; returns whether it is the one at an offset.
  @usableFromInline
  func popLast(at offset: Int) -> Bool {
    state.withLock { $0.items.last?.offset == offset && $0.items.popLast() != nil }
  }

  /// Ends the handing out: an item has failed, and the sync is to end.
  @usableFromInline
  func close() { state.withLock { $0.isClosed = true } }

  /// Takes back the items that were not handed out.
  @usableFromInline
  func removeAll() -> [Item] {
    state.withLock { state in
      var items: [Item] = []
      while let item = state.items.popFirst() { items.append(item) }
      return items
    }
  }
}

/// How many items a task may handle before it ends: as many as take a quarter of a millisecond.
///
/// That is a hundred times what a task costs, and a thousandth of a chunk at most: until a task ends, the
/// scheduler does not know what its items took.
@usableFromInline
struct RunLength: Sendable {
  @usableFromInline private(set) var count = 1
  @usableFromInline let seconds: Double

  private static let most = 64

  @usableFromInline
  init(targetSeconds: Double) {
    seconds = min(0.000_25, targetSeconds / 1_000)
  }

  /// Notes what the items of a task took.
  @usableFromInline
  mutating func note(_ handled: Int, seconds taken: Double) {
    let longest = min(Self.most, 2 * count)
    let fitting = seconds * Double(handled)
    // Written so that nothing is divided by zero, for a clock that shows no time.
    count = fitting >= Double(longest) * taken ? longest : max(1, Int(fitting / taken))
  }
}
