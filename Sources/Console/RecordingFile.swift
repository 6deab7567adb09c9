internal import Foundation
internal import SafeOutput
public import Syncer

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

  /// Writes what was recorded, and what has to be known besides.
  ///
  /// - Throws: an error whose description is a sentence; what stood there stays.
  public func write(_ recorder: SyncRecorder, _ sidecar: RecordingSidecar) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try output.write(recorder.traceBytes)
    try output.commit(sidecar: encoder.encode(sidecar) + Data("\n".utf8))
  }

  /// Gives up: what stood there stays.
  public func discard() { output.discard() }
}

/// What has to be known of a recording besides its rows.
public struct RecordingSidecar: Encodable, Sendable {
  /// The folder whose files were synced.
  public var tree: String?
  /// The options that the sync depended on, by name.
  public var options: [String: String]?
  /// Where the rows came from.
  public var source: String?
  /// The table they were written to.
  public var table: String?
  private let version = 1
  private let program: String
  private let chunkTimeS: Double
  // What a scenario gives as `chunkOverhead`; left out where the chunks do not tell.
  private let chunkOverheadS: Double?
  private let chunks: Int
  private let items: Int
  private let durationS: Double
  private let order = "listed"
  private let stopReason: String

  /// Makes one of a listed sync.
  ///
  /// - Parameters:
  ///   - program: The program that recorded it, with its version.
  ///   - recorder: What was recorded.
  ///   - report: What the sync did.
  ///   - chunkTime: How long a chunk should take.
  public init<Key>(
    program: String, of recorder: SyncRecorder, _ report: SyncReport<Key>, chunkTime: Duration
  ) {
    self.program = program
    chunkTimeS = chunkTime / .seconds(1)
    chunkOverheadS = recorder.chunkOverhead.map { $0 / .seconds(1) }
    chunks = report.chunks.count
    items = report.handledCount
    durationS = report.duration / .seconds(1)
    stopReason = report.stopReason.rawValue
  }
}
