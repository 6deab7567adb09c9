import InMemoryLogging
import Logging
import Syncer
import SyncerInstrumentation
import Testing

struct SyncLogTests {
  /// What a sync logs, as lines of level, text and one value.
  private func lines(
    of rehearsal: Rehearsal, from level: Logger.Level = .debug
  ) async -> [InMemoryLogHandler.Entry] {
    let store = InMemoryLogHandler()
    var logger = Logger(label: "test") { _ in store }
    logger.logLevel = level
    await rehearsal.run(SyncLog(logger: logger))
    return store.entries
  }

  @Test("a sync that keeps to its target logs its start and its end at info, its chunks below")
  func quiet() async {
    let calm = Rehearsal(milliseconds: [100, 200, 300, 400, 500])
    let entries = await lines(of: calm)
    #expect(entries.map(\.level) == [.info, .debug, .debug, .debug, .info])
    #expect(entries.first?.message == "Sync started.")
    #expect(entries.first?.metadata == ["items": "5"])
    #expect(entries[2].message == "Chunk finished.")
    #expect(
      entries[2].metadata == [
        "chunk": "2", "size": "2", "duration_s": "0.71", "processing_s": "0.01", "target_s": "1.0",
        "handled": "4", "items": "5",
      ])
    #expect(entries.last?.message == "Sync ended.")
    #expect(
      entries.last?.metadata == [
        "reason": "completed", "handled": "5", "items": "5", "chunks": "3", "elapsed_s": "1.53",
      ])
    #expect(await lines(of: calm, from: .warning).isEmpty)
  }

  @Test("a row of late chunks is one warning, and its end is told")
  func late() async {
    let milliseconds = [Int](repeating: 400, count: 4) + [Int](repeating: 2_000, count: 100)
    let once = await lines(of: Rehearsal(milliseconds: milliseconds), from: .info)
    #expect(once.map(\.level) == [.info, .warning, .info])
    #expect(once[1].message == "A chunk took more than twice its target.")
    #expect(once[1].metadata["chunk"] == "3")
    #expect(once[1].metadata["duration_s"] == "4.01")
    let twice = await lines(
      of: Rehearsal(milliseconds: milliseconds + [400, 400, 3_000, 400]), from: .info)
    #expect(twice.map(\.level) == [.info, .warning, .info, .warning, .info])
    #expect(twice[2].metadata == ["chunk": "53", "late_chunks": "50"])
  }

  @Test("an observer that is used again starts anew")
  func again() async {
    let store = InMemoryLogHandler()
    let log = SyncLog(logger: Logger(label: "test") { _ in store })
    for _ in 0..<2 { await Rehearsal(milliseconds: [3_000]).run(log) }
    #expect(store.entries.filter { $0.level == .warning }.count == 2)
  }

  @Test("items left out are warnings; a failure that ends the sync is an error")
  func failures() async {
    let isolated = await lines(
      of: Rehearsal(milliseconds: [100, 100, 100], faulty: [1]), from: .info)
    #expect(isolated.map(\.level) == [.info, .warning, .info])
    #expect(
      isolated[1].metadata == [
        "item": "1", "phase": "handling", "chunk": "1", "error": "Fault()",
      ])
    let failed = await lines(
      of: Rehearsal(milliseconds: [100, 100, 100], faulty: [2], onFailure: .stop), from: .info)
    #expect(failed.map(\.level) == [.info, .error])
    #expect(failed.last?.metadata["reason"] == "failed")
    #expect(failed.last?.metadata["error"] == "Fault()")
  }

  @Test("what stands in the way of the target is a warning of its own words")
  func warning() async {
    let store = InMemoryLogHandler()
    let log = SyncLog(logger: Logger(label: "test") { _ in store })
    let warning = SyncWarning.overheadAboveTarget(overhead: .seconds(3), target: .seconds(1))
    log.syncDidWarn(warning)
    #expect(store.entries.map(\.level) == [.warning])
    #expect(store.entries.first?.message == "\(warning)")
  }
}
