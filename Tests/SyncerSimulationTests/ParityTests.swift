import Syncer
import SyncerSimulation
import Testing

/// The moving average against recordings of co3 0.6.3, which was run for them.
struct ParityTests {
  /// Recordings that do not replay, and why.
  static let excluded = [
    "co3-limit-clockback": "a chunk of -2 seconds: time here is monotonic",
    "co3-limit-limit-gt-items": "phantom items beyond the count",
    "co3-limit-limit-gt-items-1ms": "phantom items beyond the count",
    "co3-limit-time0": "a chunk time of zero is an error here",
    "co3-limit-timeneg": "a negative chunk time is an error here",
    "co3-limit-timenone-cap100": "a cap without chunk time halves there and stays here",
  ]

  /// Recordings without a row: nothing happened, or it died in the first chunk.
  static let empty = [
    "co3-limit-empty", "co3-limit-limit0", "co3-limit-limitneg", "co3-limit-retnone",
    "co3-limit-timefloat2.5", "co3-limit-zerodur", "co3-limit-zerodur-timenone",
  ]

  static let replayed = [
    "co3-const", "co3-const-epochclock", "co3-fast2slow", "co3-fast2slow-cap100",
    "co3-fast2slow-cap1000", "co3-limit-cap0", "co3-limit-cap3", "co3-limit-capneg5",
    "co3-limit-itemlimit1", "co3-limit-limit50", "co3-limit-raise3", "co3-limit-shutdown3",
    "co3-limit-timefloat0.5", "co3-limit-timefloat2.5-cap2", "co3-limit-timenone-limit300",
    "co3-limit-timenone-nocap", "co3-limit-zerodur-later", "co3-overhead", "co3-spike",
  ]

  @Test("every recording is replayed or excluded for a reason")
  func everyRecordingIsUsed() throws {
    let names = try GoldenTrace.names().filter { $0.hasPrefix("co3-") }
    #expect(names == (Self.replayed + Self.empty + Self.excluded.keys).sorted())
    for name in Self.empty {
      let rows = try GoldenTrace(name).rows
      #expect(rows.isEmpty, "\(name)")
    }
  }

  @Test("sizes and durations as recorded lead to the recorded sizes", arguments: replayed)
  func openLoop(name: String) throws {
    let trace = try GoldenTrace(name)
    let limit = min(trace.itemLimit ?? trace.totalItems, trace.totalItems)
    let cap = min(max(trace.chunkCap ?? limit, 1), limit)
    var remaining = limit
    var scheduler = MovingAverageScheduler()
    // Without chunk time there is one chunk and no target to learn from.
    let target = trace.targetSeconds ?? 1
    let open = ChunkStart(targetSeconds: target)
    var size =
      trace.targetSeconds == nil ? cap : max(min(scheduler.proposedSize(for: open), cap), 1)
    #expect(size == trace.initialSize, "\(name), first chunk")
    for row in trace.rows {
      try #require(row.size == size, "\(name), step \(row.step)")
      remaining -= row.size
      scheduler.learn(
        ChunkSample(count: row.size, handleSeconds: row.durationSeconds, targetSeconds: target),
        from: ())
      size = max(min(scheduler.proposedSize(for: open), cap, remaining), 1)
      try #require(size == row.nextSize, "\(name), after step \(row.step)")
    }
  }

  /// Ended in the original before all items were handled; what it did till then is compared.
  private static let endedEarly = [
    "co3-limit-raise3", "co3-limit-shutdown3", "co3-limit-zerodur-later",
  ]

  /// Recordings whose parameters a scenario accepts, with exact durations.
  private static let simulated = replayed.filter {
    !["co3-const-epochclock", "co3-limit-cap0", "co3-limit-capneg5"].contains($0)
  }

  @Test("the simulation of the same items makes the recorded chunks", arguments: simulated)
  func closedLoop(name: String) async throws {
    let trace = try GoldenTrace(name)
    let model = try #require(CostModel(rawValue: trace.model))
    let simulation = try Simulation(model.scenario(of: trace))
    var rows: [GoldenTrace.Row] = []
    _ = try await simulation.run(SchedulerSettings("moving-average")) { chunk in
      let step = rows.count
      rows.append(
        GoldenTrace.Row(
          step: step, size: chunk.record.size, durationSeconds: chunk.durationSeconds,
          nextSize: step < trace.rows.count ? trace.rows[step].nextSize : 0))
    }
    let compared = Self.endedEarly.contains(name) ? rows.prefix(trace.rows.count) : rows[...]
    try #require(compared.count == trace.rows.count, "\(name)")
    for (own, row) in zip(compared, trace.rows) {
      try #require(own == row, "\(name), step \(row.step)")
    }
  }

  @Test("the collapse of the original is the recorded one: 164 times its target")
  func collapse() async throws {
    let trace = try GoldenTrace("co3-fast2slow")
    let simulation = try Simulation(CostModel.fast2slow.scenario(of: trace))
    let metrics = try await simulation.run(SchedulerSettings("moving-average"))
    #expect(metrics[.overshoot] == 819.68 / 5)
    #expect(metrics[.makespan] == 1020)
    #expect(metrics[.chunks] == 7)
  }
}

/// What the items of a recording cost, as its `model_desc` says.
private enum CostModel: String {
  case const
  case fast2slow
  case spike
  case overhead
  case zerolater

  func scenario(of trace: GoldenTrace) -> Scenario {
    let sync = SyncSettings(
      chunkTimeSeconds: trace.targetSeconds, itemLimit: trace.itemLimit, chunkCap: trace.chunkCap)
    switch self {
    case .const: return .constant([(trace.totalItems, 0.01)], sync: sync)
    case .fast2slow: return .constant([(20_000, 0.001), (200, 5)], sync: sync)
    case .spike:
      // Items are 20 ms and 200 ms long, so that one starts exactly at each edge of the window.
      let window = LoadWindow(fromSeconds: 60, toSeconds: 120, slowdown: 10)
      return .constant(
        [(trace.totalItems, 0.02)], sync: sync, load: LoadSettings(windows: [window]))
    case .overhead: return .constant([(trace.totalItems, 0.01)], sync: sync, overhead: 0.5)
    case .zerolater: return .constant([(100, 0.01), (trace.totalItems - 100, 0)], sync: sync)
    }
  }
}
