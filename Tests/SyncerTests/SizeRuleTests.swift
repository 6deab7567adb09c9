import Testing

@testable import Syncer

/// Size rules as tables: chunks of `size:seconds` in, the sizes proposed before each and after
/// the last out.
struct SizeRuleTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var rule: String
    var target: Double
    var smoothing = 0.5
    var firstSize: Int?
    var chunks: String
    var sizes: String
    var testDescription: String { rule }
  }

  private static let movingAverage = [
    Row(
      rule: "fast items: the mean of last and needed size, cut towards zero", target: 5,
      chunks: "5:0.05 252:2.52 376:3.76 438:4.38", sizes: "5 252 376 438 469"),
    Row(
      rule: "growth has no limit", target: 5,
      chunks: "5:0.005 2502:2.502", sizes: "5 2502 3751"),
    Row(
      rule: "shrinking stops at one half a chunk", target: 5,
      chunks: "4000:20000 2000:10000 1000:5000", sizes: "5 2000 1000 500"),
    Row(
      rule: "the fixed point is one below the ideal 500", target: 5,
      chunks: "499:4.99 499:4.99", sizes: "5 499 499"),
    Row(
      rule: "a chunk of zero seconds or less is no observation", target: 5,
      chunks: "5:0 5:-1 5:0.05", sizes: "5 5 5 252"),
    Row(
      rule: "the first size is the whole seconds of the target, at least 1", target: 0.5,
      chunks: "1:0.01", sizes: "1 25"),
    Row(
      rule: "smoothing 1 forgets at once", target: 5, smoothing: 1,
      chunks: "10:1 10:100", sizes: "5 50 1"),
    Row(
      rule: "smoothing 0.25 keeps three quarters", target: 4, smoothing: 0.25,
      chunks: "8:1", sizes: "4 14"),
    Row(
      rule: "a first size given is used", target: 5, firstSize: 100,
      chunks: "100:1", sizes: "100 300"),
    Row(
      rule: "what fits in no whole number is the largest", target: 1e300,
      chunks: "5:1e-300", sizes: "9223372036854775807 9223372036854775807"),
  ]

  @Test("moving average", arguments: movingAverage)
  func movingAverageTable(row: Row) throws {
    var scheduler = MovingAverageScheduler(smoothing: row.smoothing, firstSize: row.firstSize)
    let open = ChunkStart(targetSeconds: row.target)
    var sizes = [scheduler.proposedSize(for: open)]
    for chunk in row.chunks.split(separator: " ") {
      let parts = chunk.split(separator: ":")
      let count = try #require(Int(parts[0]))
      let seconds = try #require(Double(parts[1]))
      scheduler.learn(
        ChunkSample(count: count, handleSeconds: seconds, targetSeconds: row.target), from: ())
      sizes.append(scheduler.proposedSize(for: open))
    }
    #expect(sizes.map(String.init).joined(separator: " ") == row.sizes)
  }

  @Test("a fixed size learns nothing")
  func fixed() {
    let scheduler = FixedScheduler(size: 7)
    scheduler.learn(ChunkSample(count: 7, handleSeconds: 1000, targetSeconds: 1), from: ())
    #expect(scheduler.open(ChunkStart(targetSeconds: 1)).plan == .items(7))
    #expect(scheduler.estimate(for: ItemProfile(classIndex: 0)) == nil)
  }

  @Test("a proposal below one plans one item")
  func proposalBelowOne() {
    struct Refusing: SizedScheduler {
      func proposedSize(for chunk: ChunkStart) -> Int { -3 }
    }
    #expect(Refusing().open(ChunkStart(targetSeconds: 1)).plan == .asked(atMost: 1))
    #expect(ChunkPlan.items(.min).size == 1)
  }

  @Test("a size rule that also looks at the clock is asked, and closes in time")
  func timeBoxedSize() async throws {
    struct TimeBoxed: SizedScheduler {
      func proposedSize(for chunk: ChunkStart) -> Int { 1000 }
      func admits(
        _ next: ItemProfile, into chunk: OpenChunk, _ draft: inout Void
      ) -> Admission { chunk.elapsedSeconds < chunk.targetSeconds ? .take : .close }
    }
    var bench = Bench(0..<2000)
    bench.cost = { _ in .seconds(1) }
    let report = try await bench.syncer(TimeBoxed()).chunkedSync(chunkTime: .seconds(5))
    #expect(report.chunks.allSatisfy { $0.size == 5 && $0.plannedSize == 1000 })
    bench.cost = { _ in .zero }
    let sizes = try await bench.syncer(TimeBoxed()).chunkedSync(chunkTime: .seconds(5))
    #expect(sizes.chunks.map(\.size) == [1000, 1000])
  }

  @Test("the moving average takes every item to cost target over size")
  func estimate() {
    var scheduler = MovingAverageScheduler()
    let item = ItemProfile(classIndex: 3)
    #expect(scheduler.estimate(for: item) == nil)
    scheduler.learn(ChunkSample(count: 10, handleSeconds: 1, targetSeconds: 5), from: ())
    // (5 / 0.1 + 10) / 2 = 30 items.
    #expect(scheduler.estimate(for: item) == CostEstimate(seconds: 5.0 / 30, observations: 30))
  }

  @Test("real numbers are cut towards zero into a range; what is no number is its lower bound")
  func clamping() {
    let cases: [(Double, Int)] = [
      (2.99, 2), (0.5, 1), (-7, 1), (.nan, 1), (-.infinity, 1), (.infinity, 10), (10, 10),
      (1e300, 10),
    ]
    for (value, wanted) in cases {
      #expect(clampedInt(value, to: 1...10) == wanted, "\(value)")
    }
    #expect(clampedInt(1e19, to: 1...Int.max) == Int.max)
  }

  @Test("durations are read to the nanosecond, as the nearest double of the decimal")
  func seconds() {
    #expect(Duration.milliseconds(550).inSeconds == 0.55)
    #expect(Duration.nanoseconds(1).inSeconds == 1e-9)
    #expect((Duration.seconds(3) + .milliseconds(760)).inSeconds == 3.76)
    #expect(Duration.seconds(-2).inSeconds == -2)
    #expect(Duration.seconds(1 << 60).inSeconds == Double(1 << 60))
  }
}
