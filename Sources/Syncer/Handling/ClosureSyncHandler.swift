/// A handler made of closures, for short syncs and tests.
public struct ClosureSyncHandler<
  Key: Hashable & Sendable, Left: Sendable, Right: Sendable, Output: Sendable
>: SyncHandler {
  /// An entry of the difference being synced.
  public typealias Entry = DiffEntry<Key, Left, Right>

  /// Whether the hints are about processing too.
  public let processingGrowsWithHint: Bool
  /// How many items of a chunk `processChunk` works at at once.
  public let workers: Int
  /// Whether `processChunk` may be called for a chunk while it still works at those before.
  public let allowsOverlappingChunks: Bool

  private let handleEntry: @Sendable (Entry) async throws -> Output
  private let process: @Sendable (HandledChunk<Output>) async throws -> Void
  private let filterEntry: @Sendable (Entry) -> Bool
  private let classOfEntry: @Sendable (Entry) -> CostClass
  private let hintOfEntry: @Sendable (Entry) -> Double?
  private let weightOfEntry: @Sendable (Entry, WeightUnit) -> Int

  /// Makes a handler.
  ///
  /// - Parameters:
  ///   - filter: Which entries take part.
  ///   - costClass: The kind of an entry, as far as its cost is concerned.
  ///   - costHint: A size of the entry known before the work.
  ///   - weight: What the entry weighs in a unit of the sync's `chunkWeightCap`.
  ///   - processingGrowsWithHint: Whether that size is about processing too, or about handling alone.
  ///   - workers: How many items of a chunk `processChunk` works at at once, at least 1.
  ///   - allowsOverlappingChunks: Whether `processChunk` may be called for a chunk while it still
  ///     works at those before.
  ///   - handle: Handles one entry.
  ///   - processChunk: Processes the handled entries of a chunk in bulk.
  public init(
    filter: @escaping @Sendable (Entry) -> Bool = { _ in true },
    costClass: @escaping @Sendable (Entry) -> CostClass = { $0.membership.costClass },
    costHint: @escaping @Sendable (Entry) -> Double? = { _ in nil },
    weight: @escaping @Sendable (Entry, WeightUnit) -> Int = { _, _ in 0 },
    processingGrowsWithHint: Bool = true, workers: Int = 1,
    allowsOverlappingChunks: Bool = false,
    handle: @escaping @Sendable (Entry) async throws -> Output,
    processChunk: @escaping @Sendable (HandledChunk<Output>) async throws -> Void
  ) {
    self.processingGrowsWithHint = processingGrowsWithHint
    self.workers = workers
    self.allowsOverlappingChunks = allowsOverlappingChunks
    self.handleEntry = handle
    self.process = processChunk
    self.filterEntry = filter
    self.classOfEntry = costClass
    self.hintOfEntry = costHint
    self.weightOfEntry = weight
  }

  /// Asks the `filter` closure.
  public func filter(_ entry: Entry) -> Bool { filterEntry(entry) }

  /// Asks the `costClass` closure.
  public func costClass(of entry: Entry) -> CostClass { classOfEntry(entry) }

  /// Asks the `costHint` closure.
  public func costHint(of entry: Entry) -> Double? { hintOfEntry(entry) }

  /// Asks the `weight` closure.
  public func weight(of entry: Entry, in unit: WeightUnit) -> Int { weightOfEntry(entry, unit) }

  /// Calls the `handle` closure.
  public func handleLeftExclusive(_ key: Key, _ items: ArraySlice<Left>) async throws -> Output {
    try await handleEntry(.leftExclusive(key, items))
  }

  /// Calls the `handle` closure.
  public func handleRightExclusive(_ key: Key, _ items: ArraySlice<Right>) async throws -> Output {
    try await handleEntry(.rightExclusive(key, items))
  }

  /// Calls the `handle` closure.
  public func handleIntersection(
    _ key: Key, _ left: ArraySlice<Left>, _ right: ArraySlice<Right>
  ) async throws -> Output {
    try await handleEntry(.intersection(key, left, right))
  }

  /// Calls the `processChunk` closure.
  public func processChunk(_ chunk: HandledChunk<Output>) async throws {
    try await process(chunk)
  }
}
