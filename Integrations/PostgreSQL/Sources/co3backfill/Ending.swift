import Console
import Syncer
import SyncerTables

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
    var event = Event(
      end: totals.changes, target: totals.target, totals.nearness, total: total,
      reason: reason.rawValue)
    event.chunk = totals.chunkCount
    event.items = totals.changes.total
    event.shares = isJob ? totals.shareCount : nil
    return event
  }

  /// The sentence for people.
  var sentence: String {
    let changes = totals.changes
    var text = "Added \(changes.added), updated \(changes.updated), deleted \(changes.deleted) in "
    text += totals.chunkCount.counted("chunk") + totals.nearness.aside(target: totals.target)
    if isJob { text += " of \(totals.shareCount.counted("share")) that this worker did" }
    text += ", \(DurationText.text(total / .seconds(1)))"
    switch reason {
    case .maximumDuration, .timeLeft: text += "; the time was up"
    case .cancelled: text += "; stopped"
    case .completed, .itemLimit, .failed: break
    }
    return text + "."
  }
}

extension Int {
  /// The number and a noun, in the plural unless it is 1.
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
