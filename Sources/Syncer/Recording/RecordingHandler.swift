/// A handler that does what another does, and tells a recorder how long it took.
public struct RecordingHandler<Base: SyncHandler, TimeSource: Clock<Duration>>: SyncHandler
where TimeSource: Sendable {
  /// What the other handler is about.
  public typealias Entry = DiffEntry<Base.Key, Base.Left, Base.Right>

  /// The handler that does the work.
  public let base: Base
  @usableFromInline let recorder: SyncRecorder?
  @usableFromInline let clock: TimeSource

  /// Makes a handler around another.
  ///
  /// - Parameters:
  ///   - base: The handler that does the work.
  ///   - recorder: Who is told; nil records nothing.
  ///   - clock: What items are timed with: that of the sync.
  public init(
    _ base: Base, _ recorder: SyncRecorder?, clock: TimeSource = ContinuousClock()
  ) {
    self.base = base
    self.recorder = recorder
    self.clock = clock
  }

  /// What the base handler says.
  @inlinable public func filter(_ entry: Entry) -> Bool { base.filter(entry) }

  /// What the base handler says.
  @inlinable
  public func costClass(of entry: Entry) -> CostClass { base.costClass(of: entry) }

  /// What the base handler says.
  @inlinable public func costHint(of entry: Entry) -> Double? { base.costHint(of: entry) }

  /// What the base handler says.
  @inlinable
  public func weight(of entry: Entry, in unit: WeightUnit) -> Int {
    base.weight(of: entry, in: unit)
  }

  /// As the other handler's.
  @inlinable public var processingGrowsWithHint: Bool { base.processingGrowsWithHint }

  /// As many as the other handler's.
  @inlinable public var workers: Int { base.workers }

  /// As the other handler says.
  @inlinable public var allowsOverlappingChunks: Bool { base.allowsOverlappingChunks }

  /// Times the base handler.
  @inlinable
  public func handleLeftExclusive(
    _ key: Base.Key, _ items: ArraySlice<Base.Left>
  ) async throws -> Base.Output {
    try await timed(.leftExclusive(key, items)) {
      try await base.handleLeftExclusive(key, items)
    }
  }

  /// Times the base handler.
  @inlinable
  public func handleRightExclusive(
    _ key: Base.Key, _ items: ArraySlice<Base.Right>
  ) async throws -> Base.Output {
    try await timed(.rightExclusive(key, items)) {
      try await base.handleRightExclusive(key, items)
    }
  }

  /// Times the base handler.
  @inlinable
  public func handleIntersection(
    _ key: Base.Key, _ left: ArraySlice<Base.Left>, _ right: ArraySlice<Base.Right>
  ) async throws -> Base.Output {
    try await timed(.intersection(key, left, right)) {
      try await base.handleIntersection(key, left, right)
    }
  }

  /// Calls the base handler; the sync itself times chunks.
  @inlinable
  public func processChunk(_ chunk: HandledChunk<Base.Output>) async throws {
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
