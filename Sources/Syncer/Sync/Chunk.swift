/// A chunk from its opening to its end: its items, and what became of them.
///
/// Items are named by their offset in the chunk, outputs by their offset among those that were
/// handled.
@usableFromInline
struct Chunk<Output: Sendable, Draft: Sendable, Moment: InstantProtocol<Duration>>: Sendable
where Moment: Sendable {
  /// What a scheduler sees of it; the count is that of the items when it was asked last.
  @usableFromInline var view: OpenChunk
  @usableFromInline let plan: ChunkPlan
  /// What the scheduler keeps of the chunk.
  @usableFromInline var draft: Draft
  @usableFromInline let opened: Moment
  /// When no further item is begun, in seconds since the chunk was opened.
  @usableFromInline let endSeconds: Double

  @usableFromInline var contents: ChunkContents<Output>
  /// Which items failed, in the order that was found.
  @usableFromInline var failedOffsets: [Int] = []
  /// What the clock showed last.
  @usableFromInline var latest: Moment
  /// Whether no further item is begun.
  @usableFromInline var isAtEnd: Bool

  /// What handlers that run in tasks of their own returned, with the offset of the item in the chunk.
  @usableFromInline var early: [(offset: Int, output: Output)] = []
  /// Whether it left items for which there is too little time.
  @usableFromInline var leavesItems = false
  /// The items that were given up when the sync was asked to stop, by offset.
  @usableFromInline var abandonedOffsets: [Int] = []

  /// What the scheduler had learned, where no chunk is to follow.
  @usableFromInline var learned: LearnedCosts?

  /// Seconds of failed attempts and of waiting between them.
  @usableFromInline var lostHandlingSeconds = 0.0
  @usableFromInline var lostProcessingSeconds = 0.0
  /// Whether the last call of `processChunk` took the whole chunk and succeeded.
  @usableFromInline var wasProcessedWhole = true
  /// How many items were handled and then not processed.
  @usableFromInline var unprocessedCount = 0

  @inlinable
  init(
    _ start: ChunkStart, plan: ChunkPlan, draft: Draft, opened: Moment, endSeconds: Double,
    contents: ChunkContents<Output>
  ) {
    view = OpenChunk(start)
    self.plan = plan
    self.draft = draft
    self.opened = opened
    self.endSeconds = endSeconds
    self.contents = contents
    latest = opened
    isAtEnd = endSeconds <= 0
  }

  @inlinable var start: ChunkStart { view.start }

  /// Adds an item that was handled; returns the seconds that took, without failed attempts.
  @inlinable @inline(__always)
  mutating func add(
    _ item: BacklogItem, _ output: Output, at now: Moment, lost: Double
  ) -> Double {
    contents.items.append(item)
    contents.outputs.append(output)
    let seconds = lap(at: now, lost: lost)
    contents.moments.add(item.profile, seconds: seconds)
    return seconds
  }

  /// Notes that an item has ended, at a moment that may be the latest one.
  ///
  /// - Returns: the seconds since the item before ended, without those lost in failed attempts.
  @inlinable @inline(__always)
  mutating func lap(at now: Moment, lost: Double) -> Double {
    now == latest ? 0 : pass(at: now, opened.duration(to: now).inSeconds, lost: lost)
  }

  // Not inlined: the loop need not carry the times along past items that took none.
  @inlinable @inline(never)
  mutating func pass(at now: Moment, _ elapsed: Double, lost: Double) -> Double {
    latest = now
    // Rounding may leave less than nothing beside failed attempts.
    let seconds = max(0, elapsed - view.elapsedSeconds - lost)
    view.elapsedSeconds = elapsed
    lostHandlingSeconds += lost
    isAtEnd = elapsed >= endSeconds
    return seconds
  }

  /// The items that have not failed, by offset in the chunk.
  @usableFromInline var handledOffsets: [Int] {
    let failed = Set(failedOffsets)
    return contents.items.indices.filter { !failed.contains($0) }
  }

  /// Puts in order what tasks of their own have handled; returns the items that were given up.
  @inlinable
  mutating func arrange() -> [BacklogItem] {
    if early.isEmpty && abandonedOffsets.isEmpty { return [] }
    // No sorting, which would move the outputs about.
    var places = [Int](repeating: -1, count: contents.items.count)
    for place in early.indices { places[early[place].offset] = place }
    for place in places where place >= 0 { contents.outputs.append(early[place].output) }
    early = []
    let abandoned = abandonedOffsets.sorted()
    let items = abandoned.map { contents.items[$0] }
    // From the last on: the offsets before one that goes stay as they are.
    for offset in abandoned.reversed() {
      contents.items.remove(at: offset)
      failedOffsets = failedOffsets.map { $0 > offset ? $0 - 1 : $0 }
    }
    abandonedOffsets = []
    return items
  }

  /// Adds what processing items took to their classes.
  @usableFromInline
  mutating func complete(_ completions: [Completion]) {
    let offsets = failedOffsets.isEmpty ? nil : handledOffsets
    for completion in completions {
      let offset = offsets?[completion.position] ?? completion.position
      contents.moments.complete(contents.items[offset].profile, seconds: completion.seconds)
    }
  }
}

/// What grows with the items of a chunk, in memory that the chunks of a sync use in turn.
@usableFromInline
struct ChunkContents<Output: Sendable>: Sendable {
  /// The items taken, those that failed included.
  @usableFromInline var items: [BacklogItem] = []
  /// What the handlers returned for the others.
  @usableFromInline var outputs: [Output] = []
  @usableFromInline var moments = ClassMoments()

  @inlinable init() {}

  @inlinable
  mutating func reset() {
    items.removeAll(keepingCapacity: true)
    outputs.removeAll(keepingCapacity: true)
    moments.reset()
  }
}

/// When the phases of a chunk ended.
@usableFromInline
struct ChunkTimes<Moment: Sendable>: Sendable {
  /// When its last item was handled.
  @usableFromInline let handled: Moment
  /// When its processing began, or that of the chunk before ended, where that was later.
  @usableFromInline let began: Moment
  @usableFromInline let closed: Moment

  @inlinable
  init(handled: Moment, began: Moment, closed: Moment) {
    self.handled = handled
    self.began = began
    self.closed = closed
  }
}
