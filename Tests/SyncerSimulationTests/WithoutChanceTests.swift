import Foundation
import Testing

@testable import SyncerSimulation

/// Where nothing is random, one replication says all, and there is no interval to print.
struct WithoutChanceTests {
  private static let phases =
    #""phases": [{"class": "a", "count": 60, "handle": {"constant": "100ms"}}]"#

  /// A scenario of a trace, or of constants, with three replications; returns its name.
  private func scenario(_ tool: Co3simProcess, isTraced: Bool, rest: String = "") throws -> String {
    let rows = (0..<60).map { "a,0.\($0 % 9 + 1)\n" }.joined()
    _ = try tool.folder.file("t.csv", "class,seconds\n" + rows)
    let items = isTraced ? #""trace": {"path": "t.csv"}"# : Self.phases
    return try tool.folder.file(
      "s.json",
      """
      {"name": "s", "replications": 3, "sync": {"chunkTime": "1s"},
       "workload": {\(items), "chunkOverhead": {"constant": "20ms"}},
       "schedulers": ["deadline", "time-box", {"fixed": {"size": 50}}]\(rest)}
      """)
  }

  @Test("compare, run and report print no interval and say why", arguments: [true, false])
  func comparison(isTraced: Bool) throws {
    let tool = try Co3simProcess()
    let file = try scenario(tool, isTraced: isTraced)
    for format in ["table", "markdown"] {
      let compared = try tool.run(
        "compare", file, "--scheduler", "deadline", "--scheduler", "fixed",
        "--format", format)
      #expect(compared.code == 0, "\(compared.error)")
      #expect(!compared.out.contains("±"), "\(compared.out)")
      #expect(!compared.out.contains("interval"), "\(compared.out)")
      #expect(compared.out.contains("Nothing in this scenario is random"), "\(compared.out)")
      #expect(compared.out.contains("Winner: deadline"), "\(compared.out)")
    }
    let run = try tool.run(file, "--metric", "waste", "--format", "json", "--output", "out")
    #expect(run.code == 0, "\(run.error)")
    #expect(!run.out.contains("lower_95"), "\(run.out)")
    #expect(run.out.contains(#""replications" : 1"#), "\(run.out)")
  }

  @Test("tune prints no interval and does not speak of seeds", arguments: [true, false])
  func tuning(isTraced: Bool) throws {
    let tool = try Co3simProcess()
    let file = try scenario(tool, isTraced: isTraced)
    let tuned = try tool.run(
      "tune", file, "--scheduler", "fixed", "--over", "size=2...50", "--evaluations", "20")
    #expect(tuned.code == 0, "\(tuned.error)")
    #expect(!tuned.out.contains("± 0") && !tuned.out.contains("± ?"), "\(tuned.out)")
    #expect(!tuned.out.contains("On seeds it has not seen"), "\(tuned.out)")
    #expect(tuned.out.contains("Nothing in s is random"), "\(tuned.out)")
  }

  @Test("advise prints no interval of width zero")
  func advice() throws {
    let tool = try Co3simProcess()
    let advised = try tool.run("advise", try scenario(tool, isTraced: false))
    #expect(advised.code == 0, "\(advised.error)")
    #expect(!advised.out.contains("± 0 "), "\(advised.out)")
    #expect(!advised.out.contains("seed by seed"), "\(advised.out)")
  }

  @Test("two beginnings of a recording are too few for an interval")
  func twoPlaces() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.file(
      "t.csv", "class,seconds\n" + String(repeating: "a,0.1\n", count: 50))
    for (seconds, judged) in [(2.5, 1), (1.2, 3), (0.6, 4), (0.1, 10)] {
      let scenario = Scenario(
        name: "s", sync: SyncSettings(chunkTimeSeconds: seconds),
        workload: WorkloadSettings(source: .trace(TraceSettings(path: trace))))
      #expect(try Advisor(scenario).judged == judged, "\(seconds)")
    }
  }

  @Test("whatever draws a number makes a scenario random")
  func isRandom() throws {
    func read(_ sync: String, _ items: String, _ rest: String = "") throws -> Bool {
      try Scenario(
        json: Array(
          #"{"name": "s", "sync": {"chunkTime": "1s"\#(sync)}, "workload": {\#(items)}\#(rest)}"#
            .utf8),
        file: "s.json"
      ).isRandom
    }
    func phase(_ classes: String) -> String { #""phases": [{"count": 9, \#(classes)}]"# }
    let constant = #""class": "a", "handle": {"constant": "1s"}"#
    #expect(try !read("", phase(constant)))
    #expect(try read(#", "order": "shuffled""#, phase(constant)))
    #expect(try read("", phase(#""class": "a", "handle": {"exponential": {"mean": "1s"}}"#)))
    #expect(try read("", phase(constant + #", "hint": {"noise": 0.1}"#)))
    #expect(try read("", phase(constant) + #", "chunkOverhead": {"exponential": {"mean": "1s"}}"#))
    for faults in [
      #""items": [{"probability": 0.5}]"#, #""chunks": {"probability": 0.5}"#,
      #""crashes": {"meanGap": "9s"}"#,
    ] {
      #expect(try read("", phase(constant), #", "faults": {\#(faults)}"#), "\(faults)")
    }
    #expect(try !read("", phase(constant), #", "faults": {"cancelAt": "5s"}"#))
  }
}
