internal import Foundation
internal import SafeOutput

extension Scenario {
  /// The scenario files of a folder, by name.
  ///
  /// - Throws: `ScenarioError` where there is none.
  public static func files(in folder: String) throws(ScenarioError) -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw ScenarioError(
        file: folder, rule: "cannot be listed", remedy: "name scenario files, or change the folder")
    }
    let files = names.filter { $0.hasSuffix(".json") && !$0.hasSuffix(".schema.json") }.sorted()
    if files.isEmpty {
      throw ScenarioError(file: folder, rule: "has no scenario", remedy: "name scenario files")
    }
    return files.map { FilePath.joined(folder, $0) }
  }

  /// Why a recording is no scenario, and what takes it; nil for what is not named like one.
  static func refusal(ofRecording path: String) -> ScenarioError? {
    let plain = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
    guard plain.hasSuffix(".csv") || plain.hasSuffix(".swf"),
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    let name = path.shellQuoted
    return ScenarioError(
      file: path, rule: "is a recording, and no scenario",
      remedy: "run co3sim advise \(name), or make a scenario of it: co3sim init --trace \(name)")
  }

  /// What is wrong with the file that `$schema` names, as a sentence; nil where nothing is.
  public var missingSchema: String? {
    guard let schema = files.schema, !FileManager.default.fileExists(atPath: schema) else {
      return nil
    }
    return
      "\(files.paths.first ?? name): $schema names \(schema), which does not exist, so that editors "
      + "cannot help; write it with: co3sim schema > \(schema.shellQuoted)"
  }

  /// Adds every kind of scheduler that is not there yet, at its defaults, the default first.
  public mutating func addAllSchedulers() {
    let kinds = SchedulerKind.all.map { SchedulerSettings($0.name) }
    let tuned = schedulers.filter { own in !kinds.contains { $0.label == own.label } }
    schedulers = kinds + tuned
  }
}

/// The files behind a scenario, which no output may replace.
///
/// Where a scenario comes from is no part of what it is: all are equal.
package struct ScenarioFiles: Sendable, Equatable {
  /// Their paths.
  package internal(set) var paths: [String] = []
  /// The file that its `$schema` names; nil for an address, and where it names none.
  var schema: String?
  /// What they say that is allowed and without effect, each a sentence.
  var notes: [String] = []

  package static func == (left: ScenarioFiles, right: ScenarioFiles) -> Bool { true }
}

extension Scenario {
  /// Refuses scenarios of one name: their reports and baselines would stand in the same place.
  ///
  /// - Throws: `ScenarioError`.
  public static func checkNames(_ scenarios: [Scenario]) throws(ScenarioError) {
    var files: [String: String] = [:]
    for scenario in scenarios {
      let file = scenario.files.paths.first ?? scenario.name
      if let earlier = files.updateValue(file, forKey: scenario.name) {
        throw ScenarioError(
          file: file, keyPath: "name", rule: "is \"\(scenario.name)\", as that of \(earlier)",
          remedy: "give each a name of its own, or run them one after the other")
      }
    }
  }
}
