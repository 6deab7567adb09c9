import Foundation
import Syncer
import Testing

@testable import SyncerReports
@testable import SyncerSimulation

/// Which chunk time and scheduler are advised, and that they are what trying everything finds.
struct AdviceTests {
  private func scenario(
    _ cost: Distribution, count: Int = 400, chunkTime: Double? = 10, overhead: Double = 0,
    workers: Int = 1, failuresEvery: Double? = nil
  ) -> Scenario {
    let item =
      workers > 1 ? ItemClass(name: "x", process: cost) : ItemClass(name: "x", handle: cost)
    return Scenario(
      name: "advised", sync: SyncSettings(chunkTimeSeconds: chunkTime),
      workload: WorkloadSettings(
        source: .phases([WorkloadPhase(count: count, classes: [item])]),
        chunkOverhead: .constant(overhead), workers: workers),
      faults: failuresEvery.map { FaultSettings(meanTimeBetweenFailuresSeconds: $0) })
  }

  @Test("a trial's measure is the metric")
  func measures() async throws {
    let scenario = scenario(
      .exponential(mean: 1), overhead: 0.5, failuresEvery: 100)
    let simulation = try Simulation(scenario)
    let metrics = try await simulation.run(.standard)
    let completion = try #require(ExpectedCompletion(scenario.faults))
    let waste = try await AdviceTrial(simulation, .standard, .waste(target: 10))
    #expect(abs(waste.value - (metrics[.waste] ?? 0)) < 1e-9)
    let time = try await AdviceTrial(simulation, .standard, .completion(completion))
    #expect(abs(time.value / (metrics[.expectedCompletion] ?? 0) - 1) < 1e-9)
  }

  @Test("a recording is judged from several beginnings, with the same items after each other")
  func beginnings() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<10).map { "k\($0 % 3),\($0 + 1)\n" }.joined()
    let trace = try folder.file("t.csv", "class,seconds\n" + rows)
    var scenario = scenario(.constant(1), chunkTime: 1)
    scenario.workload.source = .trace(TraceSettings(path: trace))
    let advisor = try Advisor(scenario)
    #expect(advisor.judged == 10)
    let first = try advisor.simulation(1).workload
    for number in 1...10 {
      let begun = try advisor.simulation(number).workload
      for item in 0..<10 {
        let place = (item + number - 1) % 10
        #expect(
          begun.handle(item) + begun.process(item) == first.handle(place) + first.process(place))
        #expect(begun.classes[Int(begun.classOfItem[item])] == CostClass("k\(place % 3)"))
      }
    }
  }

  @Test("the shortest and the longest chunk times can be advised on", arguments: [1e-9, 3e9])
  func extremes(chunkTime: Double) async throws {
    let times = ChunkTimes.around(chunkTime, from: -2, to: 2, steps: 2)
    #expect(times.contains(chunkTime))
    let advice = try await Advisor(scenario(.constant(1), count: 9, chunkTime: chunkTime)).advice()
    #expect(advice.chunkSeconds > 0)
  }

  @Test("where nothing is surely better, the default stays")
  func keepsTheDefault() async throws {
    let advice = try await Advisor(scenario(.exponential(mean: 0.2), count: 4000)).advice()
    #expect(advice.scheduler == "deadline")
    #expect(advice.chunkSeconds == 10)
    #expect(!advice.isChange)
    #expect(advice.sentences[0].contains("nothing that was tried is surely better"))
  }

  @Test("it is said that more replications are taken than were given")
  func fewReplications() async throws {
    var few = scenario(.exponential(mean: 0.2), count: 400)
    few.replications = 3
    let sentences = try await Advisor(few).advice().sentences
    #expect(
      sentences[1].contains("10 replications (at least 10 are taken, where 3 were given)"),
      "\(sentences[1])")
  }

  @Test("where a chunk costs nothing by itself, nothing is said to double its time")
  func nothingToDouble() async throws {
    let advice = try await Advisor(
      scenario(.constant(0.5), count: 200, chunkTime: 5, failuresEvery: 400)
    ).advice()
    let text = advice.sentences.joined(separator: " ")
    #expect(!text.contains("twice"), "\(text)")
    #expect(text.contains("A chunk costs nothing besides its items here"), "\(text)")
  }

  @Test("what is advised instead is surely better, on replications of its own")
  func changes() async throws {
    // Chunks of 50 s, where 10 s are asked for.
    var given = scenario(.exponential(mean: 0.1), count: 1000)
    given.schedulers = [SchedulerSettings("fixed", ["size": 500]), SchedulerSettings("time-box")]
    var advisor = try Advisor(given)
    advisor.isOpen = false
    let advice = try await advisor.advice()
    #expect(advice.scheduler == "time-box")
    #expect(advice.isChange)
    let line = advice.lines[advice.advised]
    #expect((line.difference.interval?.upperBound ?? 0) < 0)
  }

  @Test("under failures the chunk time is near Young's, where that is right")
  func agreesWithYoung() async throws {
    let young = (2.0 * 1 * 400).squareRoot()
    let advice = try await Advisor(
      scenario(.constant(0.5), count: 400, chunkTime: 5, overhead: 1, failuresEvery: 400)
    ).advice()
    #expect(advice.isChange)
    #expect(advice.goodRange?.contains(young) ?? false)
    #expect(abs((advice.youngSeconds ?? 0) - young) < 1e-9)
    #expect(advice.sentences.last?.contains("Young's estimate") ?? false)
  }

  @Test("idle workers are what Young's estimate does not know")
  func idleWorkers() async throws {
    var given = scenario(
      .lognormal(mean: 300, cv: 0.8), count: 200, chunkTime: 120, overhead: 1.5, workers: 8,
      failuresEvery: 43_200)
    given.schedulers = [SchedulerSettings("deadline")]
    var advisor = try Advisor(given)
    advisor.isOpen = false
    let advice = try await advisor.advice()
    #expect(advice.chunkSeconds > 3 * (advice.youngSeconds ?? .infinity))
    #expect(advice.sentences.last?.contains("the workers are idle") ?? false)
  }

  @Test("without a chunk time there is one that follows from overhead, work and items")
  func derives() throws {
    func derived(_ scenario: Scenario) throws -> Double? {
      try Advisor(scenario).scenario.sync.chunkTimeSeconds
    }
    #expect(try derived(scenario(.constant(0.1), chunkTime: nil, overhead: 0.5)) == 10)
    #expect(try derived(scenario(.constant(0.1), count: 1000, chunkTime: nil)) == 1)
    #expect(try derived(scenario(.constant(0.01), count: 30_000, chunkTime: nil)) == 3)
    #expect(try derived(scenario(.constant(50), chunkTime: nil, overhead: 0.5)) == 53)
    #expect(throws: ScenarioError.self) { try Advisor(scenario(.constant(0))) }
  }

  @Test("the picture names what is advised, and every format what it rests on")
  func formats() async throws {
    let advice = try await Advisor(
      scenario(.exponential(mean: 0.5), count: 200, overhead: 0.2, failuresEvery: 300)
    ).advice()
    let svg = advice.svg(.light)
    #expect(svg.contains("given 10.0 s"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(advice.markdown.contains("| advised |"))
    let rows = advice.text(.csv).split(separator: "\r\n")
    #expect(rows.count == advice.lines.count + 1)
    #expect(rows.filter { $0.hasSuffix(",1") }.count == 1)
    let json = try JSONSerialization.jsonObject(with: Data(advice.text(.json).utf8))
    let object = try #require(json as? [String: Any])
    #expect(object["scheduler"] as? String == advice.scheduler)
    #expect((object["sentences"] as? [String])?.count == 5)
  }

  struct Case: Sendable {
    var cost: Distribution
    var overhead: Double
    var failuresEvery: Double?
  }

  /// `Benchmarks/advice.sh` does the same on scenarios and recordings, by `co3sim sweep`.
  @Test(
    "what is advised is within 2 % of the best of everything",
    arguments: [
      Case(cost: .exponential(mean: 0.3), overhead: 0.5),
      Case(cost: .constant(1), overhead: 0),
      Case(cost: .gamma(mean: 1, cv: 0.5), overhead: 1, failuresEvery: 300),
    ])
  func isNearTheBest(example: Case) async throws {
    let scenario = scenario(
      example.cost, count: 300, overhead: example.overhead, failuresEvery: example.failuresEvery)
    let advisor = try Advisor(scenario)
    let advice = try await advisor.advice()
    let candidates = AdviceCandidate.all(scenario, isOpen: true, itemSeconds: advisor.itemSeconds)
      .filter { $0.name != "fixed" }
    let times = ChunkTimes.around(advisor.givenSeconds, from: -2, to: 3, steps: 3)
    let tasks = candidates.flatMap { candidate in
      times.map { AdviceTask(candidate: candidate, chunkSeconds: $0) }
    }
    let runner = AdviceRunner(advisor, cores: nil, progress: nil)
    let unseen = advisor.searched + 1...advisor.searched + 3
    let all = try await runner.run(tasks, on: unseen).map { trials in
      trials.reduce(0) { $0 + $1.value } / Double(trials.count)
    }
    let best = try #require(all.min())
    let trials = advice.lines[advice.advised].trials.prefix(3)
    let own = trials.reduce(0) { $0 + $1.value } / Double(trials.count)
    #expect(own <= best * 1.02, "\(advice.scheduler) at \(advice.chunkSeconds) s")
  }
}
