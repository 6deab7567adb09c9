/// Every chunk has the same number of items: what tools without adaptation do.
public struct FixedScheduler: SizedScheduler, Equatable {
  /// Items per chunk, at least 1.
  public let size: Int

  /// Makes a scheduler of chunks of `size` items.
  ///
  /// - Precondition: `size` is at least 1.
  public init(size: Int) {
    precondition(size >= 1, "A fixed chunk size is at least 1; it is \(size).")
    self.size = size
  }

  /// Returns the size.
  @inlinable public func proposedSize(for chunk: ChunkStart) -> Int { size }

  /// Plans the size and is not asked.
  @inlinable
  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Void) { (.items(size), ()) }
}
