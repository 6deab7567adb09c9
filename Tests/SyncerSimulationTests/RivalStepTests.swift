import Syncer
import SyncerSimulation
import Testing

/// The unit tests of Spirit and Spark, whose records tell calls in words.
@Suite struct RivalStepTests {
  @Test(
    "Spirit limits a step",
    arguments: [(1000, 10_000, 1500), (1000, 0, 10), (100_000, 200_000, 100_000)])
  func spiritStep(size: Int, wanted: Int, result: Int) {
    var rival = SpiritScheduler(firstSize: size)
    rival.step(to: wanted)
    #expect(rival.size == result)
  }

  @Test func spiritPercentile() {
    #expect(SpiritScheduler.slowTenth(of: [1, 2, 1, 3, 10, 1, 1, 1, 1, 1]) == 3)
    let history = [Double](repeating: 0.1, count: 10)
    let slow = SpiritScheduler.slowTenth(of: history)
    #expect(slow == 0.1)
    #expect(SpiritScheduler().neededSize(for: 0.5, at: slow) == 5000)
  }

  @Test func spiritPanics() {
    var rival = SpiritScheduler()
    #expect(rival.next(1000, 1, target: 0.1) == 100)
    var atFloor = SpiritScheduler(firstSize: 10)
    for _ in 0..<10_000 { #expect(atFloor.next(10, 1, target: 0.1) == 10) }
  }

  /// Time that does not shrink with the size drives it to the floor.
  @Test func spiritEndsAtTheFloor() {
    var rival = SpiritScheduler()
    for _ in 0..<20 { _ = rival.next(rival.size, 3, target: 0.5) }
    #expect(rival.size == 10)
  }

  /// The original's test feeds bytes, which take the same way as seconds.
  @Test func spiritEndsAtTheCeiling() {
    var rival = SpiritScheduler()
    for _ in 0..<200 { _ = rival.next(rival.size, 0, target: 0.5) }
    #expect(rival.size == 100_000)
  }

  @Test func spiritIgnoresAChunkOfAnotherSize() {
    var rival = SpiritScheduler()
    #expect(rival.next(1000, 1, target: 0.1) == 100)
    #expect(rival.next(100, 1, target: 0.1) == 10)
    #expect(rival.next(1234, 10, target: 0.1) == 10)
    for _ in 0..<10 { #expect(rival.next(10, 50e-6, target: 0.1) == 10) }
    #expect(rival.next(10, 50e-6, target: 0.1) == 15)
  }

  /// A call of the original's controller, in milliseconds.
  struct Call {
    var time: Double
    var count: Int
    var duration: Double
    var delay = 0.0
  }

  @Test func sparkIgnoresWhatSaysNothing() throws {
    let suite = try #require(GoldenValue(file: "unit-expectations")["spark_PIDRateEstimatorSuite"])
    let pair = try #require(suite.elements("pairs").first)
    let constructor = try pair.elements("ctor").compactMap(\.number)
    try #require(constructor.count == 5)
    var rival = SparkPIDScheduler(
      proportional: constructor[1], integral: constructor[2], derivative: constructor[3],
      minRate: constructor[4])
    let calls = try pair.elements("calls_time_n_proc_sched").map(\.numbers)
    let rates = calls.map { call in
      rival.correctedRate(
        at: call[0], count: Int(call[1]), duration: call[2], delay: call[3],
        interval: constructor[0])
    }
    #expect(rates == (try pair.elements("results").map(\.number)))
  }

  @Test func sparkFallsToTheLeastRate() {
    let calls = (0..<50).map { Call(time: Double(20 * $0), count: 1, duration: 20, delay: 100) }
    let expected: [Double?] = [nil] + [Double?](repeating: 5, count: 49)
    #expect(rates(calls, minRate: 5) == expected)
  }

  @Test func sparkFollowsARisingRate() {
    let calls = (0..<50).map { Call(time: Double(20 * $0), count: 20 * ($0 + 1), duration: 20) }
    let expected: [Double?] = [nil] + (1..<50).map { Double(1000 * ($0 + 1)) }
    #expect(rates(calls, minRate: 10) == expected)
  }

  @Test func sparkFollowsAFallingRate() {
    let calls = (0..<50).map { Call(time: Double(20 * $0), count: 20 * (50 - $0), duration: 20) }
    let expected: [Double?] = [nil] + (1..<50).map { Double(1000 * (50 - $0)) }
    #expect(rates(calls, minRate: 10) == expected)
  }

  private func rates(_ calls: [Call], minRate: Double) -> [Double?] {
    var rival = SparkPIDScheduler(proportional: 1, integral: 1, derivative: 0, minRate: minRate)
    return calls.map { call in
      rival.correctedRate(
        at: call.time, count: call.count, duration: call.duration, delay: call.delay, interval: 20)
    }
  }
}
