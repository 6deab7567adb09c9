/// What a sync does: how each item is handled, and what happens to a chunk of handled items.
///
/// Handling is item by item and can be cut: the loop looks at the clock between items.
/// Processing is in bulk and cannot: one transaction, one insert, one submission of jobs.
/// Items of one chunk are handled one after the other, in order, unless the syncer's `handlersAtOnce`
/// says otherwise.
public protocol SyncHandler<Key>: Sendable {
  /// What the two sides are compared by.
  associatedtype Key: Hashable & Sendable
  /// An item of the left resource.
  associatedtype Left: Sendable
  /// An item of the right resource.
  associatedtype Right: Sendable
  /// What handling an item produces for `processChunk`.
  associatedtype Output: Sendable

  /// Whether the entry takes part in the sync at all; true by default.
  ///
  /// Filtered entries count for nothing, not even for the item limit.
  func filter(_ entry: DiffEntry<Key, Left, Right>) -> Bool

  /// What kind of item the entry is, as far as its cost is concerned; its membership by default.
  func costClass(of entry: DiffEntry<Key, Left, Right>) -> CostClass

  /// A size of the entry known before the work, such as bytes or seconds of audio.
  ///
  /// Nil by default. Values that are not finite and above zero are taken for nil. Within a class,
  /// give a hint for all entries or for none.
  func costHint(of entry: DiffEntry<Key, Left, Right>) -> Double?

  /// What the entry weighs where the sync has a `chunkWeightCap`, in one of its units; 0 by default.
  ///
  /// Asked once per unit for every item that is about to be handled. Below 0 counts as 0.
  func weight(of entry: DiffEntry<Key, Left, Right>, in unit: WeightUnit) -> Int

  /// Whether the hints are about processing too, and not about handling alone; true by default.
  ///
  /// The seconds of a recording say what transcribing it in `processChunk` takes. The bytes of a file
  /// say what digesting it takes, and nothing about the row that is then written for it: false.
  var processingGrowsWithHint: Bool { get }

  /// How many items of a chunk `processChunk` works at at once, at least 1; 1 by default.
  ///
  /// What a scheduler expects processing to take depends on it.
  var workers: Int { get }

  /// Whether `processChunk` may be called for a chunk while it still works at those before; false by
  /// default.
  ///
  /// It matters where the syncer's `openChunks` is above 1.
  var allowsOverlappingChunks: Bool { get }

  /// Handles a key that only the left resource has.
  func handleLeftExclusive(_ key: Key, _ items: ArraySlice<Left>) async throws -> Output

  /// Handles a key that only the right resource has.
  func handleRightExclusive(_ key: Key, _ items: ArraySlice<Right>) async throws -> Output

  /// Handles a key that both resources have.
  func handleIntersection(
    _ key: Key, _ left: ArraySlice<Left>, _ right: ArraySlice<Right>
  ) async throws -> Output

  /// Processes a finished chunk in bulk.
  ///
  /// When this throws, the sync's `FailurePolicy` decides; by default the sync ends and the chunk
  /// counts as lost, and all chunks before it stand. When the task was cancelled, the last chunk is
  /// processed all the same: work that looks at the cancellation here loses that chunk.
  func processChunk(_ chunk: HandledChunk<Output>) async throws
}

extension SyncHandler {
  /// Takes every entry.
  @inlinable public func filter(_ entry: DiffEntry<Key, Left, Right>) -> Bool { true }

  /// The membership of the entry.
  @inlinable @inline(__always)
  public func costClass(of entry: DiffEntry<Key, Left, Right>) -> CostClass {
    entry.membership.costClass
  }

  /// No hint.
  @inlinable public func costHint(of entry: DiffEntry<Key, Left, Right>) -> Double? { nil }

  /// Nothing.
  @inlinable
  public func weight(of entry: DiffEntry<Key, Left, Right>, in unit: WeightUnit) -> Int { 0 }

  /// True.
  @inlinable public var processingGrowsWithHint: Bool { true }

  /// One.
  @inlinable public var workers: Int { 1 }

  /// False: one chunk is processed after the other.
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

/// The handled items of a chunk, on their way into `processChunk`.
public struct HandledChunk<Output: Sendable>: Sendable {
  /// The number of the chunk in its sync, from 1.
  public let number: Int
  /// What the handlers returned, in the order the items were handled.
  public let outputs: [Output]
  /// What the scheduler had learned before this chunk, where no chunk is to follow, or only one that there
  /// may still be time for: for keeping it in the transaction of the last one.
  ///
  /// Nil for all other chunks, and where the scheduler keeps nothing. Where a sync turns out to have
  /// ended between two chunks, as when its time is up, only its report has what was learned.
  public let learned: LearnedCosts?
  @usableFromInline let completions: CompletionLog

  /// Makes a chunk, for calling a handler's `processChunk` outside a sync, as a test does.
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

  /// Reports what processing one item took, measured on its own.
  ///
  /// A router of jobs knows; with it, the scheduler learns what each class costs even though
  /// the chunk is processed in one call. Report an item at most once. Optional.
  ///
  /// - Parameters:
  ///   - position: The index of the item in `outputs`.
  ///   - duration: The item's own time, not its time in a queue.
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
