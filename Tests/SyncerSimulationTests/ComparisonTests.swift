import SyncerSimulation
import Testing

/// Who wins a comparison, and what is said about it.
@Suite struct ComparisonTests {
  private func run(
    _ scheduler: String, replication: Int = 1, worst: Double, chunks: Double = 10,
    makespan: Double = 1
  ) -> RunResult {
    RunResult(
      scenario: "s", scheduler: scheduler, seed: 1, replication: replication,
      metrics: RunMetrics([
        .overshootAboveFloor: worst, .p99AboveFloor: worst, .chunks: chunks, .timeMatch: 0.9,
        .makespanVsOracle: makespan,
      ]))
  }

  private func winner(_ runs: [RunResult]) throws -> String? {
    try #require(Comparison(runs)).ranking.first?.scheduler
  }

  @Test("the worst chunk decides, the oracle does not take part")
  func worstDecides() throws {
    #expect(try winner([run("a", worst: 2), run("b", worst: 1.5), run("oracle", worst: 1)]) == "b")
  }

  @Test("a makespan below the oracle's is no merit: it comes of chunks above the target")
  func shortMakespan() throws {
    #expect(
      try winner([run("a", worst: 1, makespan: 1.03), run("b", worst: 1.3, makespan: 0.97)]) == "a")
  }

  @Test("of schedulers that all keep to the target, the one with fewer chunks wins")
  func fewerChunks() throws {
    #expect(
      try winner([run("a", worst: 0.3, chunks: 900), run("b", worst: 1.04, chunks: 60)]) == "b")
  }

  @Test("time wasted on tiny chunks counts")
  func tinyChunks() throws {
    #expect(try winner([run("a", worst: 0.8, makespan: 1.2), run("b", worst: 1.1)]) == "b")
  }

  @Test("differences are taken seed by seed")
  func paired() throws {
    let comparison = try #require(
      Comparison([
        run("a", worst: 1), run("b", worst: 2), run("a", replication: 2, worst: 5),
        run("b", replication: 2, worst: 4), run("a", replication: 3, worst: 1),
        run("b", replication: 3, worst: 2),
      ]))
    let line = comparison.lines[1]
    #expect(line.medianDifference == 1)
    #expect(line.replicationsNoWorse == 1)
    #expect(line.worst == 4 && line.median == 2)
    #expect(comparison.verdict.hasPrefix("Winner: b, whose worst chunk takes 4.00 times its floor"))
  }

  @Test("without a chunk time there is nothing to compare by")
  func noTarget() {
    #expect(Comparison([RunResult(scenario: "s", scheduler: "a", seed: 1, replication: 1)]) == nil)
    #expect(Comparison([]) == nil)
  }
}
