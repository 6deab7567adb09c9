import Syncer
import SyncerReports
import SyncerSimulation
import Testing

/// Tuning: the minimum where it is known, on seeds that are kept apart.
struct TuningTests {
  @Test("the minimum of a bowl is found wherever it lies, at the edge too")
  func bowl() async throws {
    for wanted in [[0.3, 0.7], [0.05, 0.5], [0, 1]] {
      let minimiser = Minimiser(dimensions: 2, evaluations: 150, tolerance: 1e-5)
      let minimum = try await minimiser.minimise(from: [0.5, 0.5]) { point in
        zip(point, wanted).reduce(3) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      #expect(abs(minimum.value - 3) < 1e-6, "\(minimum)")
      for (found, place) in zip(minimum.point, wanted) { #expect(abs(found - place) < 1e-3) }
    }
  }

  @Test("the bent valley of Rosenbrock's function is followed to its end at (1, 1)")
  func rosenbrock() async throws {
    let minimiser = Minimiser(dimensions: 2, evaluations: 400, tolerance: 1e-6)
    let minimum = try await minimiser.minimise(from: [0.2, 0.8]) { point in
      let (x, y) = (4 * point[0] - 2, 4 * point[1] - 2)
      return 100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x)
    }
    #expect(minimum.value < 1e-5, "\(minimum)")
    #expect(abs(minimum.point[0] - 0.75) < 0.01)
  }

  @Test("no more is computed than allowed, nothing twice, and the start wins where all is alike")
  func work() async throws {
    for evaluations in [1, 2, 30] {
      var points: [[Double]] = []
      let minimum = try await Minimiser(dimensions: 3, evaluations: evaluations)
        .minimise(from: [0.1, 0.2, 0.3]) { point in
          points.append(point)
          return 7
        }
      #expect(points.count <= evaluations)
      #expect(Set(points).count == points.count)
      #expect(minimum.point == [0.1, 0.2, 0.3])
    }
  }

  @Test("values that are not finite are avoided")
  func notFinite() async throws {
    let minimum = try await Minimiser(dimensions: 1, evaluations: 60).minimise(from: [0.9]) {
      $0[0] > 0.5 ? .nan : ($0[0] - 0.4) * ($0[0] - 0.4)
    }
    #expect(abs(minimum.point[0] - 0.4) < 0.01, "\(minimum)")
  }

  /// 2,000 items of 10 ms and 1 s of overhead per chunk: chunks of n items take
  /// 20 s + ceil(2000 / n) s in all, and each (n / 100 + 1) s of a target of 2 s.
  private static let trade = Scenario.constant(
    [(2000, 0.01)], sync: SyncSettings(chunkTimeSeconds: 2), overhead: 1)

  @Test("the size that is best between few chunks and short ones is found: sqrt(40,000) = 200")
  func knownOptimum() async throws {
    var tuner = Tuner(
      try TuningSpace("size=10...1000", of: "fixed"),
      objective: try TuningObjective("makespan_s + 10 * overshoot"), training: [Self.trade])
    tuner.trainingReplications = 1
    tuner.heldOutReplications = 2
    tuner.evaluations = 60
    let outcome = try await tuner.run()
    // 20 + 2000 / 200 + 10 (200 / 100 + 1) / 2 = 45; the ceiling makes a saw of the bowl.
    #expect(outcome.training[0].tuned.mean <= 45.2, "\(outcome.tuned)")
    let size = try #require(outcome.tuned.parameters["size"])
    #expect(abs(size - 200) <= 25, "\(size)")
    #expect(outcome.heldOut[0].isWithoutChance)
    #expect(outcome.verdict.contains("--report-on"))
    #expect(
      outcome.scenarioJSON == "{ \"fixed\": { \"size\": \(Int(size)) }, "
        + "\"label\": \"fixed-tuned\" }")
    #expect(outcome.swiftCode == "FixedScheduler(size: \(Int(size)))")
  }

  private static func random(_ name: String) -> Scenario {
    Scenario(
      name: name, seed: 5, sync: SyncSettings(chunkTimeSeconds: 2, isShuffled: true),
      workload: WorkloadSettings(
        source: .phases([
          WorkloadPhase(
            count: 60,
            classes: [
              ItemClass(name: "x", weight: 9, handle: .exponential(mean: 0.1)),
              ItemClass(name: "y", handle: .gamma(mean: 2, cv: 0.5)),
            ])
        ])))
  }

  @Test("the report is on seeds after those of the training, and on the scenarios named for it")
  func heldOut() async throws {
    var tuner = Tuner(
      try TuningSpace("smoothing=0.05...0.9", of: "moving-average"),
      objective: try TuningObjective("waste"), training: [Self.random("seen")],
      heldOut: [Self.random("unseen")])
    tuner.trainingReplications = 3
    tuner.heldOutReplications = 4
    tuner.evaluations = 12
    let outcome = try await tuner.run()
    #expect(outcome.training.map(\.scenario) == ["seen"])
    #expect(outcome.heldOut.map(\.scenario) == ["unseen"])
    for (line, replications) in [(outcome.training[0], 1...3), (outcome.heldOut[0], 4...7)] {
      #expect(line.replications == replications)
      var values: [Double] = []
      for replication in replications {
        let simulation = try Simulation(Self.random(line.scenario), replication: replication)
        values.append(try #require(try await simulation.run(outcome.tuned)[.waste]))
      }
      #expect(line.tuned == SampleStatistics(values))
    }
    let seen = try #require(outcome.training.first).replications
    #expect(!outcome.heldOut.contains { $0.replications.overlaps(seen) })
    let again = try await tuner.run()
    #expect(again.json == outcome.json, "the same tuning gives the same bytes")
    #expect(again.text == outcome.text)
  }

  @Test(
    "a mistake names the option, the value and what there is",
    arguments: [
      ("ovrrun=0.1...0.9", ["\"ovrrun\"", "did you mean \"overrun\"", "memory", "limit"]),
      ("overrun=0.1...101", ["overrun", "0.1...101", "from 0.01 to 100.0"]),
      ("overrun=0.9...0.1", ["empty"]), ("overrun=0.5", ["0.05...0.95"]),
      ("overrun", ["NAME=FROM...TO"]), ("overrun=a...b", ["\"a\"", "not a number"]),
      ("", ["NAME=FROM...TO"]), ("overrun=0.1...0.2,overrun=0.1...0.2", ["twice"]),
      ("overrun=0.1...nan", ["\"nan\""]),
    ] as [(String, [String])])
  func badRanges(text: String, parts: [String]) {
    let error = #expect(throws: ScenarioError.self) { try TuningSpace(text, of: "deadline") }
    for part in ["--over"] + parts {
      #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
  }

  @Test("a scheduler that is not known, or has nothing to tune, is an error")
  func badSchedulers() {
    for (name, part) in [("deadlin", "did you mean \"deadline\""), ("oracle", "no parameters")] {
      let error = #expect(throws: ScenarioError.self) { try TuningSpace("a=1...2", of: name) }
      #expect(error?.description.contains(part) == true)
    }
  }

  @Test(
    "an objective is a sum of metrics with weights",
    arguments: [
      ("", "no metric"), ("overshot", "did you mean \"overshoot\""), ("chunks+", "no metric"),
      ("items", "no scheduler can change"), ("0*chunks", "above zero"), ("2*3*chunks", "no metric"),
      ("-1*chunks", "above zero"), ("x*chunks", "\"x\""),
    ])
  func badObjectives(text: String, part: String) throws {
    let error = #expect(throws: ScenarioError.self) { try TuningObjective(text) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    let good = try TuningObjective("chunks+0.5 * time_match")
    #expect(good.description == "chunks + 0.5*time_match")
    // Of a metric that should be near one, the distance counts.
    #expect(good.value(of: RunMetrics([.chunks: 3, .timeMatch: 0.4])) == 3.3)
    #expect(good.value(of: RunMetrics([.chunks: 3])) == nil)
  }

  @Test("an objective without a value in a scenario is an error, not a tuning")
  func missingMetric() async throws {
    let tuner = Tuner(
      try TuningSpace("size=10...1000", of: "fixed"),
      objective: try TuningObjective("overshoot"),
      training: [.constant([(4, 1)], sync: SyncSettings())])
    let error = await #expect(throws: ScenarioError.self) { try await tuner.run() }
    #expect(error?.description.contains("chunkTime") == true)
  }
}
