internal import Foundation
internal import Syncer

/// Writes the CSV files of a report, row by row, and puts them in place only when all is done.
///
/// Rows go to a hidden folder inside the report folder. A run that fails or is interrupted leaves
/// the report as it was.
public final class ReportWriter {
  /// Where the report will stand.
  public let folder: String
  /// Where it is written until it is complete.
  let staging: String
  var files: [ReportTable: TableFile] = [:]

  /// Opens the files of a report.
  ///
  /// - Throws: `ScenarioError` where the folder cannot be written, or holds files of these names that
  ///   are not from here.
  public init(folder: String) throws(ScenarioError) {
    self.folder = folder
    staging = (folder as NSString).appendingPathComponent(".partial")
    try ReportFolder(path: folder, staging: staging).check()
    let disk = FileManager.default
    do {
      if disk.fileExists(atPath: staging) { try disk.removeItem(atPath: staging) }
      try disk.createDirectory(atPath: staging, withIntermediateDirectories: true)
      for table in ReportTable.allCases {
        let path = (staging as NSString).appendingPathComponent(table.fileName)
        try Data(CSVLine.header(table)).write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        files[table] = TableFile(file)
      }
    } catch {
      throw Self.failure(folder, error)
    }
  }

  /// Adds the collapsed chunks of a run to collapse.csv.
  func write(_ collapses: [Collapse], of run: RunResult) throws(ScenarioError) {
    try add(to: .collapse) { line in
      for collapse in collapses { line.addCollapse(collapse, of: run) }
    }
  }

  /// Adds a run to summary.csv.
  func write(_ result: RunResult) throws(ScenarioError) {
    try add(to: .summary) { $0.addSummary(result) }
  }

  /// Puts the finished files in place of those of an earlier run.
  ///
  /// - Throws: `ScenarioError` where a file cannot be written.
  public func commit() throws(ScenarioError) {
    do {
      for table in ReportTable.allCases {
        try files[table]?.close()
        let source = (staging as NSString).appendingPathComponent(table.fileName)
        let target = (folder as NSString).appendingPathComponent(table.fileName)
        if rename(source, target) != 0 { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
      }
      files = [:]
      try FileManager.default.removeItem(atPath: staging)
    } catch {
      discard()
      throw Self.failure(folder, error)
    }
  }

  /// The names of the files of a report.
  public static var fileNames: String {
    ReportTable.allCases.map(\.fileName).joined(separator: ", ")
  }

  /// Returns the chunk rows as text and writes no report.
  ///
  /// - Throws: `ScenarioError` where the rows could not be kept.
  public func takeChunks() throws(ScenarioError) -> String {
    defer { discard() }
    do {
      try files[.chunks]?.flush()
      let path = (staging as NSString).appendingPathComponent(ReportTable.chunks.fileName)
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw Self.failure(folder, error)
    }
  }

  /// Removes what was written so far; the report stays as it was before.
  public func discard() {
    do {
      for table in ReportTable.allCases { try files[table]?.close() }
      files = [:]
      try FileManager.default.removeItem(atPath: staging)
      // Removes the folder only if this run made it: a folder with anything in it stays.
      if try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty {
        try FileManager.default.removeItem(atPath: folder)
      }
    } catch {
      // Nothing depends on it: the next run starts by removing the hidden folder.
    }
  }

  private func add(to table: ReportTable, _ rows: (inout CSVLine) -> Void) throws(ScenarioError) {
    do {
      try files[table]?.add(rows)
    } catch {
      throw Self.failure(folder, error)
    }
  }

  static func failure(_ folder: String, _ error: any Error) -> ScenarioError {
    ScenarioError(
      file: folder, rule: "cannot be written (\((error as NSError).localizedDescription))",
      remedy: "choose another folder with --output, or make room")
  }
}

extension CSVLine {
  fileprivate static func header(_ table: ReportTable) -> [UInt8] {
    var line = CSVLine(table.columns)
    line.end()
    return line.bytes
  }
}
