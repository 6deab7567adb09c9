import Foundation
import Testing

@testable import SyncerSimulation
@testable import Syncer

/// Damaged and malicious files give an error that says what is wrong, and nothing worse.
///
/// `CO3_MUTANTS` is how many scenarios are damaged; of other files there are as many in proportion.
struct HostileInputTests {
  private static let mutants =
    ProcessInfo.processInfo.environment["CO3_MUTANTS"].flatMap { UInt64($0) } ?? 3000
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder[name]
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// Does something that may end with a `ScenarioError` only.
  private func mayBeRefused(_ note: String, _ body: () async throws -> Void) async {
    do {
      try await body()
    } catch let error as ScenarioError {
      let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
      let isSentence =
        ([error] + error.others).allSatisfy { !$0.rule.isEmpty && !$0.remedy.isEmpty }
        && lines.count == 1 + error.others.count && lines.count <= 20
      #expect(isSentence, "\(note): \(error)")
    } catch {
      Issue.record("\(note): \(error)")
    }
  }

  /// Whether a scenario is small enough to be run here.
  private func isSmall(_ scenario: Scenario) -> Bool {
    guard case .phases(let phases) = scenario.workload.source else { return false }
    return phases.reduce(0) { min($0 + $1.count, 1 << 40) } <= 200
      && scenario.workload.workers <= 100
  }

  /// A scenario that says something for nearly every key there is.
  private static let everything = """
    {"name": "e", "seed": 3, "replications": 1,
     "sync": {"chunkTime": "5s", "itemLimit": 90, "chunkCap": 50, "maximumDuration": "1h", "order":
      "shuffled"},
     "workload": {"phases": [
       {"class": "a", "count": 20, "handle": {"uniform": {"min": "1ms", "max": "2s"}}},
       {"count": 20, "mix": [
         {"class": "b", "weight": 2, "handle": {"gamma": {"mean": "1s", "cv": 0.5}}},
         {"class": "c", "weight": 1, "process": {"weibull": {"scale": "1s", "shape": 0.7}}}]},
       {"class": "d", "count": 9, "process": {"pareto": {"scale": "1s", "shape": 1.5}},
        "hint": {"noise": 0.3}},
       {"class": "e", "count": 9, "handle": {"mix": [
         {"weight": 1, "of": {"normal": {"mean": "1s", "cv": 0.5}}},
         {"weight": 3, "of": {"exponential": {"mean": "1s"}}}]}}],
      "chunkOverhead": {"constant": "50ms"}, "workers": 3},
     "load": {"windows": [{"from": "5s", "to": "9s", "slowdown": 4, "every": "60d"}],
      "poisson": {"meanGap": "90d", "duration": "5s", "slowdown": 3}},
     "faults": {"onFailure": {"retry": {"attempts": 2, "backoff": "1s", "longestBackoff": "9s",
       "then": {"isolate": {"maximumErrors": 5}}}},
      "items": [{"class": "a", "probability": 0.1, "kind": "transient"}],
      "chunks": {"probability": 0.02}, "slow": [{"probability": 0.1, "slowdown": 7}],
      "cancelAt": "500s", "crashes": {"at": ["30s", "60s"], "meanGap": "10d"}, "restartTime": "5s",
      "meanTimeBetweenFailures": "12h"},
     "schedulers": [{"deadline": {"overrun": 2, "memory": 30}}],
     "gate": {"waste": {"atMost": 3, "tolerance": 0.5}}}
    """

  @Test("what is damaged is right before", .timeLimit(.minutes(1)))
  func undamaged() async throws {
    let scenario = try Scenario(json: Array(Self.everything.utf8), file: "everything")
    _ = try await Simulation(scenario).run(scenario.schedulers[0])
  }

  @Test("damaged scenarios are refused or run", arguments: 0..<4)
  func scenarios(part: UInt64) async throws {
    let readme = try String(
      contentsOf: repository.appending(path: "Scenarios/faulty-items.json"), encoding: .utf8)
    let faulty = readme.replacingOccurrences(of: "4000", with: "100")
      .replacingOccurrences(of: "400", with: "30")
    let sources = [Array(faulty.utf8), Array(Self.everything.utf8)]
    for seed in part * Self.mutants / 4..<(part + 1) * Self.mutants / 4 {
      var mutator = Mutator(seed: seed)
      let bytes = mutator.damage(sources[Int(seed % 2)])
      await mayBeRefused("seed \(seed)") {
        var scenario = try Scenario(json: bytes, file: "hostile", folder: folder.path)
        scenario.schedulers = Array(scenario.schedulers.prefix(1))
        guard isSmall(scenario) else { return }
        _ = try await Simulation(scenario).run(scenario.schedulers[0])
      }
    }
  }

  @Test("damaged traces and loads are refused or read")
  func recordings() async throws {
    let files: [(String, String, (String) -> Scenario)] = [
      (
        "trace.csv", "class,seconds,hint\r\nfile,0.5,3\n\"a \"\"b\"\"\",1e-3,\nfile,2.5,1\n",
        { path in trace(TraceSettings(path: path)) }
      ),
      (
        "recorded.csv", "class,handle_s,process_s\nfile,0.5,3\nvideo,1,0\n",
        { path in trace(TraceSettings(path: path)) }
      ),
      (
        "log.swf", "; comment\n1 0 5 100 4 -1 -1\n2 3 -1 -1 1\n3 9 0 7.5 64 0 0 0\n",
        { path in trace(TraceSettings(path: path, format: .swf, cost: .process)) }
      ),
      (
        "load.csv", "t_seconds,load_factor\n0,1\n10,2.5\n20,0.5\n",
        { path in
          var scenario = Scenario.constant([(20, 1)], sync: SyncSettings(chunkTimeSeconds: 5))
          scenario.load.trace = LoadTraceSettings(path: path, end: .wrap)
          return scenario
        }
      ),
    ]
    for (name, text, scenario) in files {
      for seed in 0..<Self.mutants / 6 {
        var mutator = Mutator(seed: seed)
        let path = try write(name, mutator.damage(Array(text.utf8)))
        await mayBeRefused("\(name), seed \(seed)") {
          _ = try await Simulation(scenario(path)).run(.standard)
        }
      }
    }
  }

  private func trace(_ settings: TraceSettings) -> Scenario {
    Scenario(
      name: "trace", sync: SyncSettings(chunkTimeSeconds: 5),
      workload: WorkloadSettings(source: .trace(settings)))
  }

  @Test("damaged compressed traces are refused or read")
  func compressed() async throws {
    let file = repository.appending(path: "Scenarios/Traces/files-usr-10000.csv")
    let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").prefix(500)
    let plain = try write("rows.csv", Array((rows.joined(separator: "\n") + "\n").utf8))
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = ["-kn", plain]
    try gzip.run()
    gzip.waitUntilExit()
    let bytes = Array(try Data(contentsOf: URL(filePath: plain + ".gz")))
    let whole = try Simulation(trace(TraceSettings(path: plain + ".gz"))).workload
    #expect(whole.count > 100)
    for seed in 0..<Self.mutants / 10 {
      var mutator = Mutator(seed: seed)
      let path = try write("damaged.csv.gz", mutator.damage(bytes))
      await mayBeRefused("seed \(seed)") { _ = try Simulation(trace(TraceSettings(path: path))) }
    }
    // Cut off between two lines of the text, the rest would look complete.
    let cut = try write("cut.csv.gz", Array(bytes.dropLast(bytes.count / 2)))
    #expect(throws: ScenarioError.self) { try Simulation(trace(TraceSettings(path: cut))) }
  }

  @Test("a small file that decompresses without end is read to the limit and refused")
  func bomb() throws {
    let plain = try write("zeros", [UInt8](repeating: 0, count: 1 << 22))
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/bin/gzip")
    gzip.arguments = ["-n9", plain]
    try gzip.run()
    gzip.waitUntilExit()
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: plain + ".gz")[.size] as? Int)
    #expect(size < 10_000)
    #expect {
      _ = try FileContents.read(plain + ".gz", remedy: "none", limit: 1 << 21)
    } throws: { "\($0)".contains("is larger than 2097152 bytes") }
  }

  @Test("damaged baselines are refused or judged by")
  func baselines() async throws {
    let scenario = Scenario.constant([(20, 1)], sync: SyncSettings(chunkTimeSeconds: 5))
    let gate = Gate(baselines: folder.path)
    try gate.accept(try await gate.check(scenario))
    let path = folder["constant.json"]
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    for seed in 0..<Self.mutants / 15 {
      var mutator = Mutator(seed: seed)
      _ = try write("constant.json", mutator.damage(bytes))
      await mayBeRefused("seed \(seed)") {
        let outcome = try await gate.check(scenario)
        #expect(!outcome.message.isEmpty)
      }
    }
  }

  @Test(
    "what is beyond a limit is refused with the limit in the text",
    arguments: [
      (#""count": 1000000000000000"#, "from 1 to 100000000"),
      (#""count": 100000001"#, "from 1 to 100000000"),
      (#""count": 1e999"#, "larger than any"),
      (#""count": 99999999999999999999"#, "from 1 to 100000000"),
      (#""count": 1.5"#, "from 1 to 100000000"),
      (#""count": -3"#, "from 1 to 100000000"),
    ])
  func counts(count: String, rule: String) {
    let phase = #"{"class": "x", \#(count), "handle": {"constant": "1s"}}"#
    let json =
      #"{"name": "a", "sync": {"chunkTime": "1s"}, "workload": {"phases": [\#(phase)]}}"#
    #expect {
      _ = try Scenario(json: Array(json.utf8), file: "hostile.json")
    } throws: { "\($0)".contains(rule) }
  }

  @Test("keys that stand twice are refused, however they are spelt, and only those")
  func repeatedKeys() {
    let cases: [(String, String?)] = [
      (#"{"a": 1, "b": {"a": 2}, "c": [{"a": 1}, {"a": "a"}]}"#, nil),
      (#"{"a": 1, "a": 2}"#, "a"), (#"{"a": 1, "\u0061": 2}"#, "a"),
      (#"{"b": [0, {"c": {}, "d": "{\"d\":", "c": 1}]}"#, "b[1].c"),
      (#"{"a": "a", "b": "a", "c": "\\", "d": "\"a\": 1"}"#, nil),
      (#"{"a": ["a", "a", "a"]}"#, nil), ("[]", nil),
    ]
    for (json, path) in cases {
      do {
        _ = try JSONReader.value(Array(json.utf8), file: "twice.json")
        #expect(path == nil, "\(json)")
      } catch {
        #expect(error.keyPath == path && error.rule.contains("is there twice"), "\(json): \(error)")
      }
    }
    let json = #"{"name": "a", "seed": 1, "seed": 2}"#
    #expect {
      _ = try Scenario(json: Array(json.utf8), file: "twice.json")
    } throws: { "\($0)".hasPrefix("twice.json: seed is there twice, again at line 1, column") }
  }
}
