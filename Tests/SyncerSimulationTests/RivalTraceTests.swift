import Syncer
import SyncerSimulation
import Testing

/// The rivals replay what the originals did, chunk by chunk.
@Suite struct RivalTraceTests {
  @Test func everyTraceOfARivalIsReplayed() throws {
    let names = try GoldenTrace.names().filter { !$0.hasPrefix("co3-") }
    #expect(names == GoldenRival.traceNames.sorted())
  }

  @Test(
    "Sizes and durations as recorded lead to the recorded sizes", arguments: GoldenRival.traceNames)
  func openLoop(_ name: String) throws {
    let trace = try GoldenTrace(name)
    let target = try #require(trace.targetSeconds)
    var rival = try GoldenRival.entry(trace.peer).scheduler
    #expect(rival.nextSize(target: target) == trace.initialSize, "\(name), first chunk")
    #expect(!trace.rows.isEmpty)
    for row in trace.rows {
      let next = rival.next(row.size, row.durationSeconds, target: target)
      try #require(next == row.nextSize, "\(name), step \(row.step)")
    }
  }

  @Test("A rival left to itself works off the recorded chunks", arguments: GoldenRival.traceNames)
  func closedLoop(_ name: String) throws {
    let trace = try GoldenTrace(name)
    let target = try #require(trace.targetSeconds)
    let model = try #require(GoldenModel(rawValue: trace.model))
    let idles = trace.peer.hasPrefix("spark")
    var rival = try GoldenRival.entry(trace.peer).scheduler
    var now = 0
    var done = 0
    for row in trace.rows {
      // Spark submits its first batch after one interval and starts none before its tick.
      if idles { now = max(now, (row.step + 1) * Int(target * 1000)) }
      let planned = try #require(rival.nextSize(target: target))
      let size = min(planned, trace.totalItems - done)
      let cost = model.cost(of: done..<done + size, startingAt: now)
      now += cost
      done += size
      let seconds = Double(cost) / 1000
      let proposed = rival.next(size, seconds, target: target)
      let next = try #require(proposed)
      let chunk = GoldenTrace.Row(
        step: row.step, size: size, durationSeconds: seconds, nextSize: next)
      try #require(chunk == row, "\(name), step \(row.step)")
    }
    #expect(done == trace.totalItems, "\(name) leaves items")
  }
}
