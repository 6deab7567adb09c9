import Foundation
import Syncer
import SyncerFiles

/// The files of a recording: what every item cost, and what has to be known besides.
enum Recording {
  /// Checks, before there is anything to lose, that a recording can be written.
  static func check(_ path: String) throws(FileError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    if (exists && isFolder.boolValue) || access(folder, W_OK) != 0 {
      throw FileError(
        file: path, rule: "cannot be written as a recording",
        remedy: "choose a file in a folder that exists and can be written")
    }
  }

  /// Writes the rows and their sidecar; each file takes the place of an older one as a whole.
  static func write(
    _ recorder: SyncRecorder, to path: String, _ sidecar: RecordingSidecar
  ) throws(FileError) {
    do {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try Data(recorder.traceBytes).write(to: URL(fileURLWithPath: path), options: .atomic)
      try (encoder.encode(sidecar) + Data("\n".utf8))
        .write(to: URL(fileURLWithPath: path + ".json"), options: .atomic)
    } catch {
      throw FileError(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "choose another file with --record, or make room")
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
