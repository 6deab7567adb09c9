public import Foundation
internal import SafeOutput

/// The files of a recording: rows of costs, and beside them `FILE.json`, which says what they are of.
public struct RecordingFile {
  private let output: RecordingOutput

  /// Opens both files, before there is anything to lose; each takes its place as a whole.
  ///
  /// - Throws: an error whose description is a sentence, for what cannot be written or must not be: any
  ///   file but an older recording.
  public init(path: String) throws {
    output = try RecordingOutput(path, remedy: "choose another file with --record")
  }

  /// Writes the rows, and a text of JSON beside them.
  ///
  /// - Throws: an error whose description is a sentence; what stood there stays.
  public func write(trace: String, sidecar: Data) throws {
    try output.write(Array(trace.utf8))
    try output.commit(sidecar: sidecar)
  }

  /// Gives up: what stood there stays.
  public func discard() { output.discard() }
}
