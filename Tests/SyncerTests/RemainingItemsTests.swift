import Testing

@testable import Syncer

/// The estimate of time left, kept up class by class.
struct RemainingItemsTests {
  /// A scheduler's estimate of a class by its number, unknown for every seventh.
  private static func estimate(of item: ItemProfile) -> CostEstimate? {
    if item.classIndex % 7 == 3 { return nil }
    let seconds = Double(item.classIndex % 11 + 1) * 0.25
    return CostEstimate(
      seconds: seconds, deviationSeconds: seconds / 2, observations: item.classIndex % 5 + 1)
  }

  /// The same by a walk over all classes.
  private static func walk(_ counts: [Int]) -> ClosedRange<Double>? {
    var (mean, variance, unknown, costliest) = (0.0, 0.0, 0, 0.0)
    for (index, count) in counts.enumerated() {
      guard let known = estimate(of: ItemProfile(classIndex: index)) else {
        unknown += count
        continue
      }
      costliest = max(costliest, known.seconds)
      mean += Double(count) * known.seconds
      let single = known.deviationSeconds * known.deviationSeconds
      variance += Double(count) * single
      variance += Double(count * count) * single / Double(known.observations)
    }
    let margin = 2 * variance.squareRoot()
    return max(0, mean - margin)...(mean + margin + Double(unknown) * costliest)
  }

  @Test(
    "the estimate is that of a walk over all classes, at a cost that does not grow with them",
    arguments: [1, 5, 256, 257, 3_000])
  func incremental(classes: Int) throws {
    var random = SplitMix64(seed: UInt64(classes))
    var counts = [Int](repeating: 0, count: classes)
    var remaining = RemainingItems()
    for index in 0..<classes {
      for _ in 0...random.next(below: 4) {
        counts[index] += 1
        remaining.add(ItemProfile(classIndex: index))
      }
    }
    var asked = 0
    let ask = { (item: ItemProfile) -> CostEstimate? in
      asked += 1
      return Self.estimate(of: item)
    }
    for round in 0..<40 {
      for _ in 0..<50 {
        let index = random.next(below: classes)
        if counts[index] == 0 { continue }
        counts[index] -= 1
        remaining.remove(ItemProfile(classIndex: index))
      }
      asked = 0
      let range = remaining.time(estimatedBy: ask)
      #expect(asked <= 256 + 50)
      // By now every class had its turn.
      if round * 256 < classes { continue }
      let found = try #require(range)
      let expected = try #require(Self.walk(counts))
      for (one, other) in [
        (found.lowerBound, expected.lowerBound), (found.upperBound, expected.upperBound),
      ] {
        #expect(abs(one / .seconds(1) - other) <= 1e-9 * max(1, other), "round \(round)")
      }
    }
  }
}
