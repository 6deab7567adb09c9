import Foundation
import Syncer
import SyncerFiles

/// The files of a recording: what every item cost, and what has to be known besides.
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
      if !isOurs(file, isSidecar: file != path) {
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

  /// Whether nothing is lost where a file is overwritten: it is not there, empty or of a recording.
  private static func isOurs(_ path: String, isSidecar: Bool) -> Bool {
    guard FileIdentity(path: path) != nil else { return true }
    let place = TreeRoot.resolve(path) ?? path
    let start: Data
    do {
      // A pipe or a device, by whatever link, would be waited for, and replaced by a file.
      let attributes = try FileManager.default.attributesOfItem(atPath: place)
      if attributes[.type] as? FileAttributeType != .typeRegular { return false }
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: place))
      start = try file.read(upToCount: 1 << 16) ?? Data()
      try file.close()
      if start.isEmpty { return true }
      if !isSidecar { return start.starts(with: header) }
      let known = try JSONDecoder().decode(KnownSidecar.self, from: start)
      return known.program.hasPrefix("co3index ")
    } catch {
      return false
    }
  }

  private static let header = Data("class,handle_s,process_s".utf8)

  private struct KnownSidecar: Decodable {
    var program: String
  }

  /// Writes the rows and their sidecar; each file takes the place of an older one as a whole.
  static func write(
    _ recorder: SyncRecorder, to path: String, _ sidecar: RecordingSidecar
  ) throws(FileError) {
    do {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try replace(path, by: Data(recorder.traceBytes))
      try replace(self.sidecar(of: path), by: encoder.encode(sidecar) + Data("\n".utf8))
    } catch {
      throw FileError(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "choose another file with --record, or make room")
    }
  }

  /// Puts a file into the place that a path leads to, with the permissions of the one there.
  private static func replace(_ path: String, by data: Data) throws {
    let files = FileManager.default
    let place = TreeRoot.resolve(path) ?? path
    let permissions =
      files.fileExists(atPath: place)
      ? try files.attributesOfItem(atPath: place)[.posixPermissions] : nil
    try data.write(to: URL(fileURLWithPath: place), options: .atomic)
    if let permissions {
      try files.setAttributes([.posixPermissions: permissions], ofItemAtPath: place)
    }
  }
}

/// What has to be known of a recording besides its rows.
struct RecordingSidecar: Encodable, Equatable {
  var version = 1
  var program = "co3index \(Co3index.version)"
  var tree: String
  var options: [String: String]
  var chunkTimeS: Double
  /// What a scenario gives as `chunkOverhead`; left out where the chunks do not tell.
  var chunkOverheadS: Double?
  var chunks: Int
  var items: Int
  var durationS: Double
  var order = "listed"
  var stopReason: String
}
