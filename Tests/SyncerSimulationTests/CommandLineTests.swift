import Foundation
import SyncerSimulation
import Testing

/// The contract of `co3sim` with the people and scripts that call it.
@Suite(.serialized) struct CommandLineTests {
  private let tool: Co3simProcess

  init() throws {
    tool = try Co3simProcess()
  }

  private static let files = ["chunks.csv", "collapse.csv", "summary.csv", "tracking.csv"]

  /// One line on standard error that starts with the tool's name.
  private func expectOneLine(_ text: String) {
    #expect(text.hasPrefix("co3sim: "), "\(text)")
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 2, "\(text)")
  }

  @Test("a scenario gives a table, the CSV files under Reports, and the exit code 0")
  func run() throws {
    let outcome = try tool.run(try tool.scenario())
    #expect(outcome.code == 0)
    #expect(outcome.error.isEmpty, "\(outcome.error)")
    for part in ["small", "moving-average", "deadline", "Reports/small"] {
      #expect(outcome.out.contains(part), "\(outcome.out)")
    }
    let names = try tool.folder.names(in: "Reports/small")
    #expect(names == Self.files)
  }

  @Test("run is the default command")
  func explicitRun() throws {
    let path = try tool.scenario()
    let implicit = try tool.run(path)
    let explicit = try tool.run("run", path)
    #expect(implicit.out == explicit.out)
    #expect(explicit.code == 0)
  }

  @Test("'-' reads the scenario from standard input")
  func standardInput() throws {
    let outcome = try tool.run("-", "--format", "csv", input: Co3simProcess.json())
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(CSVRows(outcome.out).records.map { $0["scenario"] } == ["small", "small"])
  }

  @Test(
    "wrong usage is exit code 64 and leaves no report",
    arguments: [
      ["--sede", "3"], ["--seed", "three"], ["--seed", "-1"], ["--replications", "0"],
      ["--format", "xml"], ["-", "-"],
    ])
  func usage(arguments: [String]) throws {
    let outcome = try tool.run([try tool.scenario()] + arguments)
    #expect(outcome.code == 64, "\(arguments): \(outcome.error)")
    #expect(!outcome.error.isEmpty)
    #expect(outcome.out.isEmpty)
    #expect(!tool.folder.exists("Reports"))
  }

  @Test(
    "what is refused is refused with the rule",
    arguments: [
      (["run", "--seed", "-1"], "a whole number from 0 to"),
      (["run", "--output", "   "], "--output must be a name"),
      (["report", "--output", "   "], "--output must be a name"),
      (["sweep", "--vary", "seed=1,2", "--shard", "3/2"], "i from 1 to n"),
    ])
  func rules(arguments: [String], rule: String) throws {
    let outcome = try tool.run(arguments + [try tool.scenario()])
    #expect(outcome.code == 64, "\(outcome.error)")
    #expect(outcome.error.contains(rule), "\(outcome.error)")
    let fuzz = try tool.run("fuzz", "--seeds", "-1")
    #expect(fuzz.code == 64 && fuzz.error.contains("at least 1, but it is -1"), "\(fuzz.error)")
  }

  @Test("a recording in the place of a scenario is named as one", arguments: ["run", "compare"])
  func recording(command: String) throws {
    _ = try tool.folder.file("mine.csv", "class,seconds\nx,1\n")
    let outcome = try tool.run(command, "mine.csv")
    #expect(outcome.code == 1)
    expectOneLine(outcome.error)
    for part in ["mine.csv is a recording", "co3sim advise mine.csv", "init --trace mine.csv"] {
      #expect(outcome.error.contains(part), "\(outcome.error)")
    }
  }

  @Test("of several replications it is said which the figures are")
  func worstOfSeveral() throws {
    let path = try tool.scenario()
    #expect(try tool.run(path, "--replications", "2").out.contains("the worst of 2 replications"))
    #expect(try !tool.run(path).out.contains("replications"))
  }

  @Test("no scenario at all is exit code 64")
  func noScenario() throws {
    let outcome = try tool.run()
    #expect(outcome.code == 64)
  }

  @Test("a file that is not there is exit code 1, one line, and no report")
  func missingFile() throws {
    let outcome = try tool.run("no.json")
    #expect(outcome.code == 1)
    expectOneLine(outcome.error)
    #expect(outcome.error.contains("no.json does not exist"))
    #expect(outcome.out.isEmpty)
    #expect(!tool.folder.exists("Reports"))
  }

  @Test("a mistake in the last of several scenarios is found before the first is run")
  func lastIsBroken() throws {
    let broken = try tool.folder.file(
      "broken.json",
      """
      {"sync": {"chunkTime": "1s"}, "workload": {"phases": [
        {"class": "a", "count": 1, "handle": {"constant": "1s"}}]}}
      """)
    let outcome = try tool.run(try tool.scenario(), broken)
    #expect(outcome.code == 1)
    expectOneLine(outcome.error)
    #expect(outcome.error.contains("name is missing"))
    #expect(!tool.folder.exists("Reports"))
  }

  @Test("a mistake found while running leaves an earlier report as it was")
  func brokenTrace() throws {
    _ = try tool.folder.file("trace.csv", "class,seconds\nx,1\n")
    let path = try tool.folder.file(
      "traced.json",
      #"{"name": "t", "sync": {"chunkTime": "1s"}, "workload": {"trace": {"path": "trace.csv"}}}"#)
    let good = try tool.run(path)
    #expect(good.code == 0, "\(good.error)")
    let before = try tool.folder.text(of: "Reports/t/chunks.csv")
    _ = try tool.folder.file("trace.csv", "class,seconds\nx,fast\n")
    let outcome = try tool.run(path)
    #expect(outcome.code == 1)
    expectOneLine(outcome.error)
    #expect(outcome.error.contains("trace.csv: line 2"))
    let (names, after) = (
      try tool.folder.names(in: "Reports/t"), try tool.folder.text(of: "Reports/t/chunks.csv")
    )
    #expect(names == Self.files)
    #expect(after == before)
  }

  @Test("--format json is one object with the runs, and nothing else on standard output")
  func json() throws {
    let outcome = try tool.run(try tool.scenario(), "--format", "json", "--replications", "2")
    #expect(outcome.code == 0)
    let any = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
    let object = try #require(any as? [String: Any])
    #expect(object.keys.sorted() == ["runs"])
    let runs = try #require(object["runs"] as? [[String: Any]])
    #expect(runs.count == 4)
    for run in runs {
      let keys = run.keys.sorted()
      #expect(keys == ["metrics", "replication", "scenario", "scheduler", "seed"])
      let metrics = try #require(run["metrics"] as? [String: Double])
      let unknown = metrics.keys.filter { Metric(rawValue: $0) == nil }
      #expect(unknown.isEmpty)
      #expect(metrics["items"] == 12)
    }
  }

  @Test("--seed, --replications and --scheduler replace what the scenario says")
  func replacements() throws {
    let path = try tool.scenario(
      schedulers: #"[{"fixed": {"size": 2}, "label": "pairs"}, "deadline"]"#)
    let outcome = try tool.run(
      path, "--seed", "18446744073709551615", "--replications", "2", "--scheduler", "pairs",
      "--scheduler", "oracle", "--format", "csv")
    let runs = CSVRows(outcome.out).records
    #expect(runs.map { $0["scheduler"] } == ["pairs", "oracle", "pairs", "oracle"])
    #expect(runs.map { $0["replication"] } == ["1", "1", "2", "2"])
    #expect(Set(runs.map { $0["seed"] }) == ["18446744073709551615"])
    #expect(runs.first?["chunks"] == "6", "the label's own parameters are kept")
  }

  @Test("an unknown scheduler is exit code 1 with the nearest name")
  func unknownScheduler() throws {
    let outcome = try tool.run(try tool.scenario(), "--scheduler", "oracel")
    #expect(outcome.code == 1)
    expectOneLine(outcome.error)
    #expect(outcome.error.contains("did you mean \"oracle\""))
    #expect(!tool.folder.exists("Reports"))
  }

  @Test("--output names the folder; with several scenarios, a folder of folders")
  func output() throws {
    let (one, two) = (try tool.scenario(), try tool.scenario(name: "other"))
    let single = try tool.run(one, "--output", "there")
    let several = try tool.run(one, two, "--output", "all")
    #expect(single.code == 0)
    #expect(several.code == 0)
    for folder in ["there", "all/small", "all/other"] {
      let names = try tool.folder.names(in: folder)
      #expect(names == Self.files)
    }
    #expect(!tool.folder.exists("Reports"))
  }

  @Test("--output - prints the chunks as CSV and writes no file")
  func outputToStandardOutput() throws {
    let path = try tool.scenario()
    let before = try tool.folder.names()
    let outcome = try tool.run(path, "--output", "-")
    #expect(outcome.code == 0)
    let sizes = CSVRows(outcome.out).records.compactMap { $0["size"].flatMap(Int.init) }
    #expect(outcome.out.hasPrefix("scenario,scheduler,seed,replication,chunk,"))
    #expect(sizes.reduce(0, +) == 24)
    let after = try tool.folder.names().filter { ![".out", ".error", ".in"].contains($0) }
    #expect(after == before)
  }

  @Test("--quiet prints results and errors alone")
  func quiet() throws {
    let path = try tool.scenario()
    let (loud, quiet) = (try tool.run(path), try tool.run(path, "--quiet"))
    #expect(loud.out.contains("Written to"))
    #expect(!quiet.out.contains("Written to"))
    #expect(quiet.out.contains("moving-average"))
    #expect(quiet.error.isEmpty)
  }

  @Test("no progress and no control characters reach a file or a pipe")
  func plainText() throws {
    let outcome = try tool.run(try tool.scenario())
    #expect(!(outcome.out + outcome.error).contains("\u{1B}"))
  }
}
