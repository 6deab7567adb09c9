import Syncer
import Synchronization
import Testing

struct OverlapTaskTests {
  /// How many of a sync's items were handled in another task than that of the sync.
  private func foreignCount(handlersAtOnce: Int, openChunks: Int) async throws -> Int {
    let own = withUnsafeCurrentTask { $0?.hashValue }
    let foreign = Mutex(0)
    let handler = ClosureSyncHandler<Int, Int, Int, Int>(
      handle: { entry in
        let isOwn = withUnsafeCurrentTask { $0?.hashValue } == own
        foreign.withLock { $0 += isOwn ? 0 : 1 }
        return entry.key
      }, processChunk: { _ in await Task.yield() })
    var syncer = Syncer(
      differ: Differ(left: ArrayResource(Array(0..<100)), right: ArrayResource([])),
      handler: handler, order: .listed)
    syncer.handlersAtOnce = handlersAtOnce
    syncer.openChunks = openChunks
    let report = try await syncer.chunkedSync(chunkCap: 7)
    #expect(report.handledCount == 100 && report.chunks.count == 15)
    return foreign.withLock { $0 }
  }

  @Test("One item at a time is handled without a task of its own, however many chunks are open")
  func own() async throws {
    for openChunks in 1...3 {
      #expect(try await foreignCount(handlersAtOnce: 1, openChunks: openChunks) == 0)
    }
    #expect(try await foreignCount(handlersAtOnce: 2, openChunks: 1) == 100)
  }
}
