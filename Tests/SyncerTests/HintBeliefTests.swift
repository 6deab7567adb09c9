import Testing

@testable import Syncer

/// What hints say of items, as far as they are believed.
struct HintBeliefTests {
  @Test("a hint about handling alone says nothing about processing")
  func hintOfHandling() {
    func expected(_ growsWithHint: Bool) -> Double? {
      var scheduler = DeadlineScheduler()
      for count in [2, 4, 8, 10, 6, 12] {
        let start = ChunkStart(targetSeconds: 100, processingGrowsWithHint: growsWithHint)
        var draft = scheduler.open(start).draft
        var sample = ClassSample(classIndex: 0)
        for index in 0..<count {
          let item = ItemProfile(classIndex: 0, hint: index % 2 == 0 ? 10 : 1000)
          _ = scheduler.admits(item, into: OpenChunk(start, count: index), &draft)
          scheduler.observe(item, seconds: item.units / 1000, in: &draft)
          sample.handling.add(units: item.units, seconds: item.units / 1000)
        }
        scheduler.learn(
          ChunkSample(
            count: count, handleSeconds: sample.handling.seconds,
            processSeconds: 2 * Double(count), targetSeconds: 100, classes: [sample]),
          from: draft)
      }
      return scheduler.estimate(for: ItemProfile(classIndex: 0, hint: 10))?.seconds
    }
    let (both, handling) = (expected(true) ?? .nan, expected(false) ?? .nan)
    #expect(both < 0.5, "a hundredth of the large one: \(both)")
    #expect(handling > 1.5, "a row as any other: \(handling)")
  }

  @Test("an item of many units tells more of what a unit takes")
  func weighsByUnits() {
    var scheduler = DeadlineScheduler()
    let start = ChunkStart(targetSeconds: 100)
    var draft = scheduler.open(start).draft
    var sample = ClassSample(classIndex: 0)
    for (hint, seconds) in [(1.0, 0.1), (1000.0, 1.1)] {
      let item = ItemProfile(classIndex: 0, hint: hint)
      _ = scheduler.admits(item, into: OpenChunk(start, count: 0), &draft)
      scheduler.observe(item, seconds: seconds, in: &draft)
      sample.handling.add(units: hint, seconds: seconds)
    }
    scheduler.learn(
      ChunkSample(count: 2, handleSeconds: 1.2, targetSeconds: 100, classes: [sample]), from: draft)
    let large = scheduler.estimate(for: ItemProfile(classIndex: 0, hint: 1000))?.seconds ?? .nan
    #expect(abs(large - 1.2) < 0.1, "1.2 s for 1,001 units, and not 50 s: \(large)")
  }
}
