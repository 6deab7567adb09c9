internal import Foundation

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
    return files.map { (folder as NSString).appendingPathComponent($0) }
  }

  /// Adds every kind of scheduler that is not there yet, at its defaults, the default first.
  public mutating func addAllSchedulers() {
    let kinds = SchedulerKind.all.map { SchedulerSettings($0.name) }
    let tuned = schedulers.filter { own in !kinds.contains { $0.label == own.label } }
    schedulers = kinds + tuned
  }
}
