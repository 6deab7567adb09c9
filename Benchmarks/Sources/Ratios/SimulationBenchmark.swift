import Floor
import Foundation

/// `co3sim run` from start to end against a C loop that only draws, stores and sums the items.
struct SimulationBenchmark {
  let co3sim: String
  let folder: URL

  private static let mean = 0.001
  private static let cv = 0.5

  init(co3sim: String) throws {
    self.co3sim = co3sim
    folder = FileManager.default.temporaryDirectory.appending(
      path: "ratios-\(ProcessInfo.processInfo.processIdentifier).reports")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func run() async throws {
    let count = 10_000_000
    let schedulers = [
      ["moving-average"], ["deadline"], ["moving-average", "percona", "fixed"],
    ]
    let samples = try await Measure.samples(
      rounds: 9,
      [{ try await floor(count) }] + schedulers.map { names in { try simulate(count, names) } })
    for (index, names) in schedulers.prefix(2).enumerated() {
      let (floor, runs) = (samples[0], samples[index + 1])
      let ratio = Self.ratio(runs, floor, \.wallSeconds)
      let seconds = [runs, floor].map { figure(Measure.least($0.map(\.wallSeconds))) }
      let median = Measure.median(zip(runs, floor).map { $0.wallSeconds / $1.wallSeconds })
      Ratio(
        name: "co3sim run, 10 million lognormal items, \(names[0]), against the C loop",
        target: "<= 2.0",
        measured: "\(figure(ratio)) (\(seconds[0]) s, \(seconds[1]) s; median of the rounds "
          + "\(figure(median)))",
        isMet: ratio <= 2
      ).printLine()
      Ratio(
        name: "the same in processor time, all cores against one thread", target: "",
        measured: figure(Self.ratio(runs, floor, \.seconds)), isMet: nil
      ).printLine()
    }
    let additional = [\Usage.wallSeconds, \Usage.seconds].map {
      (Self.ratio(samples[3], samples[0], $0) - Self.ratio(samples[1], samples[0], $0)) / 2
    }
    Ratio(
      name: "every additional scheduler", target: "<= 0.8", measured: figure(additional[0]),
      isMet: additional[0] <= 0.8
    ).printLine()
    Ratio(
      name: "the same in processor time", target: "", measured: figure(additional[1]), isMet: nil
    ).printLine()
    let peak = samples[1...2].joined().map(\.peakBytes).max() ?? 0
    let bytes = peak / Double(count)
    Ratio(
      name: "peak memory of that simulation, bytes per item", target: "<= 48",
      measured: figure(bytes, 1), isMet: bytes <= 48
    ).printLine()
    try growth()
  }

  /// The least time of one thing over that of another.
  private static func ratio(
    _ usages: [Usage], _ others: [Usage], _ time: KeyPath<Usage, Double>
  ) -> Double {
    let (least, other) = (usages.map { $0[keyPath: time] }, others.map { $0[keyPath: time] })
    return Measure.least(least) / Measure.least(other)
  }

  /// Time and memory per item at three sizes.
  private func growth() throws {
    let sizes = [1_000_000, 10_000_000, 100_000_000]
    let usages = try sizes.map { try simulate($0, ["moving-average"]) }
    let perItem = zip(sizes, usages).map { $1.seconds * 1e9 / Double($0) }
    let bytes = zip(sizes, usages).map { $1.peakBytes / Double($0) }
    Ratio(
      name: "ns per item at 1, 10 and 100 million items", target: "linear",
      measured: perItem.map { figure($0, 0) }.joined(separator: ", "),
      isMet: perItem[2] <= 1.25 * perItem[0]
    ).printLine()
    Ratio(
      name: "bytes per item at 1, 10 and 100 million items", target: "linear",
      measured: bytes.map { figure($0, 1) }.joined(separator: ", "), isMet: bytes[2] <= bytes[0]
    ).printLine()
  }

  private func floor(_ count: Int) async throws -> Usage {
    try await Measure.usage {
      let sum = co3_floor_draw_store_sum(count, Self.mean, Self.cv)
      if !(sum > 0) { throw Failure("the C loop has no memory for \(count) items") }
    }
  }

  private func simulate(_ count: Int, _ schedulers: [String]) throws -> Usage {
    let scenario = folder.appending(path: "items-\(count).json")
    let text = """
      { "name": "items-\(count)", "sync": { "chunkTime": "5s" },
        "workload": { "phases": [ { "class": "file", "count": \(count),
          "handle": { "lognormal": { "mean": "1ms", "cv": \(Self.cv) } } } ] } }
      """
    try text.write(to: scenario, atomically: true, encoding: .utf8)
    return try Measure.program(
      [co3sim, "run", scenario.path, "--output", folder.appending(path: "report").path, "--quiet"]
        + schedulers.flatMap { ["--scheduler", $0] }
    ).usage
  }

  func removeFolder() throws {
    try FileManager.default.removeItem(at: folder)
  }
}
