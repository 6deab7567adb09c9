internal import Synchronization

/// A recorder of the cost of every item, as a trace that `co3sim` replays under any scheduler.
///
/// It has to be given to the sync twice: as the observer, and to a `RecordingHandler` around the
/// handler.
///
///     let recorder = SyncRecorder()
///     let syncer = Syncer(
///       differ: differ, handler: RecordingHandler(handler, recorder), observer: recorder)
///
/// A row has the class of the item, its seconds of handling and processing, and its hint. Time of
/// handling that no item took (the loop itself, failed attempts) is shared equally among the items
/// of the chunk. The fixed cost of processing a chunk is reported as `chunkOverhead`; the rest of
/// processing is shared equally. Overheads and items add up to the measured time, so that a replay
/// may make chunks of other sizes. A chunk of which `processChunk` left items open when the sync ended
/// has no rows.
public final class SyncRecorder: SyncObserver {
  private struct Item {
    var costClass: CostClass
    var nanoseconds: Int64
    var hint: Double?
  }

  private struct State {
    var items: [Item] = []
    var chunks: [(size: Int, processing: Int64)] = []
    /// The items handled that are not those of a finished chunk, in the order of the chunks.
    var pending: [Item] = []
    /// How many items of a chunk that is not finished failed in their handlers, by its number.
    var failedCounts: [Int: Int] = [:]
    /// How many items a chunk that is not finished gave to `processChunk` first, by its number.
    var handledCounts: [Int: Int] = [:]
    var fit = ChunkOverhead()

    /// The items of a chunk that is finished.
    ///
    /// Items handled before them are of chunks that were lost, those after them of chunks that are open.
    mutating func takePending(of number: Int, unlessKnown count: Int) -> [Item] {
      let lost = handledCounts.filter { $0.key < number }
      pending.removeFirst(min(pending.count, lost.values.reduce(0, +)))
      let items = Array(pending.prefix(handledCounts[number] ?? count))
      pending.removeFirst(items.count)
      for number in lost.keys + [number] { handledCounts[number] = nil }
      return items
    }
  }

  private let state = Mutex(State())

  /// Creates a recorder of one sync.
  public init() {}

  /// The number of items in finished chunks so far.
  public var count: Int { state.withLock { $0.items.count } }

  /// The fixed cost of processing a chunk, as in a scenario's `chunkOverhead`.
  ///
  /// It is the intercept of a line through the chunks, seconds over items; nil if they do not
  /// determine it, as chunks of one size.
  public var chunkOverhead: Duration? {
    state.withLock { $0.fit.nanoseconds.map { .nanoseconds($0) } }
  }

  /// The header `class,handle_s,process_s,hint` and the rows of finished chunks, in the order of
  /// handling.
  public var trace: String { String(decoding: traceBytes, as: UTF8.self) }

  /// The trace in UTF-8.
  package var traceBytes: [UInt8] {
    let (items, chunks, overhead) = state.withLock { ($0.items, $0.chunks, $0.fit.nanoseconds) }
    var text = TraceText(hasHints: true)
    var rest = items[...]
    for (chunk, processing) in zip(chunks, Self.processing(of: chunks, above: overhead ?? 0)) {
      let shares = Self.shares(of: processing, among: chunk.size)
      for (item, share) in zip(rest.prefix(chunk.size), shares) {
        text.add(
          item.costClass, handleNanoseconds: item.nanoseconds, processNanoseconds: share,
          hint: item.hint)
      }
      rest = rest.dropFirst(chunk.size)
    }
    return text.bytes
  }

  /// An item was handled; where that may be too late, it counts once its output is taken.
  @usableFromInline
  func add(_ costClass: CostClass, _ duration: Duration, hint: Double?) {
    let item = Item(
      costClass: costClass, nanoseconds: max(0, duration.wholeNanoseconds), hint: hint)
    guard let attempt = TimedAttempt.current else { return append(item) }
    attempt.onSuccess { self.append(item) }
  }

  /// A chunk is processed, for the first time or in parts.
  @usableFromInline
  func willProcess(_ number: Int, outputCount: Int) {
    state.withLock { state in
      state.handledCounts[number] = max(state.handledCounts[number] ?? 0, outputCount)
    }
  }

  private func append(_ item: Item) {
    state.withLock { $0.pending.append(item) }
  }

  public func syncDidFailItem<Key>(_ item: FailedItem<Key>, _ progress: SyncProgress) {
    guard item.phase == .handling else { return }
    state.withLock { $0.failedCounts[item.chunk, default: 0] += 1 }
  }

  public func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    state.withLock { state in
      let failedCount = state.failedCounts.removeValue(forKey: chunk.number) ?? 0
      let processedCount = chunk.size - failedCount
      var finished = state.takePending(of: chunk.number, unlessKnown: processedCount)
      // Which of its items were left open is not known here.
      if finished.isEmpty || finished.count > processedCount { return }
      let known = finished.reduce(0) { $0 + $1.nanoseconds }
      let unseen = Self.shares(
        of: max(0, chunk.handling.wholeNanoseconds - known), among: finished.count)
      for position in finished.indices { finished[position].nanoseconds += unseen[position] }
      let processing = max(0, chunk.processing.wholeNanoseconds)
      state.items += finished
      state.chunks.append((finished.count, processing))
      state.fit.add(items: finished.count, nanoseconds: processing)
    }
  }

  /// For every chunk the processing that its items are the reason for, in nanoseconds.
  ///
  /// A chunk that took less than the overhead has none; what others have is lowered in proportion
  /// by what such chunks were short of.
  private static func processing(
    of chunks: [(size: Int, processing: Int64)], above overhead: Int64
  ) -> [Int64] {
    let total = chunks.reduce(0) { $0 + $1.processing } - overhead * Int64(chunks.count)
    let above = chunks.map { max(0, $0.processing - overhead) }
    let scale = Double(max(0, total)) / Double(max(1, above.reduce(0, +)))
    return above.map { Int64((Double($0) * scale).rounded()) }
  }

  /// Whole nanoseconds that add up to the total and differ by one at most.
  private static func shares(of total: Int64, among count: Int) -> [Int64] {
    guard count > 0 else { return [] }
    let (share, rest) = total.quotientAndRemainder(dividingBy: Int64(count))
    return (0..<count).map { Int64($0) < rest ? share + 1 : share }
  }
}
