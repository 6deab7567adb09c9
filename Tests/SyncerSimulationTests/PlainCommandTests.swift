import Foundation
import Testing

/// What is typed does what it says, or is refused with what to type instead.
struct PlainCommandTests {
  @Test("a file that is rather a misspelt command is asked about")
  func misspelt() throws {
    let tool = try Co3simProcess()
    let result = try tool.run("comapre", try tool.scenario())
    #expect(result.code == 64)
    #expect(result.error.contains("did you mean 'compare'?"), "\(result.error)")
    let nothing = try tool.run()
    #expect(nothing.code == 64)
    #expect(nothing.error.contains("'co3sim init' writes one to start from"))
    let absent = try tool.run("absent.json")
    #expect(absent.code == 1)
    #expect(absent.error.contains("does not exist"))
  }

  @Test("a scenario from standard input leaves no file unless one is asked for")
  func standardInput() throws {
    let tool = try Co3simProcess()
    let plain = try tool.run("-", "--chart", input: Co3simProcess.json())
    #expect(plain.code == 0, "\(plain.error)")
    #expect(!plain.out.contains("Written"))
    let visible = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path)
      .filter { !$0.hasPrefix(".") }
    #expect(visible.isEmpty, "\(visible)")
    let kept = try tool.run("-", "--output", "kept", input: Co3simProcess.json())
    #expect(kept.code == 0)
    #expect(try !tool.folder.text(of: "kept/summary.csv").isEmpty)
  }

  @Test(
    "options that would do nothing are refused",
    arguments: [
      ["run", "--format", "json", "--chart"], ["compare", "--matrix", "--format", "json"],
      ["compare", "--matrix", "--metric", "waste"], ["report", "--format", "json"],
      ["fuzz", "--format", "json"], ["trace", "export", "--output", "x.csv.gz"],
    ])
  func useless(options: [String]) throws {
    let tool = try Co3simProcess()
    let scenario = options[0] == "fuzz" ? [] : [try tool.scenario()]
    let result = try tool.run(options + scenario)
    #expect(result.code == 64, "\(options): \(result.out)\(result.error)")
  }

  @Test("a schema alone is no scenario, and a negative seed is named")
  func wrongInput() throws {
    let tool = try Co3simProcess()
    let schema = try tool.folder.file("scenario.schema.json", "{}")
    #expect(try tool.run("validate", schema).error.contains("is a JSON Schema and no scenario"))
    let seed = try tool.run(try tool.scenario(), "--seed", "-1")
    #expect(seed.error.contains("'-1' is invalid for '--seed"), "\(seed.error)")
    let missing = try tool.folder.file(
      "linked.json",
      Co3simProcess.json().replacing("\"name\"", with: "\"$schema\": \"no.json\", \"name\""))
    let result = try tool.run("validate", missing)
    #expect(result.code == 0)
    #expect(result.error.contains("write it with: co3sim schema >"))
  }

  @Test("init writes what runs, with its schema, and replaces nothing")
  func starts() throws {
    let tool = try Co3simProcess()
    let first = try tool.run("init", "mine.json")
    #expect(first.code == 0, "\(first.error)")
    let checked = try tool.run("validate", "mine.json")
    #expect(checked.code == 0 && checked.error.isEmpty, "\(checked.error)")
    let second = try tool.run("init", "mine.json")
    #expect(second.code == 1)
    #expect(second.error.contains("mine.json exists already"))
    _ = try tool.folder.file("t.csv", "class,seconds\na,1\nb,2\n")
    #expect(try tool.run("init", "other.json", "--trace", "t.csv").code == 0)
    #expect(try tool.run("validate", "other.json").code == 0)
    let other = try tool.folder.text(of: "other.json")
    #expect(!other.contains("50ms") && !other.contains("windows"), "\(other)")
    _ = try tool.folder.file(
      "t.csv.json", #"{"program": "co3index", "chunk_time_s": 0.25, "chunk_overhead_s": 1e-05}"#)
    #expect(try tool.run("init", "known.json", "--trace", "t.csv").code == 0)
    #expect(try tool.run("validate", "known.json").code == 0)
    let known = try tool.folder.text(of: "known.json")
    #expect(known.contains(#""chunkTime": "0.25s""#), "\(known)")
    #expect(known.contains(#""chunkOverhead": { "constant": "1e-05s" }"#), "\(known)")
    for file in ["third.json", "-"] {
      let refused = try tool.run("init", file, "--trace", "mine.json")
      #expect(refused.code == 1)
      #expect(refused.error.contains("mine.json is a JSON document"), "\(refused.error)")
    }
    #expect(!tool.folder.exists("third.json"))
  }

  @Test("a map is of one scheduler, and its axes are what the sweep varied")
  func maps() throws {
    let tool = try Co3simProcess()
    let scenario = try tool.scenario()
    let sweep = try tool.run(
      "sweep", scenario, "--vary", "sync.chunkTime=1s,2s", "--vary", "seed=1,2", "--output",
      "new/s.csv")
    #expect(sweep.code == 0, "\(sweep.error)")
    let vary = ["--vary", "sync.chunkTime=1s,2s", "--vary", "sync.chunkCap=5,9"]
    #expect(try tool.run(["sweep", scenario] + vary + ["--output", "new/t.csv"]).code == 0)
    let ambiguous = try tool.run("heatmap", "new/t.csv")
    #expect(ambiguous.code == 1)
    #expect(ambiguous.error.contains("name one with --scheduler: moving-average, deadline"))
    let map = try tool.run(
      "heatmap", "new/t.csv", "--scheduler", "deadline", "--metric", "makespan_s")
    #expect(map.code == 0, "\(map.error)")
    let csv = try tool.folder.text(of: "new/heatmap.csv")
    #expect(csv.hasPrefix("x_index,y_index,sync.chunkTime,sync.chunkCap,makespan_s"))
    #expect(csv.contains(" s\r\n"), "\(csv)")
    let wrong = try tool.run("heatmap", "new/t.csv", "--scheduler", "deadline", "--x", "chunkTime")
    #expect(wrong.error.contains("did you mean \"sync.chunkTime\"?"), "\(wrong.error)")
  }

  @Test("accepting records nothing where a bound is broken, and says only what it did")
  func accepts() throws {
    let tool = try Co3simProcess()
    _ = try tool.folder.file(
      "bound.json",
      Co3simProcess.json(name: "bound").replacing(
        "\"schedulers\"", with: #""gate": {"chunks": {"atMost": 1}}, "schedulers""#))
    let broken = try tool.run("gate", "--accept", "bound.json")
    #expect(broken.code == 2)
    #expect(broken.out.contains("cannot be accepted away"))
    #expect(!FileManager.default.fileExists(atPath: tool.folder["Reports/Baselines/bound.json"]))
    _ = try tool.scenario(name: "fine")
    let fine = try tool.run("gate", "--accept", "fine.json")
    #expect(fine.code == 0)
    #expect(fine.out == "'fine' is accepted: Reports/Baselines/fine.json\n", "\(fine.out)")
  }

  @Test("baselines of a scenario elsewhere are beside it")
  func elsewhere() throws {
    let tool = try Co3simProcess()
    try FileManager.default.createDirectory(
      atPath: tool.folder["far"], withIntermediateDirectories: false)
    _ = try tool.folder.file("far/away.json", Co3simProcess.json(name: "away"))
    #expect(try tool.run("gate", "--accept", "far/away.json").code == 0)
    #expect(FileManager.default.fileExists(atPath: tool.folder["far/Baselines/away.json"]))
    #expect(try tool.run("gate", "far/away.json").code == 0)
  }

  @Test("completions know metrics and schedulers")
  func completions() throws {
    let script = try Co3simProcess().run("--generate-completion-script", "bash").out
    #expect(script.contains("waste_vs_optimal"))
    #expect(script.contains("action-scheduler"))
  }
}
