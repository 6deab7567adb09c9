import Syncer
import SyncerSimulation
import Testing

/// Drawing is repeatable, and draws in one place move nothing elsewhere.
struct WorkloadTests {
  private static let file = ItemClass(
    name: "file", weight: 3, handle: .lognormal(mean: 0.01, cv: 0.5),
    process: .exponential(mean: 0.1))
  private static let video = ItemClass(
    name: "video", handle: .exponential(mean: 1), process: .gamma(mean: 5, cv: 0.3))
  private static let audio = ItemClass(
    name: "audio", weight: 2, handle: .weibull(scale: 1, shape: 2),
    process: .uniform(min: 1, max: 2), hintNoise: 0.2)

  private static func scenario(
    seed: UInt64 = 1, _ phases: [WorkloadPhase]
  ) -> Scenario {
    Scenario(name: "drawn", seed: seed, workload: WorkloadSettings(source: .phases(phases)))
  }

  private static let mixed = [WorkloadPhase(count: 500, classes: [file, video])]

  @Test("the same seed and replication give the same items", arguments: [0, 1, .max] as [UInt64])
  func sameSeed(seed: UInt64) throws {
    let scenario = Self.scenario(seed: seed, Self.mixed)
    #expect(try Workload(scenario) == Workload(scenario))
    #expect(try Workload(scenario, replication: 7) == Workload(scenario, replication: 7))
  }

  @Test("every seed is one of its own, 0 included, and so is every replication")
  func otherSeeds() throws {
    var seen: [Workload] = []
    for seed in [0, 1, 2, 4_294_967_295, 4_294_967_296, 4_294_967_297, .max] as [UInt64] {
      for replication in 1...3 {
        let workload = try Workload(Self.scenario(seed: seed, Self.mixed), replication: replication)
        #expect(!seen.contains(workload), "seed \(seed), replication \(replication)")
        seen.append(workload)
      }
    }
  }

  /// The costs of a class, in the order of its items.
  private func costs(of name: String, in workload: Workload) throws -> [[Int64]] {
    let index = try #require(workload.classes.firstIndex(of: CostClass(name)), "\(name)")
    return (0..<workload.count).filter { Int(workload.classOfItem[$0]) == index }
      .map { [workload.handle($0), workload.process($0)] }
  }

  @Test("a phase of another class moves no draw of the others", arguments: 0...2)
  func addedPhase(place: Int) throws {
    let phases = [
      WorkloadPhase(count: 300, classes: [Self.file]),
      WorkloadPhase(count: 300, classes: [Self.video]),
    ]
    var more = phases
    more.insert(WorkloadPhase(count: 50, classes: [Self.audio]), at: place)
    let before = try Workload(Self.scenario(phases))
    let after = try Workload(Self.scenario(more))
    for name in ["file", "video"] {
      #expect(try costs(of: name, in: before) == costs(of: name, in: after), "\(name)")
    }
  }

  @Test("a class added to a mix moves no cost of the others, in their own order")
  func addedToMix() throws {
    let before = try Workload(Self.scenario(Self.mixed))
    let after = try Workload(
      Self.scenario([WorkloadPhase(count: 500, classes: [Self.file, Self.audio, Self.video])]))
    for name in ["file", "video"] {
      let (old, new) = (try costs(of: name, in: before), try costs(of: name, in: after))
      let count = min(old.count, new.count)
      #expect(count > 30)
      #expect(old.prefix(count) == new.prefix(count), "\(name)")
    }
  }

  @Test("classes and phases of work draw from streams of their own, however alike they are")
  func independentStreams() throws {
    let cost = Distribution.exponential(mean: 1)
    let phases = ["a", "b"].map { name in
      WorkloadPhase(count: 200, classes: [ItemClass(name: name, handle: cost, process: cost)])
    }
    let workload = try Workload(Self.scenario(phases))
    let columns = [
      Array(workload.handleNanoseconds[..<200]), Array(workload.handleNanoseconds[200...]),
      Array(workload.processNanoseconds[..<200]), Array(workload.processNanoseconds[200...]),
    ]
    for (first, column) in columns.enumerated() {
      for other in columns[(first + 1)...] {
        let equal = zip(column, other).count { $0 == $1 }
        #expect(equal == 0, "\(equal) of 200 draws are the same")
      }
    }
  }

  @Test("a hint, an overhead, a load or another order moves no cost")
  func otherSettings() throws {
    let plain = Self.scenario(Self.mixed)
    var hinted = Self.file
    hinted.hintNoise = 0.5
    var other = Self.scenario([WorkloadPhase(count: 500, classes: [hinted, Self.video])])
    other.workload.chunkOverhead = .exponential(mean: 1)
    other.workload.workers = 3
    other.load.arrivals = LoadArrivals(meanGapSeconds: 10, durationSeconds: 1, slowdown: 2)
    other.sync.isShuffled = true
    let (before, after) = (try Workload(plain), try Workload(other))
    #expect(before.handleNanoseconds == after.handleNanoseconds)
    #expect(before.processNanoseconds == after.processNanoseconds)
    #expect(before.classOfItem == after.classOfItem)
    #expect(before.hints.isEmpty)
    #expect(after.hints.count == 500)
  }

  @Test("a class of two phases goes on where it stopped")
  func splitPhase() throws {
    let whole = try Workload(Self.scenario([WorkloadPhase(count: 100, classes: [Self.file])]))
    let split = try Workload(
      Self.scenario([
        WorkloadPhase(count: 40, classes: [Self.file]),
        WorkloadPhase(count: 60, classes: [Self.file]),
      ]))
    #expect(whole == split)
  }

  @Test("classes of a mix occur by their weights")
  func weights() throws {
    let workload = try Workload(
      Self.scenario([WorkloadPhase(count: 40_000, classes: [Self.file, Self.video])]))
    let files = try costs(of: "file", in: workload).count
    // 30,000 expected, standard deviation 87.
    #expect(abs(files - 30_000) < 435, "\(files)")
  }

  @Test("a hint is the cost times a lognormal of mean 1 and the noise as its variation")
  func hints() throws {
    var itemClass = Self.video
    itemClass.hintNoise = 0.2
    let workload = try Workload(.single([itemClass], count: 40_000))
    let factors = (0..<workload.count).map { item in
      workload.hints[item] / (Double(workload.handle(item) + workload.process(item)) / 1e9)
    }
    let mean = factors.reduce(0, +) / 40_000
    let variance = factors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
    #expect(abs(mean - 1) < 0.005, "\(mean)")
    #expect(abs(variance - 0.04) < 0.002, "\(variance)")
    itemClass.hintNoise = 0
    let exact = try Workload(.single([itemClass], count: 100))
    let seconds = Double(exact.handle(7) + exact.process(7)) / 1e9
    #expect(abs(exact.hints[7] - seconds) < 1e-8)
  }

  @Test("the items sum up to what the phases say")
  func totals() throws {
    let workload = try Workload(
      .constant([(3, 0.5), (2, 1.25)], sync: SyncSettings(), overhead: 9))
    #expect(workload.count == 5)
    #expect(workload.totalNanoseconds == 4_000_000_000)
    #expect(workload.classes == ["item"])
    #expect(workload.process(0) == 0)
  }
}
