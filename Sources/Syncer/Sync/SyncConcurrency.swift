/// How much of a sync goes on at once.
@usableFromInline
struct SyncConcurrency: Sendable {
  @usableFromInline let handlersAtOnce: Int
  @usableFromInline let openChunks: Int

  @usableFromInline
  init(handlersAtOnce: Int, openChunks: Int) {
    self.handlersAtOnce = handlersAtOnce
    self.openChunks = openChunks
  }

  /// Whether there is more than one thing to do at a time.
  @usableFromInline var isNeeded: Bool { handlersAtOnce > 1 || openChunks > 1 }

  @usableFromInline
  func validate() throws(SyncArgumentError) {
    if handlersAtOnce < 1 { throw .handlersAtOnceBelowOne(handlersAtOnce) }
    if openChunks < 1 { throw .openChunksBelowOne(openChunks) }
  }
}
