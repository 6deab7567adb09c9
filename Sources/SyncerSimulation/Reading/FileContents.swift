internal import Foundation

/// Reads files with errors in the manner of scenarios.
package enum FileContents {
  /// The largest file, or decompressed file, that is read, in bytes.
  static let limit = 1 << 30
  /// The largest scenario or baseline that is read, in bytes.
  static let documentLimit = 1 << 24

  /// The bytes of a file, decompressed where it is compressed by gzip.
  package static func read(
    _ path: String, remedy: String, limit: Int = limit
  ) throws(ScenarioError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(path, remedy: remedy, limit: limit) { bytes += $0 }
    return bytes
  }

  /// The bytes of a file; nil where there is none.
  package static func readIfThere(_ path: String, remedy: String) throws(ScenarioError) -> [UInt8]?
  {
    FileManager.default.fileExists(atPath: path) ? try read(path, remedy: remedy) : nil
  }

  /// Hands over the bytes of a file, decompressed where it is compressed by gzip, block by block.
  static func read(
    _ path: String, remedy: String, limit: Int = limit,
    body: ([UInt8]) throws(ScenarioError) -> Void
  ) throws(ScenarioError) {
    let blocks = try FileBlocks(path, remedy: remedy, limit: limit)
    while true {
      let block = try blocks.next()
      if block.isEmpty { return }
      try body(block)
    }
  }
}
