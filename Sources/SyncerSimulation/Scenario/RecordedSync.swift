internal import Foundation
internal import SafeOutput
internal import Syncer

/// What the file beside a recording says of the sync, as far as a scenario needs it.
struct RecordedSync: Sendable, Equatable {
  /// The chunk time; nil where it is not said.
  var chunkTimeSeconds: Double?
  /// What a chunk takes besides its items; nil where it is not said.
  var chunkOverheadSeconds: Double?

  /// Reads `<path>.json`, as `co3index sync --record` writes it; knows nothing where there is none.
  ///
  /// - Throws: `ScenarioError` for a file that is no JSON.
  init(besideTrace path: String) throws(ScenarioError) {
    let sidecar = path + ".json"
    guard FileManager.default.fileExists(atPath: sidecar) else { return }
    let bytes = try FileContents.read(
      sidecar, remedy: "remove it", limit: FileContents.documentLimit)
    if case .object(let fields) = try JSONValue(document: bytes, file: sidecar) {
      chunkTimeSeconds = fields["chunk_time_s"]?.seconds
      chunkOverheadSeconds = fields["chunk_overhead_s"]?.seconds
    }
  }
}

extension JSONValue {
  /// A number of seconds above zero; nil for anything else.
  fileprivate var seconds: Double? {
    switch self {
    case .number(let number) where number > 0 && number <= DurationText.limitSeconds: number
    case .whole(let number) where number > 0 && Double(number) <= DurationText.limitSeconds:
      Double(number)
    default: nil
    }
  }
}
