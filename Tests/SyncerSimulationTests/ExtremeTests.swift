import Foundation
import SyncerTesting
import Testing

@testable import SyncerSimulation
@testable import Syncer

/// At the limits there is a result or a sentence, and never the end of the process.
struct ExtremeTests {
  private static let years = DurationText.limitSeconds

  /// Puts the largest and smallest that a scenario may say in some of its places.
  private struct Extremes {
    var generator: SplitMix64

    mutating func one<Value>(of values: [Value]) -> Value {
      values[generator.next(below: values.count)]
    }

    mutating func isHit() -> Bool { generator.next(below: 3) == 0 }

    mutating func seconds() -> Double {
      one(of: [1e-9, 1e-3, 1, 86_400, 1e8, ExtremeTests.years / 2, ExtremeTests.years])
    }

    mutating func factor() -> Double {
      one(of: [1e-300, 1e-9, 0.5, 1e6, 1e12, 1e300, .leastNonzeroMagnitude])
    }

    mutating func distribution() -> Distribution {
      switch generator.next(below: 8) {
      case 0: .constant(seconds())
      case 1: .uniform(min: 0, max: seconds())
      case 2: .lognormal(mean: seconds(), cv: one(of: [0, 1e-200, 1e-9, 1000]))
      case 3: .gamma(mean: seconds(), cv: one(of: [0, 1e-160, 1e-155, 1e-9, 1000]))
      case 4: .weibull(scale: seconds(), shape: one(of: [1e-300, 0.005, 1, 1e300]))
      case 5: .pareto(scale: seconds(), shape: one(of: [1e-300, 0.5, 1.0000001, 1e300]))
      case 6: .normal(mean: seconds(), cv: one(of: [0, 1e-300, 1000]))
      default:
        .mix([
          .init(weight: one(of: [1, 1e308, .leastNonzeroMagnitude]), of: .constant(seconds())),
          .init(
            weight: one(of: [1, 1e308, .leastNonzeroMagnitude]), of: .exponential(mean: seconds())),
        ])
      }
    }

    mutating func change(_ scenario: inout Scenario) {
      if isHit() { scenario.sync.chunkTimeSeconds = seconds() }
      if isHit() { scenario.sync.maximumDurationSeconds = seconds() }
      if isHit() { scenario.workload.chunkOverhead = distribution() }
      if isHit() { scenario.workload.workers = one(of: [1, 2, 65_536]) }
      if isHit() {
        let from = one(of: [0, seconds()])
        scenario.load.windows.append(
          LoadWindow(
            fromSeconds: from, toSeconds: min(from + seconds(), ExtremeTests.years * 0.9) + 1e-9,
            slowdown: factor(), everySeconds: isHit() ? nil : ExtremeTests.years))
      }
      if isHit() {
        scenario.load.arrivals = LoadArrivals(
          meanGapSeconds: seconds(), durationSeconds: seconds(), slowdown: factor())
      }
      if case .phases(var phases) = scenario.workload.source {
        for index in phases.indices where isHit() {
          phases[index].classes[0].handle = distribution()
          phases[index].classes[0].process = isHit() ? distribution() : .constant(0)
          phases[index].classes[0].weight = one(of: [1, 1e308, .leastNonzeroMagnitude])
        }
        scenario.workload.source = .phases(phases)
      }
      if isHit(), scenario.faults != nil {
        scenario.faults?.restartSeconds = seconds()
        scenario.faults?.crashes.meanGapSeconds = seconds()
        scenario.faults?.cancelAtSeconds = seconds()
        scenario.faults?.meanTimeBetweenFailuresSeconds = seconds()
        scenario.faults?.slow = [SlowItems(probability: 1, slowdown: factor())]
      }
    }
  }

  @Test(
    "random scenarios with extremes end with figures or a sentence",
    arguments: 0..<4 as Range<UInt64>)
  func scenarios(part: UInt64) async throws {
    let count = ProcessInfo.processInfo.environment["CO3_EXTREMES"].flatMap { UInt64($0) } ?? 400
    for seed in part * count / 4..<(part + 1) * count / 4 {
      var extremes = Extremes(generator: SplitMix64(seed: seed))
      var scenario = Scenario.drawn(seed: seed, withFaults: true)
      extremes.change(&scenario)
      // A load that changes all the time is given up after ten million changes: not in a test.
      if scenario.load.arrivals.map({ $0.meanGapSeconds + $0.durationSeconds < 1e5 }) ?? false {
        scenario.load.arrivals = nil
      }
      scenario.load.windows.removeAll { $0.everySeconds.map { $0 < 1e5 } ?? false }
      do {
        for result in try await Experiment(scenario).run(cores: 1) {
          let isFinite = result.metrics.values.allSatisfy { $0.value.isFinite }
          #expect(isFinite, "seed \(seed): \(result.metrics.values)")
        }
      } catch let error as ScenarioError {
        #expect(!error.rule.isEmpty && !error.remedy.isEmpty, "seed \(seed)")
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
  }

  @Test("an exhausted load cannot be spent, and a moment beyond time never comes")
  func exhausted() throws {
    var profile = try LoadProfile(
      LoadSettings(windows: [LoadWindow(fromSeconds: 0, toSeconds: 1, slowdown: 1e300)]),
      StreamSeeds(seed: 1, replication: 1))
    #expect(profile.elapsed(work: 3_600_000_000_000, at: 0) == 3_600_000_000_000 + 1_000_000_000)
    var endless = try LoadProfile(
      LoadSettings(
        windows: [
          LoadWindow(
            fromSeconds: 0, toSeconds: Self.years, slowdown: 1e300, everySeconds: Self.years)
        ]),
      StreamSeeds(seed: 1, replication: 1))
    #expect(endless.elapsed(work: 1_000_000_000, at: 0) == .max)
    #expect(Int64.max.adding(saturating: 1) == .max)
    #expect(VirtualClock.limit.adding(saturating: VirtualClock.limit) == .max)
    #expect(Int64.min.adding(saturating: -1) == .min)
    #expect((5 as Int64).adding(saturating: -7) == -2)
  }

  @Test("means and variances that are too large are infinite, and never the end of the process")
  func moments() {
    let shapes = [0.01, 0.005, 1e-300, .leastNonzeroMagnitude, 1e300]
    for shape in shapes {
      let distribution = Distribution.weibull(scale: 1, shape: shape)
      #expect(distribution.mean > 0 && !distribution.variance.isNaN, "\(shape)")
    }
    #expect(Distribution.weibull(scale: 1, shape: 0.005).mean == .infinity)
    #expect(Distribution.weibull(scale: 1, shape: 0.01).variance == .infinity)
    for cv in [1e-300, 1e-9, 1, 1000] {
      let normal = Distribution.normal(mean: 1, cv: cv)
      #expect(normal.mean.isFinite && normal.variance.isFinite, "\(cv)")
    }
  }

  @Test("weights whose sum is infinite are weights, and a variation without a square is none")
  func edges() throws {
    let mix = Distribution.mix([
      .init(weight: 1e308, of: .constant(1)), .init(weight: 1e308, of: .constant(2)),
    ])
    let stream = StreamSeeds(seed: 1, replication: 1).stream("test")
    var ones = 0
    for _ in 0..<1000 where mix.sample(stream) == 1 { ones += 1 }
    #expect((420...580).contains(ones))
    #expect(mix.mean == 1.5 && abs(mix.variance - 0.25) < 1e-12)
    for cv in [1e-300, 1e-200, 1e-160, 1e-155] {
      #expect(Distribution.gamma(mean: 1, cv: cv).sample(stream) == 1, "\(cv)")
    }
    let classes = (0..<2).map { ItemClass(name: "c\($0)", weight: 1e308, handle: .constant(1)) }
    let workload = try Workload(
      Scenario(
        name: "w",
        workload: WorkloadSettings(source: .phases([WorkloadPhase(count: 1000, classes: classes)])))
    )
    #expect((420...580).contains(workload.classOfItem.count { $0 == 0 }))
  }

  @Test("a hundred thousand windows are worked through as quickly as they come")
  func manyWindows() throws {
    let windows = (0..<100_000).map {
      LoadWindow(fromSeconds: Double($0) * 2, toSeconds: Double($0) * 2 + 1, slowdown: 3)
    }
    var profile = try LoadProfile(
      LoadSettings(windows: windows), StreamSeeds(seed: 1, replication: 1))
    // In 4 s there are 1/3 + 1 of work in every window and the gap behind it.
    let work = Int64(4e9 / 3 * 50_000)
    #expect(abs(profile.elapsed(work: work, at: 0) - 100_000_000_000_000) < 1_000_000)
    #expect(profile.stretch(at: 3).factor == 3 && profile.stretch(at: 1_500_000_000).factor == 1)
  }
}
