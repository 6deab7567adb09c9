import SyncerSimulation
import Testing

/// Who wins a comparison, and what is said about it.
@Suite struct ComparisonTests {
  private func run(
    _ scheduler: String, replication: Int = 1, waste: Double, makespan: Double = 100,
    isBound: Bool = false
  ) -> RunResult {
    RunResult(
      scenario: "s", scheduler: scheduler, seed: 1, replication: replication,
      metrics: RunMetrics([
        .wasteVsOptimal: waste, .nearTargetShare: 0.5, .overshootAboveFloor: 1.2, .chunks: 10,
        .timeMatch: 0.9, .makespan: makespan,
      ]), isBound: isBound)
  }

  /// Runs of several replications, one value of waste each.
  private func runs(_ wastes: [(String, [Double])]) -> [RunResult] {
    wastes.flatMap { label, values in
      values.enumerated().map { run(label, replication: $0.offset + 1, waste: $0.element) }
    }
  }

  @Test("the least waste wins, and what knows the future is known by its kind, not its label")
  func leastWaste() throws {
    let comparison = try #require(
      Comparison([
        run("a", waste: 2), run("oracle", waste: 1.5), run("the best", waste: 1, isBound: true),
      ]))
    #expect(comparison.ranking.map(\.scheduler) == ["oracle", "a"])
  }

  @Test("differences are taken seed by seed, and a win needs an interval that excludes zero")
  func paired() throws {
    // b is better by 0.1 or so in every replication, which vary by far more.
    let comparison = try #require(
      Comparison(runs([("a", [2.1, 5.12, 3.1]), ("b", [2, 5, 3]), ("c", [9, 9, 9])])))
    #expect(comparison.winner?.scheduler == "b")
    #expect(comparison.equals.isEmpty)
    let verdict = comparison.verdict
    for part in [
      "Winner: b", "least waste_vs_optimal", "95 % interval", "seed by seed",
      "excludes every other",
      "3.33 times", "next is a with 3.44",
      "The worst chunk of b takes 1.20 times its floor. The price of b in time: none",
    ] { #expect(verdict.contains(part), "\(part): \(verdict)") }
    let difference = comparison.lines[1].difference
    #expect(abs(difference.mean + 0.32 / 3) < 1e-12)
  }

  @Test("without such an interval there is no winner, and those alike are named")
  func noDifference() throws {
    let comparison = try #require(
      Comparison(
        runs([("a", [2, 3, 4]), ("b", [2.2, 2.9, 4]), ("c", [9, 9, 9]), ("d", [4, 2, 3.1])])))
    #expect(comparison.winner == nil)
    #expect(comparison.equals.map(\.scheduler) == ["b", "d"])
    #expect(
      comparison.verdict.hasPrefix("No relevant difference between a, b and d: a wastes 3.00 times")
    )
    #expect(!comparison.verdict.contains("Winner"))
  }

  @Test("what is surely less by no more than 1 % is no win, and the rule is named")
  func irrelevant() throws {
    let comparison = try #require(
      Comparison(
        runs([("a", [1.001, 1.002, 1.003]), ("b", [1.004, 1.005, 1.006]), ("c", [2, 2, 2])])))
    #expect(comparison.winner == nil)
    #expect(comparison.equals.map(\.scheduler) == ["b"])
    let verdict = comparison.verdict
    #expect(verdict.hasPrefix("No relevant difference between a and b"), "\(verdict)")
    #expect(verdict.contains("at most 1 %"), "\(verdict)")
  }

  @Test("of one replication it is said that chance cannot be told from difference")
  func oneReplication() throws {
    let comparison = try #require(Comparison([run("a", waste: 2), run("b", waste: 1.5)]))
    #expect(comparison.winner == nil)
    #expect(comparison.verdict.hasPrefix("Least waste_vs_optimal: b wastes 1.50 times"))
    #expect(comparison.verdict.contains("--replications"))
  }

  @Test("the price in time is against the fastest run, not one that knows the future")
  func price() throws {
    let comparison = try #require(
      Comparison([
        run("a", waste: 1.1, makespan: 110), run("b", waste: 1.5, makespan: 100),
        run("optimal", waste: 1, makespan: 20, isBound: true),
      ]))
    #expect(
      comparison.verdict.hasSuffix("The price of a in time: 10.0 % more than the fastest, b."))
    let free = try #require(
      Comparison([run("a", waste: 1.1, makespan: 90), run("b", waste: 1.5, makespan: 100)]))
    #expect(free.verdict.hasSuffix("The price of a in time: none, nobody is faster."))
  }

  @Test("without a chunk time there is nothing to compare by")
  func noTarget() {
    #expect(Comparison([RunResult(scenario: "s", scheduler: "a", seed: 1, replication: 1)]) == nil)
    #expect(Comparison([]) == nil)
  }
}
