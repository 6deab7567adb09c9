import Syncer
import SyncerSimulation
import Testing

/// Rivals that are asked before every item, as tables of chunks in and answers out.
@Suite struct AdmissionRivalTests {
  /// Fills a chunk of items of one class that take `handling` each, as the loop does.
  private func filled<Rival: ChunkScheduler>(
    _ rival: Rival, handling: Double, target: Double, classIndex: Int = 0, most: Int = 1000
  ) -> Int {
    var (plan, draft) = rival.open(ChunkStart(targetSeconds: target))
    var chunk = OpenChunk(ChunkStart(targetSeconds: target))
    let item = ItemProfile(classIndex: classIndex)
    while chunk.count < min(most, plan.size ?? most) {
      let answer = rival.admits(item, into: chunk, &draft)
      if chunk.count > 0, answer != .take { break }
      chunk.count += 1
      chunk.elapsedSeconds += handling
      rival.observe(item, seconds: handling, in: &draft)
    }
    return chunk.count
  }

  /// A chunk of `count` items of a class that took so long.
  private func sample(
    _ count: Int, handling: Double, processing: Double = 0, classIndex: Int = 0
  ) -> ChunkSample {
    var moments = CostMoments()
    for _ in 0..<count { moments.add(units: 1, seconds: handling / Double(count)) }
    return ChunkSample(
      count: count, handleSeconds: handling, processSeconds: processing, targetSeconds: 5,
      classes: [ClassSample(classIndex: classIndex, handling: moments)])
  }

  private func learned<Rival: ChunkScheduler>(_ rival: Rival, _ samples: [ChunkSample]) -> Rival {
    var rival = rival
    for sample in samples {
      rival.learn(sample, from: rival.open(ChunkStart(targetSeconds: 5)).draft)
    }
    return rival
  }

  @Test(
    "A time box takes items until the target is reached",
    arguments: [(1.0, 5), (2.0, 3), (5.0, 1), (6.0, 1), (0.0, 1000)])
  func timeBox(handling: Double, count: Int) {
    #expect(filled(TimeBoxScheduler(), handling: handling, target: 5) == count)
  }

  /// Of items of 2 s, the third would end at 6 s: its half does not fit into 5 s, it starts at 4 s.
  @Test(
    "Half of an item has to fit",
    arguments: [(1.0, 5), (2.0, 2), (2.4, 2), (1.6, 3), (11.0, 1), (0.0, 1000)])
  func halfRule(handling: Double, count: Int) {
    let rival = learned(HalfRuleScheduler(), [sample(10, handling: 10 * handling)])
    #expect(filled(rival, handling: handling, target: 5) == count)
  }

  @Test("What is processed counts before it is processed")
  func halfRuleProcessing() {
    let rival = learned(HalfRuleScheduler(), [sample(10, handling: 0, processing: 10)])
    #expect(filled(rival, handling: 0, target: 5) == 5)
  }

  @Test("A class never seen takes no time by the half-rule, which is then a time box")
  func halfRuleUnseen() {
    #expect(filled(HalfRuleScheduler(), handling: 2, target: 5) == 3)
    #expect(HalfRuleScheduler().estimate(for: ItemProfile(classIndex: 0)) == nil)
  }

  @Test("One sample is a mean, and processing is divided as expected")
  func halfRuleMeans() throws {
    var both = sample(10, handling: 10, processing: 40)
    both.classes += sample(10, handling: 10, classIndex: 1).classes
    both.count = 20
    both.handleSeconds = 20
    let rival = learned(
      HalfRuleScheduler(), [sample(10, handling: 10, processing: 30, classIndex: 1), both])
    // Class 1 is known at 3 s of processing, class 0 taken for the chunk's 2 s: 24 s to 16 s.
    let first = try #require(rival.estimate(for: ItemProfile(classIndex: 0)))
    #expect(first == CostEstimate(seconds: 1 + 1.6, observations: 10))
    let second = try #require(rival.estimate(for: ItemProfile(classIndex: 1, hint: 2)))
    #expect(abs(second.seconds - 2 * (1 + 2.7)) < 1e-12)
    #expect(second.observations == 20)
  }

  /// Predictions of 2 s, 1.75 s, 1.5 s and 1 s for items of 1 s: what remains of 5 s ends with the
  /// third item, the fourth or the fifth.
  @Test(
    "G1 keeps more free while it has few samples",
    arguments: [(1, 2), (2, 2), (3, 3), (5, 4), (20, 4)])
  func g1Samples(samples: Int, count: Int) {
    let rival = learned(
      G1Scheduler(), [ChunkSample](repeating: sample(5, handling: 5), count: samples))
    #expect(filled(rival, handling: 1, target: 5) == count)
  }

  /// Predicted at 1/8 s each, 51 items leave more than a fifth of 8 s, and the 64th nothing.
  ///
  /// At 0.14 s they end at 7.14 s: a round of 0.645 s takes five, the next has 0.12 s.
  @Test(
    "Rounds of optional items go by the clock",
    arguments: [(0.125, 63), (0.01, 63), (0.14, 56), (0.2, 51)])
  func g1Rounds(handling: Double, count: Int) {
    let rival = learned(
      G1Scheduler(), [ChunkSample](repeating: sample(8, handling: 1), count: 5))
    #expect(filled(rival, handling: handling, target: 8) == count)
  }

  @Test("Before any chunk an item fills the target; then all classes speak for one never seen")
  func g1Unseen() {
    #expect(filled(G1Scheduler(), handling: 0.1, target: 5) == 1)
    let rival = learned(G1Scheduler(), [sample(10, handling: 10)])
    let known = filled(rival, handling: 1, target: 5)
    #expect(filled(rival, handling: 1, target: 5, classIndex: 7) == known)
  }

  /// By hand: 1, then 1 + 0.3 * (3 - 1) = 1.6, and 0.7 * 0.3 * 2^2 = 0.84.
  @Test("G1's means and variances forget")
  func g1Means() throws {
    let rival = learned(G1Scheduler(), [sample(4, handling: 4), sample(4, handling: 12)])
    let estimate = try #require(rival.estimate(for: ItemProfile(classIndex: 0)))
    #expect(abs(estimate.seconds - 1.6) < 1e-12)
    #expect(abs(estimate.deviationSeconds - 0.84.squareRoot()) < 1e-12)
    #expect(estimate.observations == 2)
  }

  @Test("Zero seconds are a sample to G1, and take everything")
  func g1Zero() {
    let rival = learned(G1Scheduler(), [sample(4, handling: 0)])
    #expect(filled(rival, handling: 0, target: 5) == 1000)
  }

  /// Of 1 s each the third would leave room for one, not for three more: 2 + 3 <= 5, 3 + 3 > 5.
  @Test(
    "Action Scheduler leaves room for three more",
    arguments: [(1.0, 3), (0.5, 8), (2.0, 1), (0.0, 1000)])
  func actionScheduler(handling: Double, count: Int) {
    #expect(filled(ActionScheduler(), handling: handling, target: 5) == count)
    let claiming = ActionScheduler(claim: 25)
    #expect(filled(claiming, handling: handling, target: 5) == min(25, count))
  }

  @Test("No duration, target or class makes an admission trap")
  func extremes() {
    let durations = RivalEdgeTests.durations
    for target in RivalEdgeTests.targets {
      for first in durations {
        for second in durations {
          let samples = [
            sample(3, handling: first, processing: second),
            sample(3, handling: second, processing: first, classIndex: 1),
          ]
          let counts = [
            filled(learned(HalfRuleScheduler(), samples), handling: first, target: target),
            filled(learned(G1Scheduler(), samples), handling: first, target: target),
            filled(ActionScheduler(), handling: first, target: target),
            filled(TimeBoxScheduler(), handling: first, target: target),
          ]
          #expect(counts.allSatisfy { $0 >= 1 }, "\(first) s, then \(second) s, target \(target)")
        }
      }
    }
  }

  @Test("A chunk without items teaches nothing")
  func empty() {
    let nothing = ChunkSample(count: 0, handleSeconds: 1, targetSeconds: 5)
    #expect(learned(HalfRuleScheduler(), [nothing]) == HalfRuleScheduler())
    #expect(learned(G1Scheduler(), [nothing]) == G1Scheduler())
  }
}
