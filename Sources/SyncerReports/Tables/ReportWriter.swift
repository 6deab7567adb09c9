internal import Foundation
internal import SafeOutput
internal import Syncer
public import SyncerSimulation

/// Writes the files of a report, and puts them in place only when all is done.
///
/// Rows go to a hidden folder beside the report folder. A run that fails or is interrupted leaves
/// the report as it was.
public final class ReportWriter {
  /// Where the report will stand; empty where it will stand nowhere.
  public let folder: String
  /// Where it is written until it is complete.
  let staging: String
  var files: [ReportTable: TableFile] = [:]
  private let output: OutputFolder?
  private let temporary: StagingFolder?

  /// Opens the files of a report.
  ///
  /// - Parameters:
  ///   - folder: Where the report will stand.
  ///   - inputs: Files that must not be replaced, because the run reads them.
  /// - Throws: `ScenarioError` where the folder cannot be written, or holds files of these names that
  ///   are not from here.
  public init(folder: String, inputs: [String] = []) throws(ScenarioError) {
    self.folder = folder
    temporary = nil
    do {
      let output = try OutputFolder(
        folder, inputs: inputs.compactMap { FileIdentity($0) },
        remedy: "choose another folder with --output", isOurs: ReportFile.isOurs)
      self.output = output
      staging = output.staging
      try output.check(ReportTable.allCases.map(\.fileName))
      try openTables()
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }

  /// Opens the files of a report that is read by `takeChunks()` and never stands anywhere.
  ///
  /// - Throws: `ScenarioError` where the folder for temporary files cannot be written.
  public init() throws(ScenarioError) {
    folder = ""
    output = nil
    let parent = FileManager.default.temporaryDirectory.path
    do {
      let temporary = try StagingFolder(in: parent)
      self.temporary = temporary
      staging = temporary.path
      try openTables()
    } catch {
      throw ScenarioError(writing: parent, error)
    }
  }

  private func openTables() throws {
    for table in ReportTable.allCases {
      let path = FilePath.joined(staging, table.fileName)
      var header = CSVLine(table.columns)
      header.end()
      try Data(header.bytes).write(to: URL(fileURLWithPath: path))
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      files[table] = TableFile(file)
    }
  }

  /// Adds a file that is not one of the tables.
  func write(_ bytes: [UInt8], to name: String) throws(ScenarioError) {
    do {
      try output?.check([name])
      let path = FilePath.joined(staging, name)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }

  /// Puts the finished files in place of those of an earlier run.
  ///
  /// - Throws: `ScenarioError` where a file cannot be written.
  public func commit() throws(ScenarioError) {
    do {
      for table in ReportTable.allCases { try files[table]?.close() }
      files = [:]
      try output?.commit()
    } catch {
      discard()
      throw ScenarioError(writing: folder, error)
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
      let path = FilePath.joined(staging, ReportTable.chunks.fileName)
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }

  /// Writes what is still in memory, so that the tables can be read back.
  func flush() throws(ScenarioError) {
    do {
      for table in ReportTable.allCases { try files[table]?.flush() }
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }

  /// Removes what was written so far; the report stays as it was before.
  public func discard() {
    // What is not closed now is so with the writer.
    for table in ReportTable.allCases { files[table]?.giveUp() }
    files = [:]
    output?.discard()
    temporary?.remove()
  }

  func add(to table: ReportTable, _ rows: (inout CSVLine) -> Void) throws(ScenarioError) {
    do {
      try files[table]?.add(rows)
    } catch {
      throw ScenarioError(writing: folder, error)
    }
  }
}
