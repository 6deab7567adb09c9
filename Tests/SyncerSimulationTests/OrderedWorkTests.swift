import Testing

@testable import SyncerReports
@testable import SyncerSimulation

@Suite("Work in order on several cores")
struct OrderedWorkTests {
  @Test("results come in order, whichever is done first", arguments: [1, 2, 3, 8])
  func resultsComeInOrder(width: Int) async throws {
    var taken: [Int] = []
    var started: [Int] = []
    let work = OrderedWork(count: 50, cores: width) { number in
      // Later pieces of a group are done first.
      for _ in 0..<(7 - number % 7) * 20 { await Task.yield() }
      return number * number
    }
    try await work.run { number in
      started.append(number)
      #expect(number - taken.count < 2 * width, "piece \(number) starts too early")
    } take: { number, result in
      #expect(result == number * number)
      taken.append(number)
    }
    #expect(taken == Array(0..<50) && started == taken)
  }

  @Test("the first failure ends the work")
  func failureEndsTheWork() async {
    var taken = 0
    let work = OrderedWork(count: 1000, cores: 2) { number in
      if number == 10 { throw CancellationError() }
      return number
    }
    await #expect(throws: CancellationError.self) {
      try await work.run { _, _ in taken += 1 }
    }
    #expect(taken <= 10)
  }

  @Test("results and reports do not depend on the number of cores", arguments: [2, 5])
  func coresChangeNothing(cores: Int) async throws {
    var scenario = Scenario(
      name: "cores", replications: 3, sync: SyncSettings(chunkTimeSeconds: 1),
      workload: WorkloadSettings(
        source: .phases([
          WorkloadPhase(
            count: 500, classes: [ItemClass(name: "a", handle: .exponential(mean: 0.1))])
        ])))
    scenario.addAllSchedulers()
    var texts: [[String]] = []
    var all: [[RunResult]] = []
    for width in [1, cores] {
      let folder = try TemporaryFolder()
      let report = try ReportWriter(folder: folder.path + "/report")
      all.append(try await Experiment(scenario).run(report: report, cores: width))
      try report.commit()
      texts.append(
        try ReportTable.allCases.map { try folder.text(of: "report/\($0.fileName)") })
    }
    #expect(all[0] == all[1])
    #expect(texts[0] == texts[1])
  }
}
