import Synchronization
import Testing

@testable import Syncer

/// What the handlers return reaches `processChunk`, whatever its type.
struct OutputTests {
  /// Syncs the numbers 0 to 9 in chunks of 4 and returns the outputs of every chunk.
  ///
  /// Item 5 fails and is left out.
  private func outputs<Output: Sendable>(_ output: @escaping @Sendable (Int) -> Output) async throws
    -> [[Output]]
  {
    let clock = ManualClock()
    let processed = Mutex<[[Output]]>([])
    let handler = ClosureSyncHandler<Int, Int, Int, Output>(
      handle: { entry in
        if entry.key == 5 { throw Fault(place: "handle") }
        // Some items take time and some none.
        if entry.key % 3 == 0 { clock.advance(by: .milliseconds(1)) }
        return output(entry.key)
      },
      processChunk: { chunk in processed.withLock { $0.append(chunk.outputs) } })
    var syncer = Syncer(
      differ: Differ(left: ArrayResource(Array(0..<10)), right: ArrayResource([])),
      handler: handler, scheduler: FixedScheduler(size: 4), order: .listed, clock: clock)
    syncer.onFailure = .isolate(maximumErrors: 1)
    _ = try await syncer.chunkedSync(chunkTime: .seconds(1))
    return processed.withLock { $0 }
  }

  @Test("outputs that say nothing are as many as items were handled")
  func nothing() async throws {
    #expect(try await outputs { _ in }.map(\.count) == [4, 3, 2])
  }

  @Test("outputs of which some are nothing keep their values")
  func someNothing() async throws {
    let optional = try await outputs { $0 % 2 == 0 ? () : nil as Void? }
    #expect(
      optional.map { $0.map { $0 == nil } } == [
        [false, true, false, true], [false, false, true], [false, true],
      ])
    let any = try await outputs { $0 % 2 == 0 ? $0 : () as any Sendable }
    #expect(
      any.map { $0.map { $0 as? Int } } == [[0, nil, 2, nil], [4, 6, nil], [8, nil]])
  }
}
