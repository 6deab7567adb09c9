import Foundation
import Syncer
import SyncerFiles

/// What every item of a sync cost, as rows that co3sim reads.
///
/// Handling: an item's own time, and an equal share of what the handlers of its chunk did not see
/// (the loop itself). Processing: what a transaction costs whatever is in it is none of the items';
/// it is told apart in the sidecar, as `chunk_overhead_s`. The rest of a chunk's processing is
/// shared equally among its items, so that the chunks of a replay may be of other sizes. Overheads
/// and items together are what was measured.
struct Recording: Sendable {
  private struct Item {
    var costClass: CostClass
    var nanoseconds: Int64
    var hint: Double?
  }

  private var items: [Item] = []
  private var chunks: [(size: Int, processing: Int64)] = []
  private var pending: [Item] = []
  private var fit = ChunkOverhead()

  /// The part of a chunk's processing that none of its items is the reason for, in nanoseconds;
  /// nil where the chunks do not tell.
  var chunkOverhead: Int64? { fit.nanoseconds }

  mutating func add(_ costClass: CostClass, _ duration: Duration, hint: Double?) {
    pending.append(Item(costClass: costClass, nanoseconds: duration.wholeNanoseconds, hint: hint))
  }

  /// Turns the items handled since the last chunk into items of that chunk.
  mutating func finish(_ chunk: ChunkRecord) {
    // An item that a cancellation cut short was handled, but is none of the chunk's.
    var finished = Array(pending.prefix(chunk.size))
    pending.removeAll(keepingCapacity: true)
    if finished.isEmpty { return }
    let known = finished.reduce(0) { $0 + $1.nanoseconds }
    let unseen = Self.shares(
      of: max(0, chunk.handling.wholeNanoseconds - known), among: finished.count)
    for position in finished.indices { finished[position].nanoseconds += unseen[position] }
    items += finished
    let processing = chunk.processing.wholeNanoseconds
    chunks.append((finished.count, processing))
    fit.add(items: finished.count, nanoseconds: processing)
  }

  /// The rows, with their header.
  var text: [UInt8] {
    var text = TraceText(hasHints: true)
    var rest = items[...]
    for (size, processing) in zip(chunks.map(\.size), itemProcessing) {
      let shares = Self.shares(of: processing, among: size)
      for (item, share) in zip(rest.prefix(size), shares) {
        text.add(
          item.costClass, handleNanoseconds: item.nanoseconds, processNanoseconds: share,
          hint: item.hint)
      }
      rest = rest.dropFirst(size)
    }
    return text.bytes
  }

  /// For every chunk the processing that its items are the reason for, in nanoseconds.
  ///
  /// A chunk that took less than the overhead has none; what others have is lowered in proportion
  /// by what such chunks were short of.
  private var itemProcessing: [Int64] {
    let overhead = chunkOverhead ?? 0
    let total = chunks.reduce(0) { $0 + $1.processing } - overhead * Int64(chunks.count)
    let above = chunks.map { max(0, $0.processing - overhead) }
    let scale = Double(max(0, total)) / Double(max(1, above.reduce(0, +)))
    return above.map { Int64((Double($0) * scale).rounded()) }
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
      try Data(text).write(to: URL(fileURLWithPath: path), options: .atomic)
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
