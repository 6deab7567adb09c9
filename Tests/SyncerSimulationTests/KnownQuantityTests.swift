import Foundation
import Testing

@testable import SyncerSimulation

/// Bounds of distributions, quantiles and times of day: what people know, as scenarios say it.
struct KnownQuantityTests {
  private static let shapes: [Distribution] = [
    .constant(2), .uniform(min: 1, max: 4), .exponential(mean: 3), .lognormal(mean: 2, cv: 0.5),
    .gamma(mean: 2, cv: 0.3), .gamma(mean: 1, cv: 1.5), .weibull(scale: 2, shape: 0.8),
    .pareto(scale: 1, shape: 1.5), .pareto(scale: 1, shape: 1), .pareto(scale: 1, shape: 2),
    .normal(mean: 2, cv: 0.7), .empirical([1, 2, 2, 7, 0, 11.5]),
    .mix([
      .init(weight: 3, of: .exponential(mean: 1)), .init(weight: 1, of: .constant(2)),
    ]),
    .truncated(.exponential(mean: 3), min: 0.5, max: 6),
  ]

  @Test("samples within bounds have the mean and the variance in closed form", arguments: shapes)
  func truncated(whole: Distribution) throws {
    for (least, most) in [(0.0, 5.0), (1.5, Double.infinity), (1.5, 3.0)] {
      let distribution = Distribution.truncated(whole, min: least, max: most)
      let item = ItemClass(name: "x", handle: distribution)
      let sample = try Workload(.single([item], count: 40_000, seed: 7)).handleNanoseconds
        .map { Double($0) / 1e9 }
      #expect(sample.allSatisfy { $0 >= least - 1e-9 && $0 <= most + 1e-9 })
      let count = Double(sample.count)
      let mean = sample.reduce(0, +) / count
      guard distribution.mean.isFinite, distribution.variance.isFinite else { continue }
      let central = sample.map { ($0 - mean) * ($0 - mean) }
      let variance = central.reduce(0, +) / count
      let errorOfMean = (distribution.variance / count).squareRoot()
      #expect(abs(mean - distribution.mean) <= 5 * errorOfMean + 1e-8, "\(distribution)")
      // A tail without a fourth moment has a variance that samples do not tell.
      if most.isInfinite, case .pareto = whole { continue }
      let spread = central.reduce(0) { $0 + $1 * $1 } / count - variance * variance
      let errorOfVariance = (max(0, spread) / count).squareRoot()
      #expect(
        abs(variance - distribution.variance) <= 6 * errorOfVariance + 1e-8, "\(distribution)")
    }
  }

  @Test("without bounds the partial moments are those of the whole", arguments: shapes)
  func whole(distribution: Distribution) {
    #expect(abs(distribution.share(from: 0, to: .infinity) - 1) < 1e-12)
    let mean = distribution.moment(1, from: 0, to: .infinity)
    #expect(mean == distribution.mean || abs(mean / distribution.mean - 1) < 1e-9)
    let square = distribution.moment(2, from: 0, to: .infinity)
    let expected = distribution.variance + distribution.mean * distribution.mean
    #expect(square == expected || abs(square / expected - 1) < 1e-9, "\(distribution)")
  }

  private func scenario(
    cost: String, sync: String = #""chunkTime": "5s""#, rest: String = ""
  ) throws -> Scenario {
    let json = """
      {"name": "known", "sync": {\(sync)}, "workload": {"phases": [
        {"class": "a", "count": 10, "handle": \(cost)}]}\(rest)}
      """
    return try Scenario(json: Array(json.utf8), file: "known.json")
  }

  private func cost(_ json: String) throws -> Distribution {
    guard case .phases(let phases) = try scenario(cost: json).workload.source else {
      return .constant(-1)
    }
    return phases[0].classes[0].handle
  }

  @Test(
    "two quantiles are met",
    arguments: [
      (#"{"lognormal": {"p5": "1m", "p95": "20m"}}"#, 0.05, 60.0, 0.95, 1200.0),
      (#"{"lognormal": {"p50": "2s", "p99": "1m"}}"#, 0.5, 2.0, 0.99, 60.0),
      (#"{"weibull": {"p10": "1s", "p90": "30s"}}"#, 0.1, 1.0, 0.9, 30.0),
    ])
  func quantiles(json: String, low: Double, first: Double, high: Double, second: Double) throws {
    let distribution = try cost(json)
    #expect(abs(distribution.share(from: 0, to: first) - low) < 1e-9)
    #expect(abs(distribution.share(from: 0, to: second) - high) < 1e-9)
  }

  @Test("bounds stand beside any distribution")
  func bounds() throws {
    #expect(
      try cost(#"{"exponential": {"mean": "1s"}, "min": "500ms", "max": "3s"}"#)
        == .truncated(.exponential(mean: 1), min: 0.5, max: 3))
    #expect(
      try cost(#"{"exponential": {"mean": "1s"}, "min": "1s"}"#)
        == .truncated(.exponential(mean: 1), min: 1, max: .infinity))
  }

  @Test(
    "quantiles and bounds that make no sense are told",
    arguments: [
      (#"{"lognormal": {"p5": "1m"}}"#, "needs two quantiles, but it has 1"),
      (#"{"lognormal": {"p5": "1m", "p50": "2m", "p95": "3m"}}"#, "needs two quantiles"),
      (#"{"lognormal": {"p5": "3m", "p95": "2m"}}"#, "must be longer than \"p5\""),
      (#"{"lognormal": {"p5": "3m", "cv": 1}}"#, "stands beside quantiles"),
      (#"{"lognormal": {"p50": "1ns", "p75": "1h"}}"#, "quantiles too far apart"),
      (#"{"lognormal": {}}"#, "mean is missing"),
      (#"{"uniform": {"min": "1s", "max": "2s"}, "min": "3s"}"#, "less than a thousandth"),
      (#"{"constant": "1s", "min": "3s", "max": "2s"}"#, "is below \"min\""),
      (#"{"min": "1s"}"#, "must name exactly one distribution"),
    ])
  func mistakes(json: String, part: String) {
    let error = #expect(throws: ScenarioError.self) { try cost(json) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  private func windows(_ startAt: String, _ window: String) throws -> [LoadWindow] {
    try scenario(
      cost: #"{"constant": "1s"}"#, sync: #""chunkTime": "5s", "startAt": "\#(startAt)""#,
      rest: #", "load": {"windows": [\#(window)]}"#
    ).load.windows
  }

  @Test("times of day are moments after the start")
  func timesOfDay() throws {
    let hour = #"{"from": "01:00", "to": "02:00", "slowdown": 3}"#
    #expect(
      try windows("22:30", hour)
        == [LoadWindow(fromSeconds: 9000, toSeconds: 12_600, slowdown: 3)])
    // Begun before the start, and not repeated: what is left of it.
    #expect(
      try windows("01:30:30", hour)
        == [LoadWindow(fromSeconds: 0, toSeconds: 1770, slowdown: 3)])
    let daily = #"{"from": "01:00", "to": "02:00", "slowdown": 3, "every": "1d"}"#
    #expect(
      try windows("01:30", daily) == [
        LoadWindow(fromSeconds: 0, toSeconds: 1800, slowdown: 3),
        LoadWindow(fromSeconds: 84_600, toSeconds: 88_200, slowdown: 3, everySeconds: 86_400),
      ])
    #expect(
      try windows("01:00", #"{"from": "0s", "to": "02:00", "slowdown": 3}"#)
        == [LoadWindow(fromSeconds: 0, toSeconds: 3600, slowdown: 3)])
    let faults = try scenario(
      cost: #"{"constant": "1s"}"#, sync: #""chunkTime": "5s", "startAt": "22:00""#,
      rest: #", "faults": {"cancelAt": "06:00", "crashes": {"at": ["23:00"]}}"#
    ).faults
    #expect(faults?.cancelAtSeconds == 28_800)
    #expect(faults?.crashes.atSeconds == [3600])
  }

  @Test("a time of day without a start, and one that is none, are told")
  func wrongTimes() {
    for (sync, from, part) in [
      (#""chunkTime": "5s""#, "01:00", "nothing says when the sync starts"),
      (#""chunkTime": "5s", "startAt": "22:00""#, "25:00", "must be a time of day"),
      (#""chunkTime": "5s", "startAt": "5s""#, "01:00", "must be a time of day"),
    ] {
      let error = #expect(throws: ScenarioError.self) {
        try scenario(
          cost: #"{"constant": "1s"}"#, sync: sync,
          rest: #", "load": {"windows": [{"from": "\#(from)", "to": "02:00", "slowdown": 2}]}"#)
      }
      #expect(error?.description.contains(part) == true, "\(String(describing: error))")
    }
  }

  @Test("parts of a scenario may have a comment, and nothing else that is not known")
  func comments() throws {
    let plain = try scenario(cost: #"{"constant": "1s"}"#)
    let commented = try scenario(
      cost: #"{"constant": "1s"}"#, sync: #""$comment": "why", "chunkTime": "5s""#,
      rest: #", "$comment": "what""#)
    #expect(plain == commented)
    #expect(throws: ScenarioError.self) { try cost(#"{"constant": "1s", "$comment": "no"}"#) }
    #expect(throws: ScenarioError.self) {
      try scenario(cost: #"{"constant": "1s"}"#, rest: #", "$comment": 5"#)
    }
    #expect(plain.schedulers.map(\.label) == ["deadline", "moving-average", "time-box"])
  }

  @Test("the starter is a scenario that fits the schema", arguments: [nil, "mine.csv"])
  func starter(trace: String?) throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("mine.csv", "class,seconds\na,1\n")
    let text = try StarterScenario.json(name: "mine", trace: trace)
    let file = try folder.file("mine.json", text)
    #expect(try Scenario(file: file).name == "mine")
    for order in SyncSettings.Order.allCases { #expect(text.contains(order.rawValue)) }
    let schema = try JSONSchema(Data(ScenarioSchema.json.utf8))
    #expect(try schema.violations(Data(text.utf8)) == [])
  }
}
