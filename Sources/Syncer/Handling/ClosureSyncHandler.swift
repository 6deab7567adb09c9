/// A handler made of closures.
public struct ClosureSyncHandler<
  Key: Hashable & Sendable, Left: Sendable, Right: Sendable, Output: Sendable
>: SyncHandler {
  /// An entry of the difference.
  public typealias Entry = DiffEntry<Key, Left, Right>

  public let processingGrowsWithHint: Bool
  public let workers: Int
  public let allowsOverlappingChunks: Bool

  private let handleEntry: @Sendable (Entry) async throws -> Output
  private let process: @Sendable (HandledChunk<Output>) async throws -> Void
  private let filterEntry: @Sendable (Entry) -> Bool
  private let classOfEntry: @Sendable (Entry) -> CostClass
  private let hintOfEntry: @Sendable (Entry) -> Double?
  private let weightOfEntry: @Sendable (Entry, WeightUnit) -> Int

  /// Creates a handler.
  ///
  /// - Parameters:
  ///   - filter: Whether an entry takes part.
  ///   - costClass: The cost class of an entry.
  ///   - costHint: A size of the entry known before the work.
  ///   - weight: The weight of an entry in a unit of the sync's `chunkWeightCap`.
  ///   - processingGrowsWithHint: Whether hints are about processing as well as handling.
  ///   - workers: The number of items that `processChunk` works on at once, at least 1.
  ///   - allowsOverlappingChunks: Whether `processChunk` may be called while a call for an earlier
  ///     chunk still runs.
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

  public func filter(_ entry: Entry) -> Bool { filterEntry(entry) }

  public func costClass(of entry: Entry) -> CostClass { classOfEntry(entry) }

  public func costHint(of entry: Entry) -> Double? { hintOfEntry(entry) }

  public func weight(of entry: Entry, in unit: WeightUnit) -> Int { weightOfEntry(entry, unit) }

  public func handleLeftExclusive(_ key: Key, _ items: ArraySlice<Left>) async throws -> Output {
    try await handleEntry(.leftExclusive(key, items))
  }

  public func handleRightExclusive(_ key: Key, _ items: ArraySlice<Right>) async throws -> Output {
    try await handleEntry(.rightExclusive(key, items))
  }

  public func handleIntersection(
    _ key: Key, _ left: ArraySlice<Left>, _ right: ArraySlice<Right>
  ) async throws -> Output {
    try await handleEntry(.intersection(key, left, right))
  }

  public func processChunk(_ chunk: HandledChunk<Output>) async throws {
    try await process(chunk)
  }
}
