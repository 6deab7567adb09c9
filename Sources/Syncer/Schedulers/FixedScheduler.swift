/// A scheduler that gives every chunk the same number of items.
public struct FixedScheduler: SizedScheduler, Equatable {
  /// The number of items per chunk, at least 1.
  public let size: Int

  /// Creates a scheduler of chunks of `size` items.
  ///
  /// - Precondition: `size` is at least 1.
  public init(size: Int) {
    precondition(size >= 1, "A fixed chunk size is at least 1; it is \(size).")
    self.size = size
  }

  @inlinable public func proposedSize(for chunk: ChunkStart) -> Int { size }

  @inlinable
  public func open(_ chunk: ChunkStart) -> (plan: ChunkPlan, draft: Void) { (.items(size), ()) }
}
