import Foundation
import SyncerTesting
import Testing

@testable import SyncerReports
@testable import SyncerSimulation
@testable import Syncer

/// At the limits there is a result or a sentence, and never the end of the process.
struct ExtremeTests {
  private static let years = DurationText.limitSeconds

  @Test(
    "random scenarios with extremes end with figures or a sentence",
    arguments: 0..<4 as Range<UInt64>)
  func scenarios(part: UInt64) async throws {
    let count = ProcessInfo.processInfo.environment["CO3_EXTREMES"].flatMap { UInt64($0) } ?? 400
    for seed in part * count / 4..<(part + 1) * count / 4 {
      var scenario = Scenario.drawn(seed: seed, withFaults: true)
      scenario.drawExtremes(seed: seed)
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

  @Test("a table of a hundred thousand schedulers is made row by row", .timeLimit(.minutes(1)))
  func manySchedulers() {
    let results = (0..<100_000).map {
      RunResult(scenario: "one", scheduler: "\($0)", seed: 1, replication: 1)
    }
    #expect(SummaryTable(results).table.rows.count == 100_000)
  }
}
