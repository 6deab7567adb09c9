import Foundation
import SyncerSimulation
import Testing

struct ScenarioErrorTests {
  /// What reading must throw.
  private func error(
    of read: () throws(ScenarioError) -> Void, _ mistake: String
  ) -> ScenarioError? {
    do throws(ScenarioError) {
      try read()
      Issue.record("\(mistake) is accepted")
      return nil
    } catch {
      return error
    }
  }

  private func check(_ error: ScenarioError, file: String, keyPath: String) {
    var error = error
    error.others = []
    let text = error.description
    #expect(error.file == file)
    #expect(error.keyPath == keyPath)
    #expect(!text.contains { $0.isNewline }, "more than one line: \(text)")
    #expect(text.hasPrefix(keyPath.isEmpty ? "\(file) " : "\(file): \(keyPath) "), "\(text)")
    #expect(text.contains("; \(error.remedy)"), "no remedy: \(text)")
    #expect(text.hasSuffix("."), "no sentence: \(text)")
    #expect(!error.rule.isEmpty && !error.remedy.isEmpty)
  }

  @Test(
    "a mistake is one line with file, key path, rule and remedy", arguments: BrokenScenario.all)
  func mistakes(broken: BrokenScenario) throws {
    let thrown = error(
      of: { () throws(ScenarioError) in
        _ = try Scenario(json: Array(broken.json.utf8), file: "some.json")
      }, broken.mistake)
    let error = try #require(thrown, "\(broken.mistake): \(broken.json)")
    check(error, file: "some.json", keyPath: broken.keyPath)
    #expect(error.rule.contains(broken.rule), "\(error)")
    #expect(error.remedy.contains(broken.remedy), "\(error)")
  }

  @Test("all mistakes of a file are told at once, each in a line, and none of their consequences")
  func several() throws {
    let json = """
      {"name": "a b", "seed": -1, "summry": "x", "replications": 0,
       "sync": {"chunkTme": "5s", "itemLimit": -1, "order": "listd"},
       "workload": {"phases": [
         {"class": "a", "count": 0, "handle": {"constant": "5"}},
         {"class": 7, "count": 5, "handle": {"normal": {"mean": "0s"}}, "process": {"uniforn": 1}},
         {"count": 5, "mix": [{"class": "b", "handle": {"uniform": {"min": "2s", "max": "1s"}}}]}],
        "workers": 0},
       "load": {"windows": [{"from": "2s", "to": "1s", "slowdown": 2}, {"from": "x", "to": "1s"}]},
       "schedulers": ["dedline", {"deadline": {"memory": -1, "overrun": "much"}}],
       "gate": {"waste": {}, "chunks": {"atMost": "3"}}}
      """
    let thrown = error(
      of: { () throws(ScenarioError) in
        _ = try Scenario(json: Array(json.utf8), file: "some.json")
      }, json)
    let first = try #require(thrown)
    let paths = ([first] + first.others).map(\.keyPath)
    #expect(
      paths == [
        "summry", "name", "seed", "replications", "sync.chunkTme", "sync.itemLimit", "sync.order",
        "workload.phases[0].count", "workload.phases[0].handle.constant",
        "workload.phases[1].class", "workload.phases[1].handle.normal.mean",
        "workload.phases[1].handle.normal.cv", "workload.phases[1].process.uniforn",
        "workload.phases[2].mix[0].handle.uniform.max", "workload.phases[2].mix[0].weight",
        "workload.workers", "load.windows[0].to", "load.windows[1].from",
        "load.windows[1].slowdown", "schedulers[0]",
      ], "\(first)")
    #expect("\(first)".split(separator: "\n").count == 20, "no more than 20")
    for error in first.others { check(error, file: "some.json", keyPath: error.keyPath) }
  }

  @Test("labels and classes that are missing are all told")
  func severalNames() throws {
    let json =
      BrokenScenario.json().dropLast() + """
        , "schedulers": ["deadline", "deadline", "g1", "g1"], "gate": {"waste": {"atMost": 1, "for": ["x"]}}}
        """
    let thrown = error(
      of: { () throws(ScenarioError) in
        _ = try Scenario(json: Array(String(json).utf8), file: "some.json")
      }, String(json))
    let first = try #require(thrown)
    #expect(
      ([first] + first.others).map(\.keyPath) == [
        "schedulers[1]", "schedulers[3]", "gate.waste.for",
      ])
  }

  @Test(
    "a line break in a key or a text does not break the line",
    arguments: [
      #"{"na\nme": 1}"#, BrokenScenario.json(sync: #"{"chunkTime": "5\ns"}"#),
      BrokenScenario.json(sync: #"{"chunkTime": "5s", "order": "a\r\nb"}"#),
    ])
  func lineBreaks(json: String) throws {
    let thrown = error(
      of: { () throws(ScenarioError) in
        _ = try Scenario(json: Array(json.utf8), file: "some.json")
      }, json)
    let error = try #require(thrown)
    let lines = error.description.split(whereSeparator: \.isNewline)
    #expect(lines.count == 1 + error.others.count, "\(error)")
  }

  @Test("what the mistakes are made in is itself right")
  func templateIsRight() throws {
    let scenario = try Scenario(json: Array(BrokenScenario.json().utf8), file: "some.json")
    #expect(scenario.name == "broken")
    #expect(scenario.schedulers == SchedulerSettings.compared)
    #expect(scenario.seed == 1)
    #expect(scenario.replications == 1)
    #expect(scenario.sync == SyncSettings(chunkTimeSeconds: 5))
  }

  @Test("a file that is not there or is a folder is named with the remedy")
  func unreadableFiles() throws {
    let folder = try TemporaryFolder()
    for (path, rule) in [(folder["no.json"], "does not exist"), (folder.path, "is a folder")] {
      let thrown = error(
        of: { () throws(ScenarioError) in _ = try Scenario(file: path) }, path)
      let error = try #require(thrown)
      check(error, file: path, keyPath: "")
      #expect(error.rule.contains(rule))
    }
  }

  /// Traces with a mistake, the line it is on, and part of the rule.
  private static let traces: [(text: String, place: String, rule: String)] = [
    ("", "", "is empty"),
    ("class,seconds\n", "", "has no items"),
    ("kind,seconds\nx,1\n", "line 1", "no column \"class\""),
    ("class,duration\nx,1\n", "line 1", "neither a column \"seconds\""),
    ("class,seconds\nx,1\nx\n", "line 3", "1 fields where the header has 2"),
    ("class,seconds\nx,1\n\nx,fast\n", "line 4", "\"fast\" in column \"seconds\""),
    ("class,seconds\nx,-1\n", "line 2", "no number of zero or more"),
    ("class,seconds\nx,nan\n", "line 2", "no number of zero or more"),
    ("class,seconds\nx,inf\n", "line 2", "no number of zero or more"),
    ("class,seconds\nx,1e999\n", "line 2", "no number of zero or more"),
    ("class,seconds,hint\nx,1,?\n", "line 2", "in column \"hint\""),
    ("class,handle_s,process_s\nx,1,\n", "line 2", "in column \"process_s\""),
  ]

  @Test("a mistake in a trace names its line", arguments: traces)
  func brokenTraces(text: String, place: String, rule: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("trace.csv", text)
    let scenario = Scenario(
      name: "traced", workload: WorkloadSettings(source: .trace(TraceSettings(path: path))))
    let thrown = error(
      of: { () throws(ScenarioError) in _ = try Workload(scenario) }, "the trace \"\(text)\"")
    let error = try #require(thrown)
    check(error, file: path, keyPath: place)
    #expect(error.rule.contains(rule), "\(error)")
  }

  private static let loads: [(text: String, place: String, rule: String)] = [
    ("", "", "is empty"),
    ("t,f\n0,1\n", "line 1", "lacks the columns"),
    ("t_seconds,load_factor\n", "line 2", "without any row"),
    ("t_seconds,load_factor\n0,1\n0,2\n", "line 3", "not later"),
    ("t_seconds,load_factor\n0,0\n", "line 2", "load factor of zero"),
    ("t_seconds,load_factor\n0,-1\n", "line 2", "no number of zero or more"),
  ]

  @Test("a mistake in a recorded load names its line", arguments: loads)
  func brokenLoads(text: String, place: String, rule: String) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("load.csv", text)
    let simulation = try Simulation(
      .constant(
        [(1, 1)], sync: SyncSettings(), load: LoadSettings(trace: LoadTraceSettings(path: path))))
    do {
      _ = try await simulation.run(.standard)
      Issue.record("the load \"\(text)\" is accepted")
    } catch let error as ScenarioError {
      check(error, file: path, keyPath: place)
      #expect(error.rule.contains(rule), "\(error)")
    }
  }

  @Test("a column that an empirical file lacks is named with those it has")
  func missingColumn() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("costs.csv", "a,b\n1,2\n")
    let json = BrokenScenario.handle(#"{"empirical": {"path": "\#(path)", "column": "c"}}"#)
    let thrown = error(
      of: { () throws(ScenarioError) in
        _ = try Scenario(json: Array(json.utf8), file: "some.json")
      }, "column c")
    let error = try #require(thrown)
    check(
      error, file: "some.json", keyPath: "workload.phases[0].handle.empirical.column")
    #expect(error.remedy.contains("a, b"))
  }

  @Test("a scheduler named on the command line is looked up with the same courtesy")
  func unknownSchedulerName() throws {
    let thrown = error(
      of: { () throws(ScenarioError) in _ = try SchedulerSettings(named: "moving-avarage") }, "")
    let error = try #require(thrown)
    check(error, file: "--scheduler", keyPath: "")
    #expect(error.remedy.contains("did you mean \"moving-average\""))
  }

  @Test("more virtual time than a clock shows is an error, not a trap")
  func tooMuchWork() throws {
    let thrown = error(
      of: { () throws(ScenarioError) in
        _ = try Workload(.constant([(100, 3e9)], sync: SyncSettings()))
      }, "300 times 95 years")
    let error = try #require(thrown)
    #expect(error.keyPath == "workload")
    #expect(!error.description.contains { $0.isNewline })
  }
}
