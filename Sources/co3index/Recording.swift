import Console
import Foundation
import class SafeOutput.RecordingOutput
import Syncer
import SyncerFiles

/// Where a recording may be written.
enum Recording {
  /// The file beside the rows that has what is to be known of them.
  static func sidecar(of path: String) -> String { path + ".json" }

  /// Checks, before there is anything to lose, that a recording can be written.
  ///
  /// - Throws: `FileError` where there is no such folder, or something that is none of ours to
  ///   overwrite: the index with what SQLite keeps beside it, or any file but an older recording.
  static func check(_ path: String, database: String) throws(FileError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if isFolder(path) || access(folder, W_OK) != 0 {
      throw FileError(
        file: path, rule: "cannot be written as a recording",
        remedy: "choose a file in a folder that exists and can be written")
    }
    for file in [path, sidecar(of: path)] {
      if isDatabase(file, database) {
        throw FileError(
          file: file, rule: "is the index, or what is kept beside it",
          remedy: "choose another file with --record")
      }
      if !RecordingOutput.mayReplace(file, isSidecar: file != path) {
        throw FileError(
          file: file, rule: "is there and is no recording",
          remedy: "choose another file with --record, or remove it")
      }
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Whether a path leads to the database or what belongs to it, by whatever name.
  private static func isDatabase(_ path: String, _ database: String) -> Bool {
    let bases = [database, TreeRoot.resolve(database) ?? database]
    let own = bases.flatMap { OwnFiles.database($0) }
    if let identity = FileIdentity(path: path) {
      return own.contains { FileIdentity(path: $0) == identity }
    }
    let place = TreeRoot.place(of: path)
    return own.contains { TreeRoot.place(of: $0) == place }
  }
}

extension Sync {
  /// Writes what was recorded, where that was asked for.
  func write(_ recorder: SyncRecorder?, _ report: SyncReport<TreePath>) throws {
    guard let record, let recorder else { return }
    var options = ["chunk-time": "\(chunkTime)", "max-errors": "\(maxErrors)"]
    options["item-limit"] = itemLimit.map { "\($0)" }
    options["max-duration"] = maxDuration.map { "\($0)" }
    options["include"] =
      tree.include.isEmpty ? nil : tree.include.map(\.pattern).joined(separator: " ")
    options["exclude"] =
      tree.exclude.isEmpty ? nil : tree.exclude.map(\.pattern).joined(separator: " ")
    var sidecar = RecordingSidecar(
      program: "co3index \(PackageVersion.text)", of: recorder, report,
      chunkTime: chunkTime.duration)
    sidecar.tree = tree.folder
    sidecar.options = options
    try RecordingFile(path: record).write(recorder, sidecar)
  }
}
