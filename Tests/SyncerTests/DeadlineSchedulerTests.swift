import Testing

@testable import Syncer

/// The scheduler as a value: no clock, no loop, answers in a table.
@Suite struct DeadlineSchedulerTests {
  /// Drives a scheduler as the loop does, with items of known costs, and returns chunk sizes.
  private func sizes(
    _ scheduler: DeadlineScheduler, items: [(class: Int, handle: Double, process: Double)],
    target: Double, overhead: Double = 0, hint: Double? = nil
  ) -> [Int] {
    var scheduler = scheduler
    var sizes: [Int] = []
    var position = 0
    while position < items.count {
      let start = ChunkStart(number: sizes.count + 1, rank: position, targetSeconds: target)
      var open = OpenChunk(start)
      var draft = scheduler.open(start).draft
      var process = overhead
      var samples: [Int: ClassSample] = [:]
      var order: [Int] = []
      while position < items.count {
        let item = items[position]
        let profile = ItemProfile(classIndex: item.class, hint: hint)
        let admission = scheduler.admits(profile, into: open, &draft)
        if admission != .take && open.count > 0 { break }
        if samples[item.class] == nil { order.append(item.class) }
        samples[item.class, default: ClassSample(classIndex: item.class)].handling.add(
          units: 1, seconds: item.handle)
        scheduler.observe(profile, seconds: item.handle, in: &draft)
        open.elapsedSeconds += item.handle
        open.count += 1
        process += item.process
        position += 1
      }
      sizes.append(open.count)
      scheduler.learn(
        ChunkSample(
          count: open.count, handleSeconds: open.elapsedSeconds, processSeconds: process,
          targetSeconds: target, classes: order.compactMap { samples[$0] }), from: draft)
    }
    return sizes
  }

  private func repeated(
    _ count: Int, _ classIndex: Int = 0, handle: Double = 0, process: Double = 0
  ) -> [(class: Int, handle: Double, process: Double)] {
    Array(repeating: (classIndex, handle, process), count: count)
  }

  @Test func growsFromAProbeOfOneToTheTarget() {
    let sizes = sizes(DeadlineScheduler(), items: repeated(3000, handle: 0.01), target: 5)
    #expect(sizes.first == 1, "an unseen class starts with a probe of one")
    #expect(sizes.contains(499) || sizes.contains(500), "sizes: \(sizes)")
    #expect(sizes.max().map { $0 <= 500 } == true, "no chunk of 10 ms items exceeds 5 s: \(sizes)")
  }

  @Test func probesAnUnseenClassInAChunkOfItsOwn() {
    let items = repeated(1000, 0, handle: 0.01) + repeated(20, 1, process: 5)
    let sizes = sizes(DeadlineScheduler(), items: items, target: 5)
    #expect(sizes.suffix(20).allSatisfy { $0 == 1 }, "every 5 s item is alone: \(sizes)")
  }

  @Test func fillsChunksByWhatProcessingIsExpectedToTake() {
    let sizes = sizes(DeadlineScheduler(), items: repeated(3000, process: 0.01), target: 5)
    #expect(sizes.dropLast().last.map { (400...500).contains($0) } == true, "sizes: \(sizes)")
  }

  @Test func overheadAboveTheTargetDoesNotShrinkChunks() {
    let sizes = sizes(
      DeadlineScheduler(), items: repeated(2000, handle: 0.001), target: 5, overhead: 6)
    #expect(sizes.count < 25, "chunks: \(sizes)")
  }

  @Test func aProbeLongerThanTheTargetClosesItsChunk() {
    let items =
      repeated(8, 0, handle: 0.01) + repeated(1, 1, handle: 20) + repeated(1, 0, handle: 20)
    let sizes = sizes(DeadlineScheduler(), items: items, target: 5)
    #expect(sizes.last == 1, "found by co3sim fuzz, seed 92629: \(sizes)")
  }

  @Test func aPairShorterThanItsSinglesGivesNoNegativeCost() {
    var scheduler = DeadlineScheduler()
    for seconds in [6.0, 6, 6, 6, 6, 6, 1] {
      let count = seconds == 1 ? 2 : 1
      var moments = CostMoments()
      let start = ChunkStart(targetSeconds: 5)
      var draft = scheduler.open(start).draft
      for position in 0..<count {
        _ = scheduler.admits(
          ItemProfile(classIndex: 0), into: OpenChunk(start, count: position), &draft)
        moments.add(units: 1, seconds: 0)
      }
      scheduler.learn(
        ChunkSample(
          count: count, handleSeconds: 0, processSeconds: seconds, targetSeconds: 5,
          classes: [ClassSample(classIndex: 0, handling: moments)]), from: draft)
    }
    let estimate = scheduler.estimate(for: ItemProfile(classIndex: 0))
    #expect(estimate.map { $0.seconds >= 0 } == true, "found by co3sim fuzz, seed 16429")
  }

  @Test func itemsThatCostNothingGrowWithoutEnd() {
    let sizes = sizes(DeadlineScheduler(), items: repeated(100_000), target: 5)
    #expect(sizes.count < 12, "chunks: \(sizes)")
  }

  @Test func anItemLongerThanTheTargetDoesNotStopTheOthers() {
    let items = repeated(50, 0, handle: 20) + repeated(2000, 1, handle: 0.01)
    let sizes = sizes(DeadlineScheduler(), items: items, target: 5)
    #expect(sizes.prefix(50).allSatisfy { $0 == 1 })
    #expect(sizes.max().map { $0 > 300 } == true, "sizes: \(sizes)")
  }

  @Test(arguments: [0, 1e-9, 1e-3, 1, 3.15e9, 1e300])
  func absurdDurationsNeverBreakIt(seconds: Double) {
    for target in [1e-9, 5, 3.15e9] {
      let items = repeated(40, 0, handle: seconds, process: seconds) + repeated(40, 1, handle: 1e-9)
      let sizes = sizes(DeadlineScheduler(), items: items, target: target)
      #expect(sizes.reduce(0, +) == 80, "target \(target), items of \(seconds) s")
      #expect(sizes.allSatisfy { $0 >= 1 })
    }
  }

  @Test func estimatesAreFiniteWhateverIsRecorded() {
    var generator = SplitMix64(seed: 11)
    var scheduler = DeadlineScheduler()
    let scales = [0, 1e-9, 1e-3, 1, 1e6, 3e9]
    for step in 0..<2000 {
      let item = ItemProfile(classIndex: generator.next(below: 5))
      var open = OpenChunk(ChunkStart(targetSeconds: 5))
      var draft = scheduler.open(open.start).draft
      var moments = CostMoments()
      var count = 0
      let seconds = scales[generator.next(below: scales.count)]
      while count < 50, scheduler.admits(item, into: open, &draft) == .take || count == 0 {
        count += 1
        open.count = count
        open.elapsedSeconds += seconds
        moments.add(units: 1, seconds: seconds)
      }
      scheduler.learn(
        ChunkSample(
          count: count, handleSeconds: open.elapsedSeconds,
          processSeconds: scales[generator.next(below: scales.count)], targetSeconds: 5,
          classes: [ClassSample(classIndex: item.classIndex, handling: moments)]), from: draft)
      let estimate = scheduler.estimate(for: item)
      #expect(
        estimate?.seconds.isFinite == true && estimate?.deviationSeconds.isFinite == true,
        "step \(step): \(String(describing: estimate))")
    }
  }

  @Test func theOrderOfEqualItemsDoesNotMatter() {
    let items = repeated(500, 0, handle: 0.02, process: 0.01) + repeated(100, 1, process: 0.5)
    #expect(
      sizes(DeadlineScheduler(), items: items, target: 5)
        == sizes(DeadlineScheduler(), items: items, target: 5))
  }

  @Test func tenThousandClassesStayCheap() {
    // Every item is of a class of its own: each is a probe, and nothing is quadratic in them.
    let items = (0..<10_000).map { (class: $0, handle: 0.001, process: 0.0) }
    let sizes = sizes(DeadlineScheduler(), items: items, target: 5)
    #expect(sizes.reduce(0, +) == 10_000)
  }

  @Test("plain items are decided as they are where nothing is known to be plain", arguments: 1...40)
  func plainItems(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    func number(below bound: UInt64) -> Double { Double(random.next() % bound) }
    let processing = (0..<4).map { _ in number(below: 3) * number(below: 20) / 1000 }
    let items = (0..<4000).map { _ in
      let kind = Int(number(below: 4))
      // None is long beside the target: of those without a hint, more is known.
      return (class: kind, handle: (1 + number(below: 40)) / 1000, process: processing[kind])
    }
    let overhead = number(below: 3) / 10
    let plain = sizes(DeadlineScheduler(), items: items, target: 1, overhead: overhead)
    let hinted = sizes(DeadlineScheduler(), items: items, target: 1, overhead: overhead, hint: 1)
    let first = zip(plain, hinted).enumerated().first { $1.0 != $1.1 }
    #expect(
      first == nil && plain.count == hinted.count,
      """
      With seed \(seed) chunk \((first?.offset ?? min(plain.count, hinted.count)) + 1) has other items \
      than with hints of 1: \(String(describing: first?.element)). Run: swift test --filter plainItems
      """)
    #expect(plain.contains { $0 > 5 }, "seed \(seed) makes no chunk of several items: \(plain)")
  }
}
