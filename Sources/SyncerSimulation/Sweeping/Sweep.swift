internal import Foundation
internal import SafeOutput

/// A grid of scenarios: every combination of the values of some keys, replicated.
///
/// A cell is one scheduler on one replication of one combination, and one row of the table. Cells
/// are numbered from 1: the last axis varies fastest, then replications, then schedulers. The
/// order decides what a shard is, so that shards joined in order are the whole table.
public struct Sweep: Sendable {
  /// What is varied.
  public let axes: [SweepAxis]
  /// The scenario of every combination, in order.
  public let scenarios: [Scenario]
  /// For every scenario, the values its keys have.
  package let values: [[String]]
  /// Schedulers per scenario: the same for all.
  package let schedulersPerScenario: Int
  package let replications: Int
  /// What the sweep is of: the last column of every row.
  package let digest: String

  /// The most cells a sweep may have.
  static let limit = 10_000_000

  /// Makes the sweep of a scenario file.
  ///
  /// - Throws: `ScenarioError` for a combination that is no scenario.
  public init(
    file: String, axes: [SweepAxis], adjust: (Scenario) throws -> Scenario = { $0 }
  ) throws {
    try self.init(
      json: try FileContents.read(file, remedy: "name a scenario file"), file: file,
      folder: FilePath.namedFolder(of: file), axes: axes, adjust: adjust)
  }

  /// Makes the sweep of a scenario in bytes.
  ///
  /// - Parameters:
  ///   - json: The document, UTF-8.
  ///   - file: What error messages call it.
  ///   - folder: What the paths in it are relative to.
  ///   - axes: What is varied, at least one; no key twice.
  ///   - adjust: Changes every scenario, as options on a command line do.
  /// - Throws: `ScenarioError` for a combination that is no scenario.
  public init(
    json: [UInt8], file: String, folder: String, axes: [SweepAxis],
    adjust: (Scenario) throws -> Scenario = { $0 }
  ) throws {
    for (index, axis) in axes.enumerated()
    where axes[..<index].contains(where: { $0.path == axis.path }) {
      throw ScenarioError(
        file: "--vary", rule: "names \(axis.path) twice",
        remedy: "list all its values in one option")
    }
    let document = try JSONValue(document: json, file: file)
    var scenarios: [Scenario] = []
    var values: [[String]] = []
    var combinations = 1
    for axis in axes { combinations = min(combinations * axis.texts.count, Self.limit + 1) }
    for combination in 0..<combinations {
      var texts: [String] = []
      var left = combination
      for axis in axes.reversed() {
        texts.insert(axis.texts[left % axis.texts.count], at: 0)
        left /= axis.texts.count
      }
      var changed = document
      for (axis, text) in zip(axes, texts) {
        try Self.set(axis, to: text, in: &changed, file: file)
      }
      scenarios.append(try adjust(try Scenario(changed, file: file, folder: folder)))
      values.append(texts)
    }
    digest = try SweepDigest(document, axes, scenarios).text
    self.axes = axes
    self.scenarios = scenarios
    self.values = values
    schedulersPerScenario = scenarios[0].schedulers.count
    replications = scenarios[0].replications
    if scenarios.contains(where: {
      $0.schedulers.count != schedulersPerScenario || $0.replications != replications
    }) {
      throw ScenarioError(
        file: "--vary", rule: "must not vary the number of schedulers or replications",
        remedy: "sweep them one after the other")
    }
    if Set(scenarios.map(\.seed)).count < axes.first(where: { $0.path == "seed" })?.texts.count ?? 0
    {
      throw ScenarioError(
        file: "--vary", rule: "varies the seed, which another option sets",
        remedy: "leave out --seed")
    }
    if cellCount > Self.limit {
      throw ScenarioError(
        file: "--vary", rule: "makes more than \(Self.limit) cells", remedy: "vary less")
    }
  }

  private static func set(
    _ axis: SweepAxis, to text: String, in document: inout JSONValue, file: String
  ) throws(ScenarioError) {
    let steps = KeyPathStep.steps(axis.path) ?? []
    document.nameSchedulers(of: steps)
    if !document.set(steps[...], to: SweepAxis.value(text)) {
      throw ScenarioError(
        file: file, keyPath: axis.path, rule: "leads nowhere in this scenario",
        remedy: "name a key by its path, such as sync.chunkTime, workload.phases[0].count or "
          + "schedulers.deadline.overrun")
    }
  }

  /// How many cells there are.
  public var cellCount: Int { scenarios.count * replications * schedulersPerScenario }

  /// The cells of one of several shards: neighbours, in order.
  ///
  /// - Parameters:
  ///   - shard: From 1 to `count`.
  ///   - count: How many shards there are.
  /// - Returns: the numbers of its cells, from 0.
  public func cells(ofShard shard: Int, of count: Int) -> Range<Int> {
    precondition(
      (1...max(1, count)).contains(shard), "A shard is 1 to \(count); it is \(shard).")
    func start(_ index: Int) -> Int {
      let (quotient, rest) = cellCount.quotientAndRemainder(dividingBy: count)
      return index * quotient + min(index, rest)
    }
    return start(shard - 1)..<start(shard)
  }

  /// Runs cells and gives their results in order.
  ///
  /// - Parameters:
  ///   - cells: Which cells, numbered from 0.
  ///   - cores: How many runs there are at once; all cores unless given.
  ///   - progress: Is told how far it is.
  ///   - take: Called with every cell, numbered from 0, and its result, in order.
  /// - Throws: as `Experiment.run`.
  package func run(
    _ cells: Range<Int>, cores: Int? = nil, progress: RunProgress? = nil,
    take: (Int, RunResult) throws -> Void
  ) async throws {
    if cells.isEmpty { return }
    let perDraw = schedulersPerScenario
    let first = cells.lowerBound / perDraw
    let draws = (cells.upperBound - 1) / perDraw - first + 1
    let work = OrderedWork(count: draws, cores: cores) {
      [self] index in
      let draw = first + index
      let own = cells.clamped(to: draw * perDraw..<(draw + 1) * perDraw)
      // What runs at once are draws; a single one may use all cores itself.
      return try await results(ofDraw: draw, own, cores: draws > 1 ? 1 : cores, progress)
    }
    var cell = cells.lowerBound
    try await work.run { index in
      let scenario = scenarios[(first + index) / replications]
      progress?.begin("\(scenario.name): \(first * perDraw + index * perDraw + 1) of \(cellCount)")
    } take: { _, results in
      for result in results {
        try take(cell, result)
        cell += 1
      }
    }
  }

  /// The results of neighbouring cells that have their items in common.
  private func results(
    ofDraw draw: Int, _ cells: Range<Int>, cores: Int?, _ progress: RunProgress?
  ) async throws -> [RunResult] {
    var scenario = scenarios[draw / replications]
    let first = draw * schedulersPerScenario
    scenario.schedulers = Array(
      scenario.schedulers[cells.lowerBound - first..<cells.upperBound - first])
    scenario.replications = draw % replications + 1
    var experiment = Experiment(scenario)
    experiment.firstReplication = scenario.replications
    return try await experiment.run(cores: cores, progress: progress)
  }
}
