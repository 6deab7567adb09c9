import Synchronization
import Testing

@testable import Syncer

/// Answers as a script says, and then takes; keeps what it was asked.
private final class Script: Sendable {
  struct Question: Equatable {
    var chunk: Int
    var count: Int
    var item: Int
    var answer: Admission
  }

  private let state: Mutex<(answers: [Admission], asked: [Question])>

  init(_ answers: [Admission]) { state = Mutex((answers.reversed(), [])) }

  var asked: [Question] { state.withLock { $0.asked } }

  func answer(_ item: Int, _ chunk: OpenChunk) -> Admission {
    state.withLock { state in
      let answer = state.answers.popLast() ?? .take
      state.asked.append(
        Question(chunk: chunk.start.number, count: chunk.count, item: item, answer: answer))
      return answer
    }
  }
}

/// Every item is a class of its own, whose number is the item's rank.
private struct ScriptedScheduler: ChunkScheduler {
  let script: Script

  func admits(
    _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
  ) -> Admission { script.answer(next.classIndex, chunk) }
}

struct DeferralTests {
  private struct Trial: CustomStringConvertible {
    var count: Int
    var answers: [Admission]
    var order = SyncOrder.roughlyListed
    var cap: Int?
    var limit: Int?

    var description: String {
      "\(count) items, \(order), cap \(cap ?? -1), limit \(limit ?? -1), answers \(answers)"
    }
  }

  private func check(_ trial: Trial) async throws {
    let script = Script(trial.answers)
    var bench = Bench(0..<trial.count)
    bench.costClass = { CostClass("\($0)") }
    let report = try await bench.syncer(ScriptedScheduler(script: script), order: trial.order)
      .chunkedSync(chunkTime: .seconds(1), itemLimit: trial.limit, chunkCap: trial.cap)
    var positions = Array(0..<trial.count)
    trial.order.arrange(&positions)
    let wanted = Array(positions.prefix(trial.limit ?? trial.count))
    let handled = bench.journal.handled
    let later = Dictionary(grouping: script.asked.filter { $0.answer == .later }, by: \.item)
    // Items are numbered as they are met, which is in the order of the sync.
    let steady = wanted.enumerated().filter { later[$0.offset] == nil }.map(\.element)
    let laws: [(Bool, String)] = [
      (handled.sorted() == wanted.sorted(), "the items of the limit are handled once"),
      (bench.journal.processed.flatMap { $0 } == handled, "what is handled is processed"),
      (handled.filter(Set(steady).contains) == steady, "items that never wait keep their order"),
      (trial.order != .listed || handled == wanted, "a strict order is kept"),
      (
        later.values.allSatisfy { $0.count <= Backlog.mostWaits + trial.count },
        "an item waits a bounded number of chunks"
      ),
      (report.chunks.allSatisfy { $0.size >= 1 && $0.size <= trial.cap ?? .max }, "sizes"),
      (report.handledCount == wanted.count, "handledCount"),
      (report.stopReason == (wanted.count < trial.count ? .itemLimit : .completed), "stopReason"),
      (
        report.chunks.last.map { $0.closeReason == .end } ?? true, "the last chunk ends the items"
      ),
      (
        report.chunks.dropLast().allSatisfy { $0.closeReason != .end },
        "no other chunk ends the items"
      ),
      (waitersComeFirst(script.asked), "items that wait are asked about first"),
    ]
    for (holds, law) in laws where !holds {
      Issue.record("\(law): \(trial); handled \(handled), asked \(script.asked)")
    }
  }

  /// Whether items asked about before come before all others, in every chunk, in their order.
  private func waitersComeFirst(_ asked: [Script.Question]) -> Bool {
    var known: Set<Int> = []
    for chunk in Set(asked.map(\.chunk)).sorted() {
      let items = asked.filter { $0.chunk == chunk }.map(\.item)
      let old = items.prefix { known.contains($0) }
      if items.dropFirst(old.count).contains(where: known.contains) || old != old.sorted()[...] {
        return false
      }
      known.formUnion(items)
    }
    return true
  }

  @Test("every script of seven answers over up to five items: each once, in order, first in line")
  func exhaustive() async throws {
    let answers: [Admission] = [.take, .close, .later]
    for count in 0...5 {
      for number in 0..<2187 {
        var rest = number
        let script = (0..<7).map { _ in
          defer { rest /= 3 }
          return answers[rest % 3]
        }
        try await check(Trial(count: count, answers: script))
        if number % 3 == 0 {
          try await check(Trial(count: count, answers: script, cap: 2, limit: 4))
          try await check(Trial(count: count, answers: script, order: .listed))
        }
      }
    }
  }

  @Test("random answers, orders, caps and limits", arguments: 0..<300 as Range<UInt64>)
  func random(seed: UInt64) async throws {
    var generator = SplitMix64(seed: seed)
    let count = generator.next(below: 60)
    let shares = (generator.next(below: 10), generator.next(below: 10))
    let answers: [Admission] = (0..<400).map { _ in
      let draw = generator.next(below: 20)
      return draw < shares.0 ? .later : draw < shares.0 + shares.1 ? .close : .take
    }
    let orders = [SyncOrder.listed, .roughlyListed, .shuffled(seed: seed)]
    try await check(
      Trial(
        count: count, answers: answers, order: orders[generator.next(below: 3)],
        cap: generator.next(below: 2) == 0 ? nil : 1 + generator.next(below: 5),
        limit: generator.next(below: 3) == 0 ? generator.next(below: 70) : nil))
  }

  @Test("what always has to wait is handled all the same, each item alone")
  func alwaysLater() async throws {
    for order in [SyncOrder.listed, .roughlyListed] {
      let bench = Bench(0..<6)
      let script = Script(Array(repeating: .later, count: 1000))
      let report = try await bench.syncer(ScriptedScheduler(script: script), order: order)
        .chunkedSync(chunkTime: .seconds(1))
      #expect(bench.journal.handled == [0, 1, 2, 3, 4, 5])
      #expect(report.chunks.allSatisfy { $0.size == 1 })
      #expect(script.asked.filter { $0.item == 5 }.count <= 6 + Backlog.mostWaits)
    }
  }

  @Test("a window bounds what waits: the item beyond it closes the chunk")
  func window() async throws {
    let bench = Bench(0..<(Backlog.window + 20))
    let script = Script([.take] + Array(repeating: .later, count: Backlog.window + 1))
    let report = try await bench.syncer(ScriptedScheduler(script: script), order: .roughlyListed)
      .chunkedSync(chunkTime: .seconds(1000))
    #expect(report.chunks.map(\.size) == [1, Backlog.window + 19])
    #expect(script.asked.filter { $0.chunk == 1 }.count == Backlog.window + 2)
    #expect(bench.journal.handled == Array(0..<(Backlog.window + 20)))
  }

  @Test(
    "items that wait when the sync is stopped or fails are left, and counted as remaining",
    arguments: [true, false])
  func stoppedWhileWaiting(isCancelled: Bool) async throws {
    let stop = SyncStop()
    var bench = Bench(0..<6)
    bench.onHandle = { item in
      guard item == 3 else { return }
      if isCancelled { stop.finishChunk() } else { throw Fault(place: "item 3") }
    }
    let script = Script([.take, .later, .later, .take])
    var syncer = bench.syncer(ScriptedScheduler(script: script), order: .roughlyListed)
    syncer.stop = stop
    do throws(SyncFailure<Int>) {
      let report = try await syncer.chunkedSync(chunkTime: .seconds(1))
      #expect(isCancelled && report.stopReason == .cancelled)
      #expect(bench.journal.processed == [[0, 3]])
      #expect(report.itemCount - report.handledCount == 4)
    } catch {
      #expect(!isCancelled)
      #expect(error.openKeys == [0, 3])
      #expect(error.report.handledCount == 0)
    }
  }

  @Test("only the listed order is strict")
  func freeOrders() {
    #expect(!SyncOrder.listed.isFree && SyncOrder.roughlyListed.isFree)
    #expect(SyncOrder.shuffled(seed: 1).isFree)
  }
}
