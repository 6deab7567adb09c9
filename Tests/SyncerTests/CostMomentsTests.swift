import Syncer
import Testing

struct CostMomentsTests {
  private static func moments(_ pairs: [(units: Double, seconds: Double)]) -> CostMoments {
    var moments = CostMoments()
    for pair in pairs { moments.add(units: pair.units, seconds: pair.seconds) }
    return moments
  }

  @Test("no pairs are all zeros")
  func empty() {
    #expect(CostMoments() == Self.moments([]))
    #expect(CostMoments().squaredResiduals(rate: 3) == 0)
  }

  @Test("the sums are those of the pairs")
  func sums() {
    let moments = Self.moments([(1, 2), (3, 5), (2, 1)])
    #expect(moments.count == 3)
    #expect(moments.units == 6)
    #expect(moments.seconds == 8)
    #expect(moments.squaredUnits == 14)
    #expect(moments.squaredSeconds == 30)
    #expect(moments.unitSeconds == 19)
    #expect(moments.longestSeconds == 5)
  }

  @Test("squared residuals equal the sum over the pairs", arguments: [0, 0.5, 1, 2, 7])
  func residuals(rate: Double) {
    let pairs: [(units: Double, seconds: Double)] = [(1, 2), (3, 5), (2, 1), (0.5, 0.25)]
    let direct = pairs.reduce(0) {
      $0 + ($1.seconds - rate * $1.units) * ($1.seconds - rate * $1.units)
    }
    let fromSums = Self.moments(pairs).squaredResiduals(rate: rate)
    #expect(abs(fromSums - direct) <= 1e-12 * max(1, direct), "\(fromSums) and \(direct)")
  }

  @Test("rounding never makes squared residuals negative")
  func neverNegative() {
    for scale in stride(from: 0.1, through: 3, by: 0.1) {
      let moments = Self.moments((1...50).map { (Double($0), Double($0) * scale) })
      let residuals = moments.squaredResiduals(rate: scale)
      #expect(residuals >= 0 && residuals < 1e-6, "rate \(scale): \(residuals)")
    }
  }

  @Test("a class has as many items as were handled; a sample lasts both phases unless told")
  func samples() {
    let handling = Self.moments([(1, 2), (1, 3)])
    #expect(ClassSample(classIndex: 0, handling: handling).count == 2)
    let sum = ChunkSample(count: 2, handleSeconds: 2, processSeconds: 3, targetSeconds: 5)
    #expect(sum.durationSeconds == 5)
    let told = ChunkSample(
      count: 2, handleSeconds: 2, processSeconds: 3, targetSeconds: 5, durationSeconds: 4)
    #expect(told.durationSeconds == 4)
  }
}
