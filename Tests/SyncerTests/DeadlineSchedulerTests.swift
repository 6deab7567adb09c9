import Testing

@testable import Syncer

/// The rule as a value: no clock, no loop, answers in a table.
struct DeadlineRuleTests {
  /// A scheduler that knows its classes: seconds of handling, or of processing.
  private static func knowing(
    handling: [Double] = [], processing: [Double] = [], overhead: Double = 0
  ) -> DeadlineScheduler {
    let costs =
      handling.map { seconds in
        var cost = KnownCost()
        cost.addHandling(seconds)
        return cost
      } + processing.map { KnownCost(processingSeconds: $0) }
    return DeadlineScheduler(knowing: costs, overheadSeconds: overhead)
  }

  private static func admits(
    _ scheduler: DeadlineScheduler, at elapsed: Double, target: Double = 10,
    class classIndex: Int = 0, count: Int = 1
  ) -> Bool {
    let start = ChunkStart(targetSeconds: target)
    var draft = scheduler.open(start).draft
    let chunk = OpenChunk(start, count: count, elapsedSeconds: elapsed)
    return scheduler.admits(ItemProfile(classIndex: classIndex), into: chunk, &draft) == .take
  }

  /// A scheduler that has handled one chunk of items of a class, of so many seconds each.
  static func taught(_ scheduler: DeadlineScheduler, _ laps: [Double]) -> DeadlineScheduler {
    var scheduler = scheduler
    let start = ChunkStart(targetSeconds: 10)
    var draft = scheduler.open(start).draft
    var sample = ClassSample(classIndex: 0)
    for (count, seconds) in laps.enumerated() {
      let item = ItemProfile(classIndex: 0)
      _ = scheduler.admits(item, into: OpenChunk(start, count: count), &draft)
      scheduler.observe(item, seconds: seconds, in: &draft)
      sample.handling.add(units: 1, seconds: seconds)
    }
    scheduler.learn(
      ChunkSample(
        count: laps.count, handleSeconds: laps.reduce(0, +), targetSeconds: 10, classes: [sample]),
      from: draft)
    return scheduler
  }

  @Test("an item up to the target is taken while s + x / 2 is within it", arguments: 1...10)
  func roundsToNearest(item: Int) {
    let scheduler = Self.knowing(handling: [Double(item)])
    let edge = 10 - Double(item) / 2
    #expect(Self.admits(scheduler, at: edge - 1e-6), "x = \(item), just below \(edge)")
    #expect(!Self.admits(scheduler, at: edge + 1e-6), "x = \(item), just above \(edge)")
  }

  @Test(
    "an item is charged with the excess beyond that of a chunk of its own, which has the overhead too",
    arguments: 9...40)
  func roomBesideTheOverhead(item: Int) {
    let (x, overhead) = (Double(item), 2.0)
    let scheduler = Self.knowing(handling: [x], overhead: overhead)
    let alone = overhead + x - 10
    // x (2 s + x - 2 T) = (o + x - T)^2, solved for s
    let edge = 10 - x / 2 + alone * alone / (2 * x) - overhead
    #expect(Self.admits(scheduler, at: edge - 1e-6), "x = \(item), just below \(edge)")
    #expect(!Self.admits(scheduler, at: edge + 1e-6), "x = \(item), just above \(edge)")
  }

  @Test("an item beyond the target is taken while s x is below half its square", arguments: 11...40)
  func longItems(item: Int) {
    let scheduler = Self.knowing(handling: [Double(item)])
    let edge = 50 / Double(item)
    #expect(Self.admits(scheduler, at: edge - 1e-6), "x = \(item), just below \(edge)")
    #expect(!Self.admits(scheduler, at: edge + 1e-6), "x = \(item), just above \(edge)")
  }

  @Test("processing counts as handling does, and so does the overhead", arguments: [0.0, 1, 3])
  func phasesAlike(overhead: Double) {
    let scheduler = Self.knowing(processing: [2], overhead: overhead)
    #expect(Self.admits(scheduler, at: 9 - overhead - 1e-6))
    #expect(!Self.admits(scheduler, at: 9 - overhead + 1e-6))
  }

  @Test("where the overhead is more than half the target, chunks take twice the overhead")
  func overheadAboveHalf() {
    let scheduler = Self.knowing(handling: [1], overhead: 8)
    #expect(Self.admits(scheduler, at: 7.4), "8 s of overhead and 7.4 s of work: 16 s is meant")
    #expect(!Self.admits(scheduler, at: 7.6))
  }

  @Test("whatever is known, a chunk that has reached its target takes no more", arguments: 0...60)
  func endsAtTheTarget(power: Int) {
    let scheduler = Self.knowing(handling: [
      1e-9 * Double(sign: .plus, exponent: power / 2, significand: 1)
    ])
    #expect(!Self.admits(scheduler, at: 10.000_001))
  }

  @Test("past the target, an item believed to be free is refused: the belief may be wrong")
  func refusesFreeItems() {
    let scheduler = Self.knowing(handling: [0])
    #expect(Self.admits(scheduler, at: 9.999_999))
    #expect(!Self.admits(scheduler, at: 10.000_001))
  }

  @Test("the answer is monotone: who is refused at s is refused later")
  func monotone() {
    let scheduler = Self.taught(
      DeadlineScheduler(),
      (-8...5).map { Double(sign: .plus, exponent: $0, significand: 1) })
    var wasTaken = true
    for step in 0...200 {
      let isTaken = Self.admits(scheduler, at: Double(step) / 20)
      #expect(wasTaken || !isTaken, "refused before \(Double(step) / 20) s, and taken there")
      wasTaken = isTaken
    }
    #expect(!wasTaken)
  }

  @Test("a heavier weight of the excess closes chunks earlier, a lighter one later")
  func overrunWeighs() {
    func edge(_ overrun: Double) -> Double {
      let scheduler = Self.taught(
        DeadlineScheduler(overrun: overrun), Array(repeating: 2, count: 50))
      let taken = (0...1000).filter { Self.admits(scheduler, at: Double($0) / 100) }
      return Double(taken.max() ?? 0) / 100
    }
    #expect(edge(10) < edge(1) && edge(1) < edge(0.1), "\(edge(10)), \(edge(1)), \(edge(0.1))")
    #expect(abs(edge(1) - 9) < 0.05)
  }

  @Test("with a limit, no item is taken that may not fit")
  func limitHolds() {
    let scheduler = Self.taught(DeadlineScheduler(limit: 1), Array(repeating: 2, count: 50))
    #expect(Self.admits(scheduler, at: 7.9))
    #expect(!Self.admits(scheduler, at: 8.1))
  }

  @Test("after one item, its class is doubted: a chunk takes far fewer than would fit")
  func doubtCounts() {
    var scheduler = DeadlineScheduler()
    let start = ChunkStart(targetSeconds: 10)
    var draft = scheduler.open(start).draft
    _ = scheduler.admits(ItemProfile(classIndex: 0), into: OpenChunk(start), &draft)
    var sample = ClassSample(classIndex: 0)
    sample.handling.add(units: 1, seconds: 0)
    scheduler.learn(
      ChunkSample(
        count: 1, handleSeconds: 0, processSeconds: 0.1, targetSeconds: 10, classes: [sample]),
      from: draft)
    var (next, taken) = (scheduler.open(start).draft, 0)
    while taken < 1000,
      scheduler.admits(
        ItemProfile(classIndex: 0), into: OpenChunk(start, count: taken), &next) == .take
    {
      taken += 1
    }
    #expect((10...40).contains(taken), "of 100 that would take 10 s: \(taken)")
  }

  @Test("beside a longer job, an idle worker costs nothing", arguments: 2...8)
  func idleWorkers(workers: Int) {
    var scheduler = DeadlineScheduler()
    let start = ChunkStart(targetSeconds: 10, workers: workers)
    var sample = ClassSample(classIndex: 0)
    for _ in 0..<50 {
      sample.handling.add(units: 1, seconds: 0)
      sample.completions.add(units: 1, seconds: 25)
    }
    let processing = 50 * 25 / Double(workers)
    scheduler.learn(
      ChunkSample(
        count: 50, handleSeconds: 0, processSeconds: processing, targetSeconds: 10,
        classes: [sample]), from: scheduler.open(start).draft)
    var draft = scheduler.open(start).draft
    var taken = 0
    while taken < 100,
      scheduler.admits(
        ItemProfile(classIndex: 0), into: OpenChunk(start, count: taken), &draft) == .take
    {
      taken += 1
    }
    #expect(taken == workers, "one job of 25 s for each of \(workers) workers at a target of 10 s")
  }

  @Test("nothing overflows, whatever the costs", arguments: [0, 1e-300, 1e-9, 1, 1e9, 1e300])
  func extremes(seconds: Double) {
    var scheduler = DeadlineScheduler()
    for number in 1...20 {
      let start = ChunkStart(number: number, targetSeconds: 5)
      var draft = scheduler.open(start).draft
      var sample = ClassSample(classIndex: number % 3)
      for count in 0..<3 {
        let item = ItemProfile(classIndex: number % 3, hint: seconds > 0 ? seconds : nil)
        _ = scheduler.admits(item, into: OpenChunk(start, count: count), &draft)
        scheduler.observe(item, seconds: seconds, in: &draft)
        sample.handling.add(units: item.units, seconds: seconds)
      }
      scheduler.learn(
        ChunkSample(
          count: 3, handleSeconds: 3 * seconds, processSeconds: seconds, targetSeconds: 5,
          classes: [sample]), from: draft)
      let estimate = scheduler.estimate(for: ItemProfile(classIndex: number % 3))
      #expect(estimate.map { !$0.seconds.isNaN && $0.seconds >= 0 } == true, "\(seconds) s")
      #expect(scheduler.overheadSeconds.map { $0 >= 0 } == true, "\(seconds) s")
    }
  }
}
