import Syncer
import Testing

/// Handlers that need no switch over sides and no `first`.
struct EntryHandlerTests {
  private static let differ = Differ(
    left: ArrayResource(["a", "bb", "ccc", "dddd"]), right: ArrayResource([2, 3, 7]),
    leftKey: \.count, rightKey: { $0 })

  /// Handles whole entries.
  private struct Entries: EntrySyncHandler {
    typealias Key = Int
    typealias Left = String
    typealias Right = Int

    func handle(_ entry: DiffEntry<Int, String, Int>) -> String {
      "\(entry.key) \(entry.left ?? "-") \(entry.right ?? 0)"
    }

    func processChunk(_ chunk: HandledChunk<String>) {}
  }

  @Test("an entry has the items of its sides, and the first of each")
  func sides() async throws {
    let entries = Array(try await Self.differ.diff())
    #expect(entries.map(\.left) == ["a", "bb", "ccc", "dddd", nil])
    #expect(entries.map(\.right) == [nil, 2, 3, nil, 7])
    let several = DiffEntry<Int, String, Int>.intersection(1, ["x", "y"], [4, 5, 6])
    #expect(several.left == "x" && Array(several.leftItems) == ["x", "y"])
    #expect(several.right == 4 && Array(several.rightItems) == [4, 5, 6])
  }

  @Test("one method handles entries of every side")
  func entries() async throws {
    let handler = Entries()
    for (key, left, right, text) in [(1, ["a"], [], "1 a 0"), (7, [], [7], "7 - 7")]
      as [(Int, [String], [Int], String)]
    {
      let output =
        left.isEmpty
        ? try await handler.handleRightExclusive(key, right[...])
        : try await handler.handleLeftExclusive(key, left[...])
      #expect(output == text)
    }
    #expect(try await handler.handleIntersection(2, ["bb"], [2]) == "2 bb 2")
  }

  @Test("a closure per side; a side without one, and what is unchanged, take no part")
  func closures() async throws {
    let journal = Journal()
    let handler = Self.differ.handler(
      onlyLeft: { text in text.count },
      both: { text, number in 10 * text.count + number },
      isUnchanged: { text, _ in text == "bb" },
      processChunk: { chunk in journal.process(chunk.outputs) })
    let syncer = Syncer(
      differ: Self.differ, handler: handler, order: .listed, clock: ManualClock())
    let report = try await syncer.chunkedSync()
    #expect(journal.processed == [[1, 33, 4]])
    #expect(report.itemCount == 3 && report.stopReason == .completed)
  }

  @Test("one closure for all entries takes its types from the differ")
  func oneClosure() async throws {
    let journal = Journal()
    let handler = Self.differ.handler(
      handle: { entry in entry.key }, processChunk: { chunk in journal.process(chunk.outputs) })
    let syncer = Syncer(
      differ: Self.differ, handler: handler, order: .listed, clock: ManualClock())
    _ = try await syncer.chunkedSync()
    #expect(journal.processed == [[1, 2, 3, 4, 7]])
  }

  @Test("a key with several items is an error, and nothing of it is dropped")
  func several() async throws {
    let differ = Differ(
      left: ArrayResource(["a", "b"]), right: ArrayResource<Int>([]), leftKey: \.count,
      rightKey: { $0 })
    let handler = differ.handler(onlyLeft: { text in text }, processChunk: { _ in })
    let syncer = Syncer(differ: differ, handler: handler, clock: ManualClock())
    let failure = await #expect(throws: SyncFailure<Int>.self) { try await syncer.chunkedSync() }
    let error = try #require(failure?.underlyingError as? SeveralItemsError)
    #expect(error == SeveralItemsError(key: "1", leftCount: 2, rightCount: 0))
    #expect("\(error)".contains("choose a key that is unique"))
  }

  @Test("a differ's handlers say how many workers they have")
  func workers() {
    let differ = Differ(left: ArrayResource(["a"]), right: ArrayResource(["b"]))
    #expect(differ.handler(workers: 4, handle: { $0.key }, processChunk: { _ in }).workers == 4)
    #expect(differ.handler(onlyLeft: { $0 }, workers: 3, processChunk: { _ in }).workers == 3)
    #expect(differ.handler(onlyLeft: { $0 }, processChunk: { _ in }).workers == 1)
  }
}
