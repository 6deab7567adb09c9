import Testing

@testable import Syncer

/// More than one thing at a time: when what is at work ends, and what is still worth beginning.
struct DeadlineParallelTests {
  private static func octaves(_ seconds: [Double]) -> [CostHistogram.Octave] {
    var histogram = CostHistogram()
    for seconds in seconds { histogram.add(seconds) }
    return histogram.octaves
  }

  private static let item = ItemProfile(classIndex: 0)

  @Test("a queue adds nothing while a worker is idle beside a longer job")
  func queue() {
    var queue = WorkQueue(workers: 2)
    queue.add(5)
    #expect(queue.growth(3) == 0 && queue.growth(7) == 2)
    queue.add(3)
    #expect(queue.makespan == 5 && queue.growth(4) == 2)
  }

  @Test("what is at work ends as those did that took longer than it has until now")
  func residual() {
    var places = HandlingPlaces(count: 2)
    places.begin(Self.item, at: 1)
    let costs = Self.octaves([1, 1, 1, 10])
    #expect(
      places.ends(at: 1, target: 10) { _ in [costs] } == [
        .init(seconds: 2, chance: 0.75), .init(seconds: 11, chance: 0.25),
      ])
    #expect(places.ends(at: 3, target: 10) { _ in [costs] } == [.init(seconds: 11, chance: 1)])
    #expect(
      places.ends(at: 20, target: 10) { _ in [costs] } == [.init(seconds: 20, chance: 1)],
      "longer than any before: nobody knows, and it may be about to end")
  }

  @Test("the last of several ends late by the product of the chances", arguments: 1...5)
  func latest(count: Int) {
    var places = HandlingPlaces(count: count + 1)
    for _ in 0..<count { places.begin(Self.item, at: 0) }
    let costs = Self.octaves([1, 10])
    let ends = places.ends(at: 0, target: 10) { _ in [costs] }
    let early = 1.0 / Double(1 << count)
    #expect(ends.map(\.seconds) == [1, 10])
    #expect(abs(ends[0].chance - early) < 1e-12 && abs(ends[1].chance - (1 - early)) < 1e-12)
  }

  @Test("an item that ended is the one of its class that began that long ago")
  func ended() {
    var places = HandlingPlaces(count: 4)
    for begun in [0.0, 2, 5] { places.begin(Self.item, at: begun) }
    places.end(Self.item, seconds: 4)
    let costs = Self.octaves([8])
    let ends = places.ends(at: 6, target: 10) { _ in [costs] }
    #expect(ends.last == .init(seconds: 13, chance: 1), "that of 2 s is gone, that of 5 s is not")
    places.end(Self.item, seconds: 7)
    places.end(Self.item, seconds: 2)
    #expect(places.ends(at: 7, target: 10) { _ in [costs] } == [.init(seconds: 7, chance: 1)])
  }

  @Test("an item that failed, of which nobody tells, is not at work for ever")
  func failed() {
    var places = HandlingPlaces(count: 2)
    places.begin(Self.item, at: 0)
    places.begin(Self.item, at: 1)
    let costs = Self.octaves([100])
    #expect(places.ends(at: 2, target: 10) { _ in [costs] } == [.init(seconds: 101, chance: 1)])
  }

  @Test("what was begun past the target counts where the time is up")
  func lastEnd() {
    var places = HandlingPlaces(count: 3)
    places.begin(Self.item, at: 0)
    places.begin(Self.item, at: 12)
    let costs = Self.octaves([4, 16])
    #expect(places.ends(at: 13, target: 10) { _ in [costs] }.last?.seconds == 16)
    #expect(places.lastEnd(at: 13) { _ in [costs] } == 28)
    var idle = HandlingPlaces(count: 2)
    #expect(idle.lastEnd(at: 13) { _ in [costs] } == 13)
  }

  /// A scheduler that has seen chunks in which class 0 took 20 s and class 1 a hundredth of one.
  private static func taught(_ start: ChunkStart, isRouted: Bool) -> DeadlineScheduler {
    var scheduler = DeadlineScheduler()
    for number in 1...10 {
      var draft = scheduler.open(start).draft
      var samples = [ClassSample(classIndex: 0), ClassSample(classIndex: 1)]
      var count = 0
      for (index, seconds) in [(0, 20.0)] + Array(repeating: (1, 0.01), count: 50) {
        let item = ItemProfile(classIndex: index)
        let chunk = OpenChunk(start, count: count, elapsedSeconds: Double(number) * 1e-3)
        _ = scheduler.admits(item, into: chunk, &draft)
        if !isRouted { scheduler.observe(item, seconds: seconds, in: &draft) }
        samples[index].handling.add(units: 1, seconds: isRouted ? 0 : seconds)
        if isRouted { samples[index].completions.add(units: 1, seconds: seconds) }
        count += 1
      }
      scheduler.learn(
        ChunkSample(
          count: count, handleSeconds: isRouted ? 0 : 20, processSeconds: isRouted ? 20 : 0,
          targetSeconds: start.targetSeconds, classes: samples), from: draft)
    }
    return scheduler
  }

  @Test(
    "short jobs fill the workers beside one longer than the target, and no more", arguments: 2...8)
  func jobsBeside(workers: Int) {
    let start = ChunkStart(targetSeconds: 10, workers: workers)
    let scheduler = Self.taught(start, isRouted: true)
    var draft = scheduler.open(start).draft
    _ = scheduler.admits(Self.item, into: OpenChunk(start), &draft)
    var taken = 1
    while taken < 100_000,
      scheduler.admits(ItemProfile(classIndex: 1), into: OpenChunk(start, count: taken), &draft)
        == .take
    {
      taken += 1
    }
    let room = 20 / 0.01 * Double(workers - 1)
    #expect(
      Double(taken) > 0.8 * room, "\(taken) of \(room) jobs that the idle workers have time for")
    #expect(
      Double(taken) < 1.1 * room, "\(taken) of \(room) jobs that the idle workers have time for")
  }

  @Test(
    "a router's first chunk has an item of a class never seen for every worker", arguments: 1...8,
    [false, true])
  func probePerWorker(workers: Int, isOrderFree: Bool) {
    let start = ChunkStart(targetSeconds: 10, workers: workers, isOrderFree: isOrderFree)
    let scheduler = DeadlineScheduler()
    var draft = scheduler.open(start).draft
    var taken = 0
    while taken < 100,
      scheduler.admits(Self.item, into: OpenChunk(start, count: taken), &draft) == .take
    {
      taken += 1
    }
    #expect(taken == workers, "beside each other they take as long as one")
  }

  @Test("past the target short items go on beside a long one at work, and end with it")
  func itemsBeside() {
    let start = ChunkStart(targetSeconds: 10, handlersAtOnce: 2)
    let scheduler = Self.taught(start, isRouted: false)
    var draft = scheduler.open(start).draft
    let short = ItemProfile(classIndex: 1)
    _ = scheduler.admits(Self.item, into: OpenChunk(start), &draft)
    var (elapsed, taken) = (0.0, 1)
    while taken < 10_000 {
      let chunk = OpenChunk(start, count: taken, elapsedSeconds: elapsed)
      guard scheduler.admits(short, into: chunk, &draft) == .take else { break }
      (elapsed, taken) = (elapsed + 0.01, taken + 1)
      scheduler.observe(short, seconds: 0.01, in: &draft)
    }
    #expect(abs(elapsed - 20) < 1, "\(elapsed) s beside an item of 20 s")
  }

  @Test("a class believed free that is not is not taken past the target", arguments: [2, 4, 16])
  func turnedExpensive(handlersAtOnce: Int) {
    let start = ChunkStart(targetSeconds: 10, handlersAtOnce: handlersAtOnce)
    let scheduler = Self.taught(start, isRouted: false)
    var draft = scheduler.open(start).draft
    let short = ItemProfile(classIndex: 1)
    var (elapsed, taken) = (0.0, 0)
    var ends: [Double] = []
    while taken < 1000 {
      let chunk = OpenChunk(start, count: taken, elapsedSeconds: elapsed)
      guard scheduler.admits(short, into: chunk, &draft) == .take || taken == 0 else { break }
      taken += 1
      ends.append(elapsed + 3)
      if ends.count == handlersAtOnce {
        elapsed = ends.removeFirst()
        scheduler.observe(short, seconds: 3, in: &draft)
      }
    }
    #expect(elapsed < 20, "\(taken) items, each of 3 s and not of a hundredth")
  }
}
