internal import CZlib
internal import Foundation

/// Reads files with errors in the manner of scenarios.
enum FileContents {
  /// The largest file, or decompressed file, that is read, in bytes.
  static let limit = 1 << 30
  /// The largest scenario or baseline that is read, in bytes.
  static let documentLimit = 1 << 24

  /// The bytes of a file, decompressed where it is compressed by gzip.
  static func read(
    _ path: String, remedy: String, limit: Int = limit
  ) throws(ScenarioError) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ScenarioError(file: path, rule: "does not exist", remedy: remedy)
    }
    if isFolder.boolValue {
      throw ScenarioError(file: path, rule: "is a folder, not a file", remedy: remedy)
    }
    guard let file = gzopen(path, "rb") else {
      throw ScenarioError(file: path, rule: "cannot be read", remedy: "check its permissions")
    }
    defer { gzclose(file) }
    // zlib reads a file that is not compressed as it is.
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = gzread(file, &buffer, UInt32(buffer.count))
      var code: Int32 = 0
      if count == 0 { gzerror(file, &code) }
      // A file that was cut off gives what there is, and its error only at the end.
      if count < 0 || code != Z_OK {
        throw ScenarioError(
          file: path, rule: "is damaged: it cannot be decompressed", remedy: "fetch it again")
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<Int(count)])
      if bytes.count > limit {
        throw ScenarioError(
          file: path, rule: "is larger than \(limit) bytes", remedy: "cut it into smaller files")
      }
    }
  }
}
