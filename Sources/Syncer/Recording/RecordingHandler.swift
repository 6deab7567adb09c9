/// A handler that times another one for a recorder.
public struct RecordingHandler<Base: SyncHandler, TimeSource: Clock<Duration>>: SyncHandler
where TimeSource: Sendable {
  /// An entry of the base handler.
  public typealias Entry = DiffEntry<Base.Key, Base.Left, Base.Right>

  /// The handler that does the work.
  public let base: Base
  @usableFromInline let recorder: SyncRecorder?
  @usableFromInline let clock: TimeSource

  /// Creates a handler around another.
  ///
  /// - Parameters:
  ///   - base: The handler that does the work.
  ///   - recorder: The recorder; nil records nothing.
  ///   - clock: The clock of the sync.
  public init(
    _ base: Base, _ recorder: SyncRecorder?, clock: TimeSource = ContinuousClock()
  ) {
    self.base = base
    self.recorder = recorder
    self.clock = clock
  }

  @inlinable public func filter(_ entry: Entry) -> Bool { base.filter(entry) }

  @inlinable
  public func costClass(of entry: Entry) -> CostClass { base.costClass(of: entry) }

  @inlinable public func costHint(of entry: Entry) -> Double? { base.costHint(of: entry) }

  @inlinable
  public func weight(of entry: Entry, in unit: WeightUnit) -> Int {
    base.weight(of: entry, in: unit)
  }

  @inlinable public var processingGrowsWithHint: Bool { base.processingGrowsWithHint }

  @inlinable public var workers: Int { base.workers }

  @inlinable public var allowsOverlappingChunks: Bool { base.allowsOverlappingChunks }

  @inlinable
  public func handleLeftExclusive(
    _ key: Base.Key, _ items: ArraySlice<Base.Left>
  ) async throws -> Base.Output {
    try await timed(.leftExclusive(key, items)) {
      try await base.handleLeftExclusive(key, items)
    }
  }

  @inlinable
  public func handleRightExclusive(
    _ key: Base.Key, _ items: ArraySlice<Base.Right>
  ) async throws -> Base.Output {
    try await timed(.rightExclusive(key, items)) {
      try await base.handleRightExclusive(key, items)
    }
  }

  @inlinable
  public func handleIntersection(
    _ key: Base.Key, _ left: ArraySlice<Base.Left>, _ right: ArraySlice<Base.Right>
  ) async throws -> Base.Output {
    try await timed(.intersection(key, left, right)) {
      try await base.handleIntersection(key, left, right)
    }
  }

  @inlinable
  public func processChunk(_ chunk: HandledChunk<Base.Output>) async throws {
    recorder?.willProcess(chunk.number, outputCount: chunk.outputs.count)
    try await base.processChunk(chunk)
  }

  /// Times the handling of an item.
  ///
  /// Failed attempts are not recorded: the item is retried or left out.
  @inlinable
  func timed(
    _ entry: Entry, _ work: () async throws -> Base.Output
  ) async throws -> Base.Output {
    guard let recorder else { return try await work() }
    let start = clock.now
    let output = try await work()
    recorder.add(
      base.costClass(of: entry), start.duration(to: clock.now), hint: base.costHint(of: entry))
    return output
  }
}
