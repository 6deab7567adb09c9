import Syncer
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// How long work takes on a machine that is slow at times, computed by hand.
struct LoadTests {
  private func elapsed(
    _ settings: LoadSettings, work: Double, at start: Double, seed: UInt64 = 1
  ) throws -> Double {
    var profile = try LoadProfile(settings, StreamSeeds(seed: seed, replication: 1))
    let time = profile.elapsed(
      work: Nanoseconds.rounding(work), at: Nanoseconds.rounding(start))
    return Double(time) / 1e9
  }

  private static func windows(_ windows: LoadWindow...) -> LoadSettings {
    LoadSettings(windows: windows)
  }

  private static let minute = windows(LoadWindow(fromSeconds: 60, toSeconds: 120, slowdown: 10))
  private static let fast = windows(LoadWindow(fromSeconds: 0, toSeconds: 10, slowdown: 0.5))
  private static let everyFive = windows(
    LoadWindow(fromSeconds: 10, toSeconds: 12, slowdown: 4, everySeconds: 5))
  private static let offset = windows(
    LoadWindow(fromSeconds: 2, toSeconds: 3, slowdown: 4, everySeconds: 5))
  private static let overlapping = windows(
    LoadWindow(fromSeconds: 0, toSeconds: 10, slowdown: 2),
    LoadWindow(fromSeconds: 5, toSeconds: 15, slowdown: 3))
  private static let endless = windows(
    LoadWindow(fromSeconds: 1, toSeconds: 3, slowdown: 2, everySeconds: 2))

  @Test(
    "windows slow down what is spent in them and nothing else",
    arguments: [
      (minute, 10, 0, 10), (minute, 60, 0, 60), (minute, 10, 55, 55), (minute, 20, 55, 74),
      (minute, 1, 60, 10), (minute, 7, 60, 61), (minute, 1, 119, 1.9), (minute, 1, 120, 1),
      (minute, 0, 70, 0), (fast, 10, 0, 5), (fast, 30, 5, 25), (everyFive, 1, 0, 1),
      (everyFive, 10, 9, 14.5), (everyFive, 1, 11, 1.75), (everyFive, 0.5, 15, 2),
      (offset, 10, 0, 11.5), (offset, 0.5, 7, 1.25),
      (overlapping, 5, 0, 15), (overlapping, 1, 5, 5.5), (overlapping, 1, 14, 1 + 2 / 3.0),
      (endless, 5, 0, 9),
    ] as [(LoadSettings, Double, Double, Double)])
  func integration(load: LoadSettings, work: Double, start: Double, wanted: Double) throws {
    let time = try elapsed(load, work: work, at: start)
    #expect(abs(time - wanted) <= 1e-9, "\(work) s of work at \(start) s took \(time) s")
  }

  @Test("a machine without load is never slow")
  func noLoad() throws {
    let time = try elapsed(LoadSettings(), work: 123.456, at: 789)
    #expect(time == 123.456)
  }

  private static let rising = "t_seconds,load_factor\n0,1\n10,2\n20,4\n"
  private static let late = "t_seconds,load_factor\n5,3\n"
  private static let wrapping = "load_factor,t_seconds\n1,0\n2,10\n"

  @Test(
    "a recorded load holds its last factor or starts again",
    arguments: [
      (rising, 1, .hold, 30, 0, 80), (rising, 2, .hold, 30, 0, 40), (rising, 1, .hold, 1, 100, 4),
      (late, 1, .hold, 7, 0, 11), (wrapping, 1, .wrap, 30, 0, 40), (wrapping, 1, .wrap, 5, 30, 10),
      (wrapping, 1, .wrap, 6, 15, 8.5),
    ] as [(String, Double, LoadTraceSettings.End, Double, Double, Double)])
  func recorded(
    csv: String, scale: Double, end: LoadTraceSettings.End, work: Double, start: Double,
    wanted: Double
  ) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("load.csv", csv)
    let trace = LoadTraceSettings(path: path, timeScale: scale, end: end)
    let time = try elapsed(LoadSettings(trace: trace), work: work, at: start)
    #expect(abs(time - wanted) <= 1e-9, "\(work) s of work at \(start) s took \(time) s")
  }

  private static let arriving = LoadSettings(
    windows: [LoadWindow(fromSeconds: 3, toSeconds: 4, slowdown: 2, everySeconds: 7)],
    arrivals: LoadArrivals(meanGapSeconds: 10, durationSeconds: 5, slowdown: 3))

  @Test("work split in two takes as long as in one piece", arguments: 0..<20 as Range<UInt64>)
  func additive(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var profile = try LoadProfile(Self.arriving, StreamSeeds(seed: seed, replication: 1))
    for _ in 0..<50 {
      let start = Int64(random.next(below: 200)) * 1_000_000_007
      let first = Int64(random.next(below: 60)) * 700_000_001
      let second = Int64(random.next(below: 60)) * 300_000_007
      let whole = profile.elapsed(work: first + second, at: start)
      let begun = profile.elapsed(work: first, at: start)
      let rest = profile.elapsed(work: second, at: start + begun)
      // Each of the three is rounded to a nanosecond; a slow one at the seam counts up to six.
      #expect(abs(whole - begun - rest) <= 8, "seed \(seed), \(first) and \(second) at \(start)")
    }
  }

  @Test("random arrivals fill the share of time that gap and duration say")
  func arrivalShare() throws {
    let arrivals = LoadArrivals(meanGapSeconds: 10, durationSeconds: 5, slowdown: 3)
    let time = try elapsed(LoadSettings(arrivals: arrivals), work: 1e6, at: 0)
    // Two thirds of the time at full speed, one third at a third: 7/9 of a second per second.
    #expect(abs(time / 1e6 - 9 / 7.0) < 0.015, "\(time)")
  }

  static let restless = [
    LoadSettings(
      windows: [LoadWindow(fromSeconds: 0, toSeconds: 1e-9, slowdown: 2, everySeconds: 2e-9)]),
    LoadSettings(arrivals: LoadArrivals(meanGapSeconds: 1e-9, durationSeconds: 1e-9, slowdown: 2)),
  ]

  @Test("a load that changes for ever is given up, whatever makes it change", arguments: restless)
  func givenUp(load: LoadSettings) throws {
    var profile = try LoadProfile(
      load, StreamSeeds(seed: 1, replication: 1), changeLimit: 1000)
    let (short, isExhausted) = (profile.elapsed(work: 100, at: 0), profile.isExhausted)
    #expect(short < 1000 && !isExhausted)
    let (long, isExhaustedThen) = (profile.elapsed(work: 1_000_000, at: 0), profile.isExhausted)
    #expect(long == .max && isExhaustedThen)
  }

  @Test("a sync under such a load ends with an error that names it")
  func restlessSync() async throws {
    var scenario = Scenario.constant([(2, 1e6)], sync: SyncSettings(chunkTimeSeconds: 5))
    scenario.load = Self.restless[1]
    scenario.faults = FaultSettings(crashes: CrashSettings(atSeconds: [1]))
    let simulation = try Simulation(scenario)
    let error = await #expect(throws: ScenarioError.self) {
      _ = try await simulation.run(.standard)
    }
    #expect(error?.keyPath == "load", "\(String(describing: error))")
  }

  @Test("random arrivals are the same however often and in whatever order they are asked for")
  func arrivalsAreFixed() throws {
    let seeds = StreamSeeds(seed: 5, replication: 2)
    var once = try LoadProfile(Self.arriving, seeds)
    let moments = (0..<40).map { Int64($0) * 2_500_000_000 }
    let inOrder = moments.map { once.stretch(at: $0) }
    var backwards = try LoadProfile(Self.arriving, seeds)
    let reversed = moments.reversed().map { backwards.stretch(at: $0) }
    #expect(inOrder == reversed.reversed())
    #expect(Set(inOrder.map(\.factor)).count > 1)
    var other = try LoadProfile(Self.arriving, StreamSeeds(seed: 6, replication: 2))
    let otherSeed = moments.map { other.stretch(at: $0) }
    #expect(inOrder != otherSeed)
  }
}
