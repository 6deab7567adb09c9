import Foundation
import Syncer
import SyncerFiles

/// What every item of a sync cost, as rows of `class,handle_s,process_s` that co3sim reads.
///
/// The times of a chunk's items add up to what the chunk took: what the handlers did not see (the
/// loop itself) is shared equally, and so is processing.
struct Recording: Sendable {
  private(set) var text = "class,handle_s,process_s\n"
  private var pending: [(costClass: CostClass, nanoseconds: Int64)] = []

  mutating func add(_ costClass: CostClass, _ duration: Duration) {
    pending.append((costClass, duration.wholeNanoseconds))
  }

  /// Turns the items handled since the last chunk into rows.
  mutating func finish(_ chunk: ChunkRecord) {
    // An item that a cancellation cut short was handled, but is none of the chunk's.
    let items = pending.prefix(chunk.size)
    let known = items.reduce(0) { $0 + $1.nanoseconds }
    let unseen = Self.shares(
      of: max(0, chunk.handling.wholeNanoseconds - known), among: items.count)
    let processing = Self.shares(of: chunk.processing.wholeNanoseconds, among: items.count)
    for (position, item) in items.enumerated() {
      text += "\(item.costClass),\(Self.seconds(item.nanoseconds + unseen[position]))"
      text += ",\(Self.seconds(processing[position]))\n"
    }
    pending.removeAll(keepingCapacity: true)
  }

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
  func write(to path: String, _ sidecar: RecordingSidecar) throws(FileError) {
    do {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      try (encoder.encode(sidecar) + Data("\n".utf8))
        .write(to: URL(fileURLWithPath: path + ".json"), options: .atomic)
    } catch {
      throw FileError(
        file: path, rule: "cannot be written (\((error as NSError).localizedDescription))",
        remedy: "choose another file with --record, or make room")
    }
  }

  /// Whole nanoseconds that add up to the total and differ by one at most.
  private static func shares(of total: Int64, among count: Int) -> [Int64] {
    guard count > 0 else { return [] }
    let (share, rest) = total.quotientAndRemainder(dividingBy: Int64(count))
    return (0..<count).map { Int64($0) < rest ? share + 1 : share }
  }

  /// Nanoseconds as decimal seconds, all nine digits of them.
  private static func seconds(_ nanoseconds: Int64) -> String {
    let digits = String(nanoseconds % 1_000_000_000)
    let zeros = String(repeating: "0", count: max(0, 9 - digits.utf8.count))
    return "\(nanoseconds / 1_000_000_000).\(zeros)\(digits)"
  }
}

/// What has to be known of a recording besides its rows.
struct RecordingSidecar: Encodable, Equatable {
  var version = 1
  var program = "co3index \(Co3index.version)"
  var tree: String
  var options: [String: String]
  var chunkTimeS: Double
  var chunks: Int
  var items: Int
  var durationS: Double
  var order = "listed"
  var stopReason: String
}
