import Foundation
import Testing

/// `co3sim advise` as it is typed.
struct AdviseCommandTests {
  private func recording(_ tool: Co3simProcess, sidecar: String? = nil) throws -> String {
    var rows = "class,seconds\n"
    for number in 0..<300 { rows += "x,\(Double(number % 7 + 1) / 10)\n" }
    if let sidecar { _ = try tool.folder.file("mine.csv.json", sidecar) }
    return try tool.folder.file("mine.csv", rows)
  }

  @Test("a recording alone is enough, and what stands beside it is read")
  func ofRecordings() throws {
    let tool = try Co3simProcess()
    let file = try recording(tool)
    let plain = try tool.run("advise", file, "--overhead", "50ms")
    #expect(plain.code == 0, "\(plain.error)")
    #expect(plain.out.contains("a chunk time of 1.00 s (none was given; it is twenty times"))
    _ = try recording(tool, sidecar: #"{"chunk_time_s": 2.5, "chunk_overhead_s": 0.01}"#)
    let known = try tool.run("advise", file, "--format", "json")
    #expect(known.code == 0, "\(known.error)")
    #expect(known.out.contains(#""given_chunk_time_s" : 2.5"#))
    let other = try tool.run("advise", file, "--chunk-time", "4s", "--format", "json")
    #expect(other.out.contains(#""given_chunk_time_s" : 4"#))
  }

  @Test("a chunk time is called given where somebody gave it")
  func derived() throws {
    let tool = try Co3simProcess()
    let options = [
      "advise", try recording(tool), "--overhead", "1s", "--failures-every", "30s", "--scheduler",
      "deadline",
    ]
    let derived = try tool.run(options)
    #expect(derived.out.contains("  derived\n") && !derived.out.contains("given\n"), "\(derived)")
    let given = try tool.run(options + ["--chunk-time", "20s"])
    #expect(given.out.contains("  given\n") && !given.out.contains("derived"), "\(given)")
  }

  @Test("what only the simulator has is told of, and the best of the library with it")
  func simulatedOnly() throws {
    let tool = try Co3simProcess()
    // Quick items in a row and then slow ones: time-box, which cuts by the clock, does well.
    let rows = (0..<300).map { "x,\($0 < 200 ? 0.02 : 0.9)\n" }.joined()
    let file = try tool.folder.file("steps.csv", "class,seconds\n" + rows)
    let options = [
      "advise", file, "--chunk-time", "2s", "--overhead", "50ms", "--scheduler", "deadline",
      "--scheduler",
      "time-box",
    ]
    let boxed = try tool.run(options)
    #expect(boxed.out.contains("Take time-box"), "\(boxed.out)")
    #expect(boxed.out.contains("advised, simulator only\n"), "\(boxed.out)")
    #expect(
      boxed.out.contains("time-box is a rule of the simulator, and not in the library"),
      "\(boxed.out)")
    #expect(boxed.out.contains("the best of the library's own is deadline at"), "\(boxed.out)")
    let own = try tool.run(options.map { $0 == "time-box" ? "moving-average" : $0 })
    #expect(!own.out.contains("simulator"), "\(own.out)")
  }

  @Test("failures change the question, and a picture is drawn where one is asked for")
  func failuresAndPicture() throws {
    let tool = try Co3simProcess()
    let file = try recording(tool)
    let result = try tool.run(
      "advise", file, "--overhead", "1s", "--failures-every", "5min", "--picture", "advice.svg")
    #expect(result.code == 0, "\(result.error)")
    #expect(result.out.contains("completes in"))
    #expect(result.out.contains("Young's estimate"))
    #expect(try tool.folder.text(of: "advice.svg").contains("Young"))
    let names = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path)
    #expect(!names.contains("Reports"))
  }

  @Test(
    "what makes no sense is refused with a reason",
    arguments: [
      (["--overhead", "5"], "has no unit"), (["--chunk-time", "0s"], "at least 1 ns"),
      (["--failures-every", "soon"], "does not start with a number"),
      (["--scheduler", "deadlin"], "did you mean \"deadline\"?"),
      (["--picture", "mine.csv"], "is an input of this command"),
    ])
  func refuses(options: [String], reason: String) throws {
    let tool = try Co3simProcess()
    let result = try tool.run(["advise", try recording(tool)] + options)
    #expect(result.code != 0)
    #expect(result.error.contains(reason), "\(result.error)")
  }

  @Test("of a file that is no recording the message says so")
  func missing() throws {
    let tool = try Co3simProcess()
    let result = try tool.run("advise", "absent.csv")
    #expect(result.code == 1)
    #expect(result.error.contains("absent.csv does not exist; name a scenario file or a recording"))
    let scenario = try tool.run("advise", try tool.scenario(), "--cost", "process")
    #expect(scenario.code == 64)
  }
}
