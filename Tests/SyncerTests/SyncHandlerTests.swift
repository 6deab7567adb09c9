import Synchronization
import Syncer
import Testing

/// Implements only what a handler must.
private struct PlainHandler: SyncHandler {
  typealias Key = Int

  final class Log: Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    func add(_ line: String) { kept.withLock { $0.append(line) } }
  }

  let log = Log()

  func handleLeftExclusive(_ key: Int, _ items: ArraySlice<String>) -> String {
    "left \(key) \(Array(items))"
  }

  func handleRightExclusive(_ key: Int, _ items: ArraySlice<Int>) -> String {
    "right \(key) \(Array(items))"
  }

  func handleIntersection(
    _ key: Int, _ left: ArraySlice<String>, _ right: ArraySlice<Int>
  ) -> String {
    "both \(key) \(Array(left)) \(Array(right))"
  }

  func processChunk(_ chunk: HandledChunk<String>) {
    log.add("\(chunk.number): " + chunk.outputs.joined(separator: ", "))
  }
}

struct SyncHandlerTests {
  private static let differ = Differ(
    left: ArrayResource(["a", "bb", "cc"]), right: ArrayResource([2, 3]), leftKey: \.count,
    rightKey: { $0 })

  @Test("each entry goes to the method of its set, and the outputs to processChunk in order")
  func dispatch() async throws {
    let handler = PlainHandler()
    let syncer = Syncer(
      differ: Self.differ, handler: handler, order: .listed, clock: ManualClock())
    _ = try await syncer.chunkedSync(chunkCap: 2)
    #expect(
      handler.log.lines == [
        "1: left 1 [\"a\"], both 2 [\"bb\", \"cc\"] [2]", "2: right 3 [3]",
      ])
  }

  @Test("unless told otherwise, everything takes part and the class is the membership")
  func defaults() async throws {
    let handler = PlainHandler()
    for entry in try await Self.differ.diff() {
      let (takesPart, costClass) = (handler.filter(entry), handler.costClass(of: entry))
      let hint = handler.costHint(of: entry)
      #expect(takesPart)
      #expect(costClass.name == entry.membership.rawValue)
      #expect(hint == nil)
    }
    #expect(
      Membership.allCases.map(\.costClass) == [
        "left-exclusive", "right-exclusive", "intersection",
      ])
  }

  @Test("a handler of closures calls each closure for what it is named after")
  func closures() async throws {
    let log = PlainHandler.Log()
    let handler = ClosureSyncHandler<Int, String, Int, Int>(
      filter: { $0.key != 1 },
      costClass: { CostClass("key \($0.key)") },
      costHint: { Double($0.key) },
      handle: { entry in
        log.add("handle \(entry.membership) \(entry.key)")
        return entry.key
      },
      processChunk: { log.add("process \($0.outputs)") })
    let syncer = Syncer(
      differ: Self.differ, handler: handler, scheduler: FixedScheduler(size: 5), order: .listed,
      clock: ManualClock())
    let report = try await syncer.chunkedSync(chunkTime: .seconds(1))
    #expect(log.lines == ["handle intersection 2", "handle rightExclusive 3", "process [2, 3]"])
    let classes = try #require(report.chunks.first).classes
    #expect(classes.map(\.costClass) == ["key 2", "key 3"])
    #expect(classes.map(\.handling.units) == [2, 3])
  }

  @Test("a hint that is no number above zero is none", arguments: [0, -1, .nan, .infinity])
  func uselessHints(hint: Double) async throws {
    let handler = ClosureSyncHandler<Int, Int, Int, Int>(
      costHint: { _ in hint }, handle: { $0.key }, processChunk: { _ in })
    let syncer = Syncer(
      differ: Differ(left: ArrayResource([1, 2]), right: ArrayResource([])), handler: handler,
      scheduler: FixedScheduler(size: 5), order: .listed, clock: ManualClock())
    let report = try await syncer.chunkedSync(chunkTime: .seconds(1))
    let units = report.chunks.flatMap(\.classes).map(\.handling.units)
    #expect(units == [2], "two items of one unit each")
  }

  @Test("a chunk made outside a sync can be processed and completed, as in a handler's own test")
  func chunkOutsideSync() async {
    let handler = PlainHandler()
    let chunk = HandledChunk(outputs: ["x"])
    await chunk.completed(0, in: .seconds(1))
    handler.processChunk(chunk)
    #expect(handler.log.lines == ["1: x"])
  }
}
