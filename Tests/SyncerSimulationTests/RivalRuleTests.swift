import Syncer
import SyncerSimulation
import Testing

/// Rules that neither the recorded traces nor the originals' unit tests reach.
@Suite struct RivalRuleTests {
  /// The stale chunk of the original's test is at the floor, where ignoring it shows nothing.
  @Test func spiritIgnoresAStaleChunkAboveTheFloor() {
    var rival = SpiritScheduler()
    #expect(rival.next(1001, 100, target: 5) == 1000)
    #expect(rival.next(1000, 100, target: 5) == 100)
  }

  @Test func spiritEmptiesTheWindowInAPanic() {
    var rival = SpiritScheduler()
    for _ in 0..<10 { _ = rival.next(1000, 1, target: 5) }
    #expect(rival.next(1000, 100, target: 5) == 100)
    for _ in 0..<10 { #expect(rival.next(100, 1, target: 5) == 100) }
    #expect(rival.next(100, 1, target: 5) == 150)
  }

  @Test func spiritDoesNotPanicAtTheFactorItself() {
    var rival = SpiritScheduler()
    #expect(rival.next(1000, 25, target: 5) == 1000)
    #expect(rival.next(1000, 25.001, target: 5) == 100)
  }

  /// Efficiencies 1 and 10 weigh 1 to 0.99: 5.48, then two of 1 are 1; a third job would show.
  @Test func gitLabForgetsOldJobs() {
    var rival = GitLabScheduler(firstSize: 10_000, smoothing: 0.01, jobs: 2)
    #expect(rival.next(10_000, 50, target: 5) == 10_000)
    #expect(rival.next(10_000, 5, target: 5) == 1733)
    #expect(rival.next(1733, 5, target: 5) == 1646)
  }

  /// Errors of -400 and then 200 items/s, 1 s apart: 540 - 200 - 0.1 * (200 + 400).
  @Test func sparkDampensAChangeOfTheError() {
    var rival = SparkPIDScheduler(integral: 0, derivative: 0.1, minRate: 1)
    let first = rival.correctedRate(at: 0, count: 100, duration: 1000, delay: 0, interval: 1000)
    #expect(first == nil)
    let second = rival.correctedRate(
      at: 1000, count: 500, duration: 1000, delay: 0, interval: 1000)
    #expect(second == 540)
    let third = rival.correctedRate(
      at: 2000, count: 340, duration: 1000, delay: 0, interval: 1000)
    #expect(third == 280)
  }

  @Test func sparkIgnoresLessThanHalfAMillisecond() {
    var rival = SparkPIDScheduler()
    for _ in 0..<5 { #expect(rival.next(5, 0.0004, target: 5) == 5) }
    #expect(rival.next(5, 0.0005, target: 5) == 5)
    #expect(rival.next(5, 0.0005, target: 5) == 25_000)
  }

  @Test func flinkTakesZeroForAMillisecond() {
    var rival = FlinkScheduler(samples: 1)
    #expect(rival.next(1, 0, target: 0.001) == 1)
  }

  /// The original divides by the zero and dies.
  @Test func chunkyIgnoresZeroSeconds() {
    var rival = ChunkyScheduler()
    #expect(rival.next(500, 0, target: 5) == 500)
    #expect(rival.next(500, 5, target: 5) == 500)
  }

  @Test func joblibStopsAveragingAtOtherSizes() {
    var rival = JoblibScheduler(firstSize: 8)
    #expect(rival.next(7, 100, target: 5) == 8)
    #expect(rival.next(8, 4, target: 5) == 1)
  }
}
