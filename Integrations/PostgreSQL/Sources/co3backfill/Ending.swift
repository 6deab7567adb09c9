import Foundation
import Syncer

/// What came of a backfill, for the last line.
struct Ending {
  private let totals: Journal.Totals
  private let reason: StopReason
  private let total: Duration
  private let isJob: Bool

  init(_ totals: Journal.Totals, _ reason: StopReason, _ total: Duration, isJob: Bool) {
    self.totals = totals
    self.reason = reason
    self.total = total
    self.isJob = isJob
  }

  /// The event with the totals.
  var event: Event {
    var event = Event("end", totals.changes)
    event.chunk = totals.chunkCount
    event.items = totals.changes.total
    event.shares = isJob ? totals.shareCount : nil
    event.targetS = totals.target.map { $0 / .seconds(1) }
    event.ofTarget = totals.nearness.mean
    event.nearTargetShare = totals.nearness.nearTargetShare
    event.totalS = total / .seconds(1)
    event.reason = reason.rawValue
    return event
  }

  /// The sentence for people.
  var sentence: String {
    let changes = totals.changes
    var text = "Added \(changes.added), updated \(changes.updated), deleted \(changes.deleted) in "
    text += Self.counted(totals.chunkCount, "chunk") + nearness
    if isJob { text += " of \(Self.counted(totals.shareCount, "share")) that this worker did" }
    text += ", \(DurationText.text(total / .seconds(1)))"
    switch reason {
    case .maximumDuration, .timeLeft: text += "; the time was up"
    case .cancelled: text += "; stopped"
    case .completed, .itemLimit, .failed: break
    }
    return text + "."
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// How near the chunks came to the time they were meant to take.
  private var nearness: String {
    guard let target = totals.target, let mean = totals.nearness.mean,
      let near = totals.nearness.nearTargetShare, totals.chunkCount > 1
    else { return "" }
    return " (on average \(DurationText.significant(mean)) of the "
      + "\(DurationText.text(target / .seconds(1))) meant, \(Int((100 * near).rounded())) % of the "
      + "time near it)"
  }
}

/// What has to be known of a recording besides its rows.
struct RecordingSidecar: Encodable {
  var version = 1
  var program = "co3backfill \(Co3backfill.version)"
  var source: String
  var table: String
  var chunkTimeS: Double
  /// What a scenario gives as `chunkOverhead`; left out where the chunks do not tell.
  var chunkOverheadS: Double?
  var chunks: Int
  var items: Int
  var durationS: Double
  var order = "listed"
  var stopReason: String

  /// The sidecar as JSON.
  var data: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self) + Data("\n".utf8)
    }
  }
}
