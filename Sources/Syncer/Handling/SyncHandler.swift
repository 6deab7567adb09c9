/// The work of a sync: what to do with each item, and with a chunk of handled items.
///
/// Handling is item by item: the loop checks the clock between items, and can close the chunk
/// there. Processing is in bulk and cannot be cut: one transaction, one insert, one submission of
/// jobs. The items of a chunk are handled one after the other, in order, unless the syncer's
/// `handlersAtOnce` is higher.
public protocol SyncHandler<Key>: Sendable {
  /// The key of an entry.
  associatedtype Key: Hashable & Sendable
  /// An item of the left resource.
  associatedtype Left: Sendable
  /// An item of the right resource.
  associatedtype Right: Sendable
  /// The result of handling an item, which `processChunk` gets.
  associatedtype Output: Sendable

  /// Whether the entry takes part in the sync; true by default.
  ///
  /// Entries that are filtered out are not counted, not even for the item limit.
  func filter(_ entry: DiffEntry<Key, Left, Right>) -> Bool

  /// The cost class of the entry: items of a class cost about the same. By default the membership.
  func costClass(of entry: DiffEntry<Key, Left, Right>) -> CostClass

  /// A size of the entry known before the work, such as bytes or seconds of audio; nil by default.
  ///
  /// Within a class, return a hint for all entries or for none. Values that are not finite and
  /// above zero count as nil.
  func costHint(of entry: DiffEntry<Key, Left, Right>) -> Double?

  /// The weight of the entry in a unit of the sync's `chunkWeightCap`; 0 by default.
  ///
  /// It is asked once per unit for every item that is about to be handled. A negative weight counts
  /// as 0.
  func weight(of entry: DiffEntry<Key, Left, Right>, in unit: WeightUnit) -> Int

  /// Whether hints are about processing as well as handling; true by default.
  ///
  /// The length of a recording predicts the time to transcribe it in `processChunk`: true. The size
  /// of a file predicts the time to digest it, but not to write its row: false.
  var processingGrowsWithHint: Bool { get }

  /// The number of items that `processChunk` works on at once, at least 1; 1 by default.
  ///
  /// Schedulers use it to predict the duration of processing.
  var workers: Int { get }

  /// Whether `processChunk` may be called while a call for an earlier chunk still runs; false by
  /// default.
  ///
  /// It matters if the syncer's `openChunks` is above 1.
  var allowsOverlappingChunks: Bool { get }

  /// Handles a key that only the left resource has.
  func handleLeftExclusive(_ key: Key, _ items: ArraySlice<Left>) async throws -> Output

  /// Handles a key that only the right resource has.
  func handleRightExclusive(_ key: Key, _ items: ArraySlice<Right>) async throws -> Output

  /// Handles a key that both resources have.
  func handleIntersection(
    _ key: Key, _ left: ArraySlice<Left>, _ right: ArraySlice<Right>
  ) async throws -> Output

  /// Processes a chunk of handled items in bulk.
  ///
  /// If this throws, the sync's `FailurePolicy` decides; by default the sync ends, the chunk is
  /// lost, and all earlier chunks remain. If the task is cancelled, the last chunk is still
  /// processed: code here that checks for cancellation loses that chunk.
  func processChunk(_ chunk: HandledChunk<Output>) async throws
}

extension SyncHandler {
  @inlinable public func filter(_ entry: DiffEntry<Key, Left, Right>) -> Bool { true }

  @inlinable @inline(__always)
  public func costClass(of entry: DiffEntry<Key, Left, Right>) -> CostClass {
    entry.membership.costClass
  }

  @inlinable public func costHint(of entry: DiffEntry<Key, Left, Right>) -> Double? { nil }

  @inlinable
  public func weight(of entry: DiffEntry<Key, Left, Right>, in unit: WeightUnit) -> Int { 0 }

  @inlinable public var processingGrowsWithHint: Bool { true }

  @inlinable public var workers: Int { 1 }

  @inlinable public var allowsOverlappingChunks: Bool { false }

  /// What is known of an entry before the work.
  @inlinable @inline(__always)
  func classAndHint(
    _ position: Int, of entries: Differences<Key, Left, Right>
  ) -> (costClass: CostClass, hint: Double?) {
    entries.withEntry(at: position) {
      (costClass(of: $0), ItemProfile.valid(costHint(of: $0)))
    }
  }

  /// Handles the entry at a position.
  @inlinable @inline(__always)
  func handle(
    _ position: Int, of entries: Differences<Key, Left, Right>
  ) async throws -> Output {
    let key = entries.keys[position]
    return switch entries.membership(at: position) {
    case .leftExclusive: try await handleLeftExclusive(key, entries.left[position])
    case .rightExclusive: try await handleRightExclusive(key, entries.right[position])
    case .intersection:
      try await handleIntersection(key, entries.left[position], entries.right[position])
    }
  }
}

/// A chunk of handled items, as `processChunk` gets it.
public struct HandledChunk<Output: Sendable>: Sendable {
  /// The number of the chunk in its sync, from 1.
  public let number: Int
  /// The results of the handlers, in the order of the items.
  public let outputs: [Output]
  /// The learned costs to store with the last chunk; nil for earlier chunks.
  ///
  /// They are what the scheduler knew before this chunk, and are set if no chunk follows, or only
  /// one that may still fit into the time left. If the sync turns out to have ended between two
  /// chunks, only its report has the learned costs.
  public let learned: LearnedCosts?
  @usableFromInline let completions: CompletionLog

  /// Creates a chunk, for tests that call `processChunk` outside a sync.
  public init(number: Int = 1, outputs: [Output], learned: LearnedCosts? = nil) {
    self.init(
      number: number, outputs: outputs, learned: learned, completions: CompletionLog())
  }

  @usableFromInline
  init(number: Int, outputs: [Output], learned: LearnedCosts?, completions: CompletionLog) {
    self.number = number
    self.outputs = outputs
    self.learned = learned
    self.completions = completions
  }

  /// Reports the processing time of one item.
  ///
  /// Optional. With it, the scheduler learns the cost of each class although the chunk is processed
  /// in one call. Report an item at most once.
  ///
  /// - Parameters:
  ///   - position: The index of the item in `outputs`.
  ///   - duration: The item's own time, without its time in a queue.
  public func completed(_ position: Int, in duration: Duration) async {
    precondition(
      outputs.indices.contains(position),
      "A completion names an item of the chunk, 0 to \(outputs.count - 1); it is \(position).")
    await completions.append(Completion(position: position, seconds: duration.inSeconds))
  }
}

@usableFromInline
struct Completion: Sendable {
  @usableFromInline let position: Int
  @usableFromInline let seconds: Double
}

/// Collects completions from whatever tasks one call of `processChunk` runs.
///
/// Each call has a log of its own: what a task reports that outlives its call is not charged to the
/// next chunk.
@usableFromInline
actor CompletionLog {
  private var completions: [Completion] = []
  private var isClosed = false

  @usableFromInline init() {}

  func append(_ completion: Completion) {
    if !isClosed { completions.append(completion) }
  }

  /// Returns what was reported, by position: the order of arrival must not reach a scheduler.
  ///
  /// What comes later is not kept.
  @usableFromInline
  func close() -> [Completion] {
    isClosed = true
    defer { completions = [] }
    return completions.sorted { $0.position < $1.position }
  }
}
