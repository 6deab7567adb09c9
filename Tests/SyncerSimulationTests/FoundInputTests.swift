import Foundation
import Syncer
import SyncerTesting
import Testing

@testable import SyncerSimulation

/// Inputs that once gave a wrong result, a crash or a misleading message; Tests/FAULTS.md has the list.
struct FoundInputTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A scenario of the text, in the folder.
  private func scenario(_ text: String) throws -> Scenario {
    try Scenario(json: Array(text.utf8), file: "found.json", folder: folder.path)
  }

  private func json(
    _ phase: String, load: String = "{}", rest: String = "", overhead: String = "0s"
  ) -> String {
    """
    {"name": "found", "sync": {"chunkTime": "5s"}, "load": \(load),
     "workload": {"phases": [\(phase)], "chunkOverhead": {"constant": "\(overhead)"}}\(rest)}
    """
  }

  private func trace(
    _ name: String, _ text: String, format: TraceSettings.Format = .csv
  ) throws -> Workload {
    try trace(name, Array(text.utf8), format: format)
  }

  private func trace(
    _ name: String, _ bytes: [UInt8], format: TraceSettings.Format = .csv
  ) throws -> Workload {
    try Data(bytes).write(to: URL(filePath: folder[name]))
    return try Workload(
      Scenario(
        name: "trace", sync: SyncSettings(chunkTimeSeconds: 5),
        workload: WorkloadSettings(
          source: .trace(TraceSettings(path: folder[name], format: format)))))
  }

  /// What the error says that something ends with.
  private func refusal(_ body: () async throws -> Void) async -> String {
    do {
      try await body()
      return "nothing"
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "a time beyond 250 years is an error, whatever adds up to it",
    arguments: [
      ("36500d", 10, "36500d"), ("36500d", 3, "0s"), ("36500d", 3, "1s"),
    ])
  func beyondTime(cost: String, count: Int, overhead: String) async throws {
    let phase = #"{"class": "a", "count": \#(count), "handle": {"constant": "\#(cost)"}}"#
    let scenario = try scenario(json(phase, overhead: overhead))
    let error = await #expect(throws: ScenarioError.self) {
      _ = try await Experiment(scenario).run(cores: 1)
    }
    #expect(error?.rule.contains("250 years") ?? false, "\(error.map { "\($0)" } ?? "")")
  }

  @Test("a quote in the middle of a field is an error of its line, not the start of a long field")
  func strayQuote() async throws {
    for text in ["class,seconds\n5\" disk,1\n3\" disk,2\nfile,3\n", "class,seconds\na\"b,1\n"] {
      let error = await refusal { _ = try trace("q.csv", text) }
      #expect(error.contains("line 2 has a quote inside a field"), "\(error)")
    }
    let error = await refusal { _ = try trace("q.csv", "class,seconds\n\"a\nb\nc\",1\nx,bad\n") }
    #expect(error.contains("line 5 has \"bad\""), "lines of the file are counted: \(error)")
  }

  @Test("a file whose lines end in carriage returns alone is named as one")
  func carriageReturns() async throws {
    let files: [(String, TraceSettings.Format)] = [
      ("class,seconds\rfile,1\r", .csv), ("1 0 -1 10 4\r2 0 -1 10 4\r", .swf),
      ("; comment\r1 0 -1 10 4\r", .swf),
    ]
    for (text, format) in files {
      let error = await refusal { _ = try trace("mac", text, format: format) }
      #expect(error.contains("carriage return without a line feed"), "\(error)")
    }
  }

  @Test("of a job in parts the parts are not added to the whole; field 8 stands in for field 5")
  func partialJobs() throws {
    let end = "-1 -1 4 -1 -1"
    let jobs = try trace(
      "parts.swf",
      """
      1 0 -1 100 4 \(end) 1 1 1 1 1 1 -1 -1
      1 0 -1 40 4 \(end) 2 1 1 1 1 1 -1 -1
      1 0 -1 30 4 \(end) 2 1 1 1 1 1 -1 -1
      1 0 -1 30 4 \(end) 3 1 1 1 1 1 -1 -1
      2 0 -1 10 -1 -1 -1 64 -1 -1 1 1 1 1 1 1 -1 -1
      """, format: .swf)
    #expect(jobs.handleNanoseconds == [100_000_000_000, 10_000_000_000])
    #expect(jobs.classes.map(\.name) == ["small", "large"])
    let marked = try trace("bom.swf", "\u{FEFF}; Version: 2.2\n1 0 -1 10 4\n", format: .swf)
    #expect(marked.count == 1)
  }

  @Test("a time of day is no duration, and a load whose rows are never reached is told of")
  func epochs() async throws {
    let error = await refusal { _ = try trace("e.csv", "class,seconds\nvideo,1700000000000\n") }
    #expect(error.contains("longer than 100 years"), "\(error)")
    _ = try folder.file("load.csv", "t_seconds,load_factor\n1700000000,50\n1700000100,1\n")
    let late = try scenario(
      json(
        #"{"class": "a", "count": 3, "handle": {"constant": "1s"}}"#,
        load: #"{"trace": {"path": "load.csv"}}"#))
    #expect(try late.warnings().map { "\($0)" }.contains { $0.contains("no row was reached") })
    let small = try scenario(
      json(
        #"{"class": "a", "count": 3, "handle": {"constant": "1s"}}"#,
        load: #"{"trace": {"path": "load.csv", "timeScale": 1e-12}}"#))
    let together = await refusal { _ = try await Experiment(small).run(cores: 1) }
    #expect(together.contains("falls together with the line before at timeScale"), "\(together)")
  }

  @Test("a fault of a class that does not exist, or of a phase without cost, is an error")
  func faultNames() async throws {
    let phase = #"{"class": "file", "count": 3, "process": {"constant": "1s"}}"#
    for (faults, part) in [
      (#"{"items": [{"class": "flie", "probability": 1}]}"#, #"did you mean "file"?"#),
      (#"{"slow": [{"class": "flie", "probability": 1, "slowdown": 2}]}"#, #""file"?"#),
      (
        #"{"slow": [{"class": "file", "probability": 1, "slowdown": 2}]}"#, "handling takes no time"
      ),
    ] {
      let error = await refusal { _ = try scenario(json(phase, rest: ", \"faults\": \(faults)")) }
      #expect(error.contains(part), "\(error)")
    }
  }

  @Test("what is behind a gzip member is an error")
  func behindGzip() async throws {
    let text = "H4sIAAAAAAACA0vOSSwu1ilOTc7PSynmSkssLtEx0DMy5SrOyS/XMdQz5QIAG9as8iEAAAA="
    let member = Array(try #require(Data(base64Encoded: text)))
    #expect(try trace("one.csv.gz", member).count == 2)
    let error = await refusal { _ = try trace("more.csv.gz", member + Array("a,2\n".utf8)) }
    #expect(error.contains("something else behind its compressed part"), "\(error)")
  }

  @Test("a line of very many fields is given up at once")
  func manyFields() async throws {
    let commas = [UInt8](repeating: UInt8(ascii: ","), count: 1 << 22)
    let row = await refusal { _ = try trace("row.csv", Array("class,seconds\n".utf8) + commas) }
    #expect(row.contains("line 2 has more than 2 fields"), "\(row)")
    let header = await refusal { _ = try trace("header.csv", commas) }
    #expect(header.contains("line 1 has more than 4096 columns"), "\(header)")
  }

  @Test(
    "JSON that is none is told by line and column, and by what it is",
    arguments: [
      ("{\"name\": \"x\", \"summary\": \"a\tb\"}", "is not JSON: a tab in a text"),
      (#"{"name": "x", "seed": 007}"#, "a number does not begin with 0"),
      (#"{"name": "x",}"#, "line 1, column 14"), (#"{"name": "\ud800"}"#, "is not JSON"),
      (#"{"seed": 1e999}"#, "larger than any"), (#"{"seed": -1e999}"#, "larger than any"),
    ])
  func notJSON(text: String, part: String) async throws {
    let error = await refusal { _ = try scenario(text) }
    #expect(error.contains(part) && error.hasPrefix("found.json: line 1, column"), "\(error)")
  }

  @Test(
    "a duration that is none is told by what is wrong with it",
    arguments: [("5 s", "space"), ("1,5s", "decimal point"), ("5es", "5e"), ("5", "no unit")])
  func durations(text: String, part: String) async throws {
    let error = await refusal {
      _ = try scenario(#"{"name": "x", "sync": {"chunkTime": "\#(text)"}}"#)
    }
    #expect(error.contains("sync.chunkTime") && error.contains(part), "\(error)")
  }

  @Test("a class for every item costs at most three times the chunks of one class")
  func classPerItem() async throws {
    let own = (0..<4000).map { i in
      #"{"class": "own\#(i)", "count": 1, "handle": {"constant": "2ms"}}"#
    }
    let many = try scenario(json(own.joined(separator: ","), overhead: "20ms"))
    let one = try scenario(
      json(#"{"class": "a", "count": 4000, "handle": {"constant": "2ms"}}"#, overhead: "20ms"))
    let counts = try await [many, one].asyncMap { scenario in
      try await Simulation(scenario).run(.standard)[.chunks] ?? 0
    }
    #expect(counts[0] <= 3 * counts[1] + 2, "\(counts)")
  }
}

extension Array {
  /// What a closure makes of every element, one after the other.
  fileprivate func asyncMap<Value>(_ make: (Element) async throws -> Value) async rethrows
    -> [Value]
  {
    var values: [Value] = []
    for element in self { values.append(try await make(element)) }
    return values
  }
}
