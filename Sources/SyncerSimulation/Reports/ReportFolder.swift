internal import Foundation

/// A folder that a report is about to be written to: nothing that is not a report is overwritten.
struct ReportFolder {
  let path: String
  /// The hidden folder of a run that has not ended.
  let staging: String

  /// Refuses a folder that holds files of the report's names that no report wrote.
  ///
  /// - Throws: `ScenarioError`.
  func check() throws(ScenarioError) {
    for table in ReportTable.allCases {
      let file = (path as NSString).appendingPathComponent(table.fileName)
      guard FileManager.default.fileExists(atPath: file) || isLink(file) else { continue }
      if !isReport(file) {
        throw ScenarioError(
          file: file, rule: "exists and is no report of co3sim",
          remedy: "move it, or choose another folder with --output")
      }
    }
    let names = ReportTable.allCases.map(\.fileName)
    let isOwn =
      isLink(staging) || !FileManager.default.fileExists(atPath: staging)
      ? !isLink(staging) : contents(of: staging).map { $0.allSatisfy(names.contains) } ?? false
    if !isOwn {
      throw ScenarioError(
        file: staging, rule: "exists and was not made by co3sim",
        remedy: "move it, or choose another folder with --output")
    }
  }

  /// Whether a file begins as all tables of all versions do.
  private func isReport(_ file: String) -> Bool {
    let start = Array(ReportTable.runColumns.joined(separator: ",").utf8)
    guard !isLink(file), let handle = FileHandle(forReadingAtPath: file) else { return false }
    do {
      let bytes = try handle.read(upToCount: start.count)
      try handle.close()
      return bytes.map { Array($0) == start } ?? false
    } catch {
      return false
    }
  }

  private func isLink(_ file: String) -> Bool {
    do {
      let kind = try FileManager.default.attributesOfItem(atPath: file)[.type]
      return kind as? FileAttributeType == .typeSymbolicLink
    } catch {
      return false
    }
  }

  /// The names in a folder; nil for what is no folder.
  private func contents(of folder: String) -> [String]? {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      return nil
    }
  }
}
