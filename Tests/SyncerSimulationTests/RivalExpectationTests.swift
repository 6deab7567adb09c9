import Syncer
import SyncerSimulation
import Testing

/// The rivals give the outputs that the originals' own unit tests state.
@Suite struct RivalExpectationTests {
  let expectations: GoldenValue

  init() throws {
    expectations = try GoldenValue(file: "unit-expectations")
  }

  @Test func percona() throws {
    let suite = try #require(expectations["percona_WeightedAvgRate_t"])
    let constructor = try #require(suite["ctor"])
    let target = try constructor.number("target_t")
    var rival = PerconaScheduler(decay: try constructor.number("weight"))
    for (index, step) in try suite.elements("sequence").enumerated() {
      let update = try #require(step["update"]).numbers
      try #require(update.count == 2)
      var last: Int?
      for _ in 0..<(try step.whole("times")) {
        last = rival.next(Int(update[0]), update[1], target: target)
      }
      #expect(last == (try step.whole("last_result")), "step \(index)")
    }
  }

  /// The original dies on a first zero, which is no observation here, and accepts a later one.
  @Test func perconaAtZeroSeconds() {
    var rival = PerconaScheduler(firstSize: 7)
    #expect(rival.next(1000, 0, target: 1) == 7)
    #expect(rival.estimate(for: ItemProfile(classIndex: 0)) == nil)
    #expect(rival.next(1000, 1, target: 1) == 1000)
    #expect(rival.next(1000, 0, target: 1) == 2333)
    #expect(rival.next(1000, 0, target: 1) == 4111)
  }

  @Test func gitLabSizes() throws {
    let suite = try #require(expectations["gitlab_optimizer_spec"])
    for pair in try suite.elements("optimized_batch_size") {
      let rival = GitLabScheduler(maxSize: pair["max"]?.whole ?? 2_000_000)
      let size = rival.resized(try pair.whole("current"), at: try pair.number("efficiency"))
      #expect(size == (try pair.whole("result")), "\(pair)")
    }
  }

  @Test func gitLabDecisions() throws {
    let suite = try #require(expectations["gitlab_optimizer_spec"])
    for pair in try suite.elements("should_optimize").map(\.elements) {
      try #require(pair.count == 2)
      let decision = GitLabScheduler().isOffTarget(pair[0].number)
      #expect(decision == (pair[1].number == 1), "\(pair)")
    }
  }

  @Test func gitLabEfficiencies() throws {
    let suite = try #require(expectations["gitlab_optimizer_spec"])
    let pairs = try suite.elements("smoothed_time_efficiency_alpha_0.2_newest_first")
    for pair in pairs {
      let efficiencies = try pair.elements("efficiencies").compactMap(\.number)
      let efficiency = GitLabScheduler.smoothedEfficiency(efficiencies, smoothing: 0.2)
      #expect(efficiency == (try pair.number("measured")), "\(pair)")
    }
    #expect(GitLabScheduler.smoothedEfficiency([], smoothing: 0.2) == nil)
  }

  @Test func flink() throws {
    let suite = try #require(expectations["flink_BufferSizeEMATest"])
    let constructor = try #require(suite["ctor"])
    var average = BufferSizeAverage(
      minSize: try constructor.whole("min"), maxSize: try constructor.whole("max"),
      samples: try constructor.whole("samples"))
    for (index, row) in try suite.elements("total_buffers_result").map(\.numbers).enumerated() {
      try #require(row.count == 3)
      let size = average.add(total: row[0], buffers: Int(row[1]))
      #expect(size == Int(row[2]), "row \(index)")
    }
  }

  @Test func chunky() throws {
    let suite = try #require(expectations["vend_chunky_ChunkTest"])
    for pair in try suite.elements("pairs") {
      let constructor = try #require(pair["ctor"]).numbers
      try #require(constructor.count == 2)
      let options = pair["options"]
      var rival = ChunkyScheduler(
        firstSize: Int(constructor[0]), smoothing: options?["smoothing"]?.number ?? 0.3,
        minSize: options?["min"]?.whole, maxSize: options?["max"]?.whole)
      let chunks: [(seconds: Double, count: Int)]
      if let chunk = pair["interval_processed"]?.numbers {
        try #require(chunk.count == 2)
        chunks = [(chunk[0], Int(chunk[1]))]
      } else {
        chunks = try pair.elements("intervals").compactMap(\.number)
          .map { ($0, Int(constructor[0])) }
      }
      let sizes = chunks.map { rival.next($0.count, $0.seconds, target: constructor[1]) }
      #expect(sizes == (try pair.elements("results").map(\.whole)), "\(pair)")
    }
  }
}
