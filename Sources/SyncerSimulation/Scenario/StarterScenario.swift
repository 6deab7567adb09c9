internal import Foundation
internal import SafeOutput

/// A scenario to start from.
public enum StarterScenario {
  /// The name of the file with the schema that the starter refers to.
  public static let schemaName = "scenario.schema.json"

  /// A scenario with a comment in every part.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - trace: A recording that its items come from; nil for items that are drawn.
  ///   - traceName: What it calls the recording: a path from its folder; `trace` unless given.
  ///   - schema: What it says of its schema: a path from its folder.
  /// - Returns: the text of the file, with the chunk time and the overhead that stand beside the recording.
  /// - Throws: `ScenarioError` where what stands beside the recording is no JSON.
  public static func json(
    name: String, trace: String? = nil, traceName: String? = nil, schema: String = schemaName
  ) throws(ScenarioError) -> String {
    let recorded = try trace.map { path throws(ScenarioError) in
      try RecordedSync(besideTrace: path)
    }
    return """
      {
        "$schema": \(quoted(schema)),
        "$comment": "Try it: co3sim compare FILE. Which chunk time: co3sim advise FILE. A page: co3sim report FILE.",
        "name": \(quoted(name)),
        "summary": "What this shows, in a sentence",
        "seed": 1,
        "replications": \(trace == nil ? 5 : 1),
        "sync": {
          "$comment": "chunkTime is what a chunk should take; order is \(orders).",
          "chunkTime": "\(duration(recorded?.chunkTimeSeconds ?? 5))",
          "order": "listed"
        },
      \(workload(traceName ?? trace, overhead: recorded?.chunkOverheadSeconds)),
      \(trace == nil ? load : "")  "schedulers": ["deadline", "moving-average", "time-box"]
      }

      """
  }

  private static let load = """
      "load": {
        "$comment": "When everything takes longer; with sync.startAt, from and to may be times of day.",
        "windows": [{ "from": "30s", "to": "45s", "slowdown": 3 }]
      },

    """

  /// The names of all orders, as an enumeration in a sentence.
  private static var orders: String {
    let names = SyncSettings.Order.allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }

  private static func workload(_ trace: String?, overhead: Double?) -> String {
    if let trace {
      let (comment, rest) =
        overhead.map {
          (
            "chunkOverhead is what a chunk costs besides its items; add load where you know it.",
            ",\n    \"chunkOverhead\": { \"constant\": \"\(duration($0))\" }"
          )
        } ?? (
          "Add chunkOverhead, what a chunk costs besides its items, and load where you know them.",
          ""
        )
      return """
          "workload": {
            "$comment": "\(comment)",
            "trace": { "path": \(quoted(trace)) }\(rest)
          }
        """
    }
    return """
        "workload": {
          "$comment": "handle can be cut between items, process cannot; chunkOverhead is a commit.",
          "phases": [
            { "class": "file", "count": 5000, "handle": { "lognormal": { "p5": "2ms", "p95": "30ms" } } },
            {
              "class": "recording", "count": 30,
              "handle": { "lognormal": { "mean": "1s", "cv": 0.8 }, "max": "20s" }
            }
          ],
          "chunkOverhead": { "constant": "50ms" }
        }
      """
  }

  private static func duration(_ seconds: Double) -> String {
    Int(exactly: seconds).map { "\($0)s" } ?? "\(seconds)s"
  }

  private static func quoted(_ text: String) -> String {
    SchemaText.text(text).lines(width: .max)
  }

  /// Refuses what cannot be a recording.
  ///
  /// - Throws: `ScenarioError` for what is not there, and for a JSON document.
  public static func check(trace: String) throws(ScenarioError) {
    guard FileManager.default.fileExists(atPath: trace) else {
      throw ScenarioError(file: trace, rule: "does not exist", remedy: "name a recording")
    }
    if trace.hasSuffix(".json") {
      throw ScenarioError(
        file: trace, rule: "is a JSON document, and --trace takes a recording",
        remedy: "name a file of rows class,seconds, as co3index sync --record writes it")
    }
  }

  /// Writes the starter, and the schema beside it where none is there.
  ///
  /// - Parameters:
  ///   - path: Where; nothing may be there.
  ///   - trace: A recording that its items come from.
  /// - Returns: what was written.
  /// - Throws: `ScenarioError` where something is there already or nothing can be written.
  public static func write(to path: String, trace: String? = nil) throws(ScenarioError) -> [String]
  {
    if FileManager.default.fileExists(atPath: path) {
      throw ScenarioError(
        file: path, rule: "exists already", remedy: "name another file, or remove it first")
    }
    let stem = FilePath.name(of: path)
    let name = String(Scenario.reportName(stem.split(separator: ".").first ?? "mine"))
    let folder = FilePath.namedFolder(of: path)
    if let trace { try check(trace: trace) }
    let traceName = trace.map { self.traceName($0, from: folder.isEmpty ? "." : folder) }
    try write(try json(name: name, trace: trace, traceName: traceName), to: path)
    let schema = FilePath.joined(folder, schemaName)
    if FileManager.default.fileExists(atPath: schema) { return [path] }
    try write(ScenarioSchema.json, to: schema)
    return [path, schema]
  }

  /// A recording as a scenario in a folder names it: from there, so that both can be moved together.
  ///
  /// Who gives an absolute path that leads elsewhere has it as it is.
  private static func traceName(_ trace: String, from folder: String) -> String {
    guard let path = FilePath.relative(trace, from: folder) else { return trace }
    return trace.hasPrefix("/") && path.hasPrefix("../") ? trace : path
  }

  private static func write(_ text: String, to path: String) throws(ScenarioError) {
    do {
      let file = try OutputFile(path) { _ in false }
      try file.write(text.utf8)
      try file.commit()
    } catch {
      throw ScenarioError(writing: path, error)
    }
  }
}
