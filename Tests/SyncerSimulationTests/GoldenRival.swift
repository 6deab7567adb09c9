import Syncer
import SyncerSimulation
import Testing

/// The rivals as the recorded traces ran them.
enum GoldenRival {
  /// A rival and the sizes it keeps to once it has adapted.
  struct Entry: Sendable, CustomTestStringConvertible {
    var peer: String
    var scheduler: any SizedScheduler
    var bounds: ClosedRange<Int>

    var testDescription: String { peer }
  }

  static let entries = [
    Entry(peer: "chunky", scheduler: ChunkyScheduler(firstSize: 500), bounds: 5...1500),
    Entry(peer: "flink", scheduler: FlinkScheduler(), bounds: 1...1000),
    Entry(peer: "gitlab", scheduler: GitLabScheduler(), bounds: 1000...2_000_000),
    Entry(peer: "gitlabmin1", scheduler: GitLabScheduler(minSize: 1), bounds: 1...2_000_000),
    Entry(peer: "joblib", scheduler: JoblibScheduler(), bounds: 1...Int.max),
    Entry(
      peer: "joblib5s", scheduler: JoblibScheduler(minSeconds: 2.5, maxSeconds: 25),
      bounds: 1...Int.max),
    Entry(peer: "ptosc", scheduler: PerconaScheduler(), bounds: 1...Int.max),
    Entry(peer: "ptosc5", scheduler: PerconaScheduler(firstSize: 5), bounds: 1...Int.max),
    Entry(peer: "spark", scheduler: SparkPIDScheduler(), bounds: 1...Int.max),
    Entry(
      peer: "sparkmin", scheduler: SparkPIDScheduler(minRate: 0.2, cutsRates: false),
      bounds: 1...Int.max),
    Entry(peer: "spirit", scheduler: SpiritScheduler(), bounds: 10...100_000),
  ]

  static let peers = entries.map(\.peer)

  /// Rivals that choose sizes, of which nothing was recorded.
  static let unrecorded = [
    Entry(peer: "beam", scheduler: BeamScheduler(), bounds: 1...10_000),
    Entry(peer: "fiftyone", scheduler: FiftyOneScheduler(), bounds: 1...100_000),
  ]

  static let sizedPeers = peers + unrecorded.map(\.peer)

  /// Every rival on each of the four recorded workloads.
  static let traceNames = peers.flatMap { peer in
    ["const", "fast2slow", "overhead", "spike"].map { "\(peer)-\($0)" }
  }

  static func entry(_ peer: String) throws -> Entry {
    guard let entry = (entries + unrecorded).first(where: { $0.peer == peer }) else {
      throw GoldenError(text: "There is no rival \"\(peer)\".")
    }
    return entry
  }
}

/// What the chunks of a recorded workload cost, in whole milliseconds.
enum GoldenModel: String {
  case const
  case fast2slow
  case overhead
  case spike

  /// The milliseconds of `items`, the first of which starts at `time`.
  func cost(of items: Range<Int>, startingAt time: Int) -> Int {
    switch self {
    case .const: return 10 * items.count
    case .fast2slow: return items.reduce(0) { $0 + ($1 < 20_000 ? 1 : 5000) }
    case .overhead: return 500 + 10 * items.count
    case .spike:
      let end = items.reduce(time) { now, _ in now + ((60_000..<120_000).contains(now) ? 200 : 20) }
      return end - time
    }
  }
}

extension SizedScheduler {
  /// The size of the next chunk, as the loop asks for it.
  func nextSize(target: Double) -> Int? { open(ChunkStart(targetSeconds: target)).plan.size }

  /// Records a chunk and returns the size of the next.
  mutating func next(_ count: Int, _ seconds: Double, target: Double) -> Int? {
    learn(ChunkSample(count: count, handleSeconds: seconds, targetSeconds: target), from: ())
    return nextSize(target: target)
  }
}
