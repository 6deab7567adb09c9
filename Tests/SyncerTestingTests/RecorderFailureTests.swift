import Syncer
import SyncerTesting
import TestSupport
import Testing

/// Recording a sync that ends by a failure of `processChunk`: rows are of the items that finished.
struct RecorderFailureTests {
  /// Syncs items 0 to 7 in chunks of two, each item in a class of its own; returns the items of the rows,
  /// and those that the report does not have.
  private func recorded(
    openChunks: Int, handlersAtOnce: Int = 1, policy: FailurePolicy = .stop,
    process: @escaping @Sendable (HandledChunk<Int>) throws -> Void
  ) async throws -> (rows: [Int], open: [Int], failed: [Int]) {
    try await VirtualTime.run { clock in
      let recorder = SyncRecorder()
      let handler = ClosureSyncHandler<Int, Int, Int, Int>(
        costClass: { CostClass("\($0.key)") }, allowsOverlappingChunks: true,
        handle: { entry in
          try await clock.sleep(for: .seconds(1 + entry.key % 2))
          return entry.key
        },
        processChunk: { chunk in
          // The first chunks take longest: later ones are done when they fail.
          try await clock.sleep(for: .seconds(max(1, 20 - 6 * chunk.number)))
          try process(chunk)
        })
      var syncer = Syncer(
        differ: Differ(left: ArrayResource(Array(0..<8)), right: ArrayResource([])),
        handler: RecordingHandler(handler, recorder, clock: clock), order: .listed, clock: clock,
        observer: recorder)
      syncer.openChunks = openChunks
      syncer.handlersAtOnce = handlersAtOnce
      syncer.onFailure = policy
      var (open, failed): ([Int], [Int]) = ([], [])
      do throws(SyncFailure<Int>) {
        failed = try await syncer.chunkedSync(chunkCap: 2).failures.map(\.key)
      } catch {
        (open, failed) = (error.openKeys, error.report.failures.map(\.key))
      }
      let lines = recorder.trace.split(separator: "\n").dropFirst()
      #expect(recorder.count == lines.count)
      return (lines.compactMap { Int($0.prefix { $0 != "," }) }, open, failed)
    }
  }

  @Test("a chunk that was lost has no rows, and those after it have their own")
  func lostChunk() async throws {
    for open in 1...4 {
      for handlers in 1...3 {
        for bad in 1...4 {
          let (rows, lost, _) = try await recorded(openChunks: open, handlersAtOnce: handlers) {
            if $0.number == bad { throw Broken(what: "\(bad)") }
          }
          let note: Comment = "chunk \(bad) of \(open) open, \(handlers) at once: \(rows), \(lost)"
          #expect(!rows.contains { lost.contains($0) }, note)
          #expect(rows == rows.sorted() || handlers > 1, note)
          #expect(Set(rows).count == rows.count, note)
          #expect(Set(rows).isSuperset(of: 0..<(2 * bad - 2)), note)
          if open == 1 { #expect(rows == Array(0..<(2 * bad - 2)), note) }
        }
      }
    }
  }

  @Test("a chunk of which a part was processed has no row of what was not")
  func partialChunk() async throws {
    for open in 1...4 {
      for bad in 0..<8 {
        let (rows, lost, _) = try await recorded(openChunks: open) { chunk in
          guard let position = chunk.outputs.firstIndex(of: bad) else { return }
          throw ItemsFailed([.init(position: position, error: Broken(what: "\(bad)"))])
        }
        let note: Comment = "item \(bad), \(open) open: \(rows), \(lost)"
        #expect(lost.contains(bad), note)
        #expect(!rows.contains { lost.contains($0) }, note)
        #expect(Set(rows).isSuperset(of: 0..<(bad / 2 * 2)), note)
      }
    }
  }

  @Test("items left out in processing were handled, and have their rows")
  func isolated() async throws {
    for open in 1...4 {
      let (rows, lost, failed) = try await recorded(
        openChunks: open, policy: .isolate(maximumErrors: 2)
      ) { chunk in
        if chunk.outputs.contains(3) { throw Broken(what: "3") }
      }
      #expect(lost.isEmpty && failed == [3])
      #expect(rows == Array(0..<8), "\(open) open: \(rows)")
    }
  }
}
