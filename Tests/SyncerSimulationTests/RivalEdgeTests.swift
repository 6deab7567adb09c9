import Syncer
import SyncerSimulation
import Testing

/// No duration, count or target makes a rival trap or leave its bounds.
@Suite struct RivalEdgeTests {
  static let century = 100 * 365.25 * 86_400
  static let durations = [0, 1e-9, 0.001, 5, century]
  static let targets = [1e-9, 0.5, 5, century, .infinity]
  /// Counts of chunks; nil is the planned size.
  static let counts: [Int?] = [1, nil, Int.max]

  /// Rivals with the largest sizes they accept.
  static let extremes = [
    entry("large beam", BeamScheduler(maxSize: 1_000_000_000_000, variance: 1)),
    entry("large fiftyone", FiftyOneScheduler(firstSize: Int.max, maxSize: Int.max)),
    entry("large chunky", ChunkyScheduler(firstSize: Int.max)),
    entry("large flink", FlinkScheduler(maxSize: 1_000_000_000_000)),
    entry("large gitlab", GitLabScheduler(firstSize: Int.max, minSize: 1, maxSize: Int.max)),
    entry("large joblib", JoblibScheduler(firstSize: Int.max)),
    entry("large percona", PerconaScheduler(firstSize: Int.max)),
    entry("large spark", SparkPIDScheduler(firstSize: Int.max, derivative: 1)),
    entry("large spirit", SpiritScheduler(firstSize: Int.max, minSize: 1, maxSize: Int.max)),
  ]

  private static func entry(_ name: String, _ scheduler: any SizedScheduler) -> GoldenRival.Entry {
    GoldenRival.Entry(peer: name, scheduler: scheduler, bounds: 1...Int.max)
  }

  /// Two kinds of chunks, each repeated until every window is full.
  @Test(arguments: GoldenRival.entries + GoldenRival.unrecorded + extremes)
  func anyPairOfChunks(_ entry: GoldenRival.Entry) throws {
    let first = try #require(entry.scheduler.nextSize(target: 5))
    let allowed = min(first, entry.bounds.lowerBound)...entry.bounds.upperBound
    let kinds = Self.durations.flatMap { seconds in Self.counts.map { (seconds, $0) } }
    var outside: [String] = []
    for target in Self.targets {
      for before in kinds {
        var adapted = entry.scheduler
        let sizes = run(&adapted, before, target)
        if !sizes.allSatisfy(allowed.contains) { outside.append("\(before), target \(target)") }
        for after in kinds {
          var rival = adapted
          let sizes = run(&rival, after, target)
          if sizes.allSatisfy(allowed.contains) { continue }
          outside.append("\(before), then \(after), target \(target): \(sizes)")
        }
      }
    }
    #expect(outside.isEmpty)
  }

  private func run(
    _ rival: inout any SizedScheduler, _ kind: (seconds: Double, count: Int?), _ target: Double
  ) -> [Int] {
    (0..<22).map { _ in
      let planned = rival.nextSize(target: target) ?? 0
      return rival.next(kind.count ?? planned, kind.seconds, target: target) ?? 0
    }
  }

  @Test(arguments: GoldenRival.sizedPeers, [0, 1e-9, century])
  func anyCount(_ peer: String, _ seconds: Double) throws {
    let entry = try GoldenRival.entry(peer)
    for count in 0...1100 {
      var rival = entry.scheduler
      let size = rival.next(count, seconds, target: 5) ?? 0
      #expect(size >= 1, "\(count) items")
    }
  }

  @Test("An empty chunk teaches nothing", arguments: GoldenRival.sizedPeers)
  func emptyChunk(_ peer: String) throws {
    var rival = try GoldenRival.entry(peer).scheduler
    let before = rival.nextSize(target: 5)
    #expect(rival.next(0, 1, target: 5) == before)
    #expect(rival.estimate(for: ItemProfile(classIndex: 0)) == nil)
  }

  @Test(
    "An item costs target over size, and nothing is known at first",
    arguments: GoldenRival.sizedPeers)
  func estimate(_ peer: String) throws {
    var rival = try GoldenRival.entry(peer).scheduler
    let item = ItemProfile(classIndex: 0)
    #expect(rival.estimate(for: item) == nil)
    let first = try #require(rival.nextSize(target: 5))
    for _ in 0..<2 { _ = rival.next(first, 1, target: 5) }
    let size = try #require(rival.nextSize(target: 5))
    let target = peer == "joblib" ? 0.4 : 5
    let estimate = try #require(rival.estimate(for: item))
    #expect(estimate == CostEstimate(seconds: target / Double(size), observations: size))
  }
}
