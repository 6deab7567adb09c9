import Console
import Syncer
import SyncerFiles
import SyncerSQLite

/// What came of a sync, for the last line.
struct SyncEnding {
  private let totals: Journal.Totals
  private let report: SyncReport<TreePath>
  /// How long the whole run took, the reading of the tree included.
  private let total: Duration

  init(_ totals: Journal.Totals, _ report: SyncReport<TreePath>, _ total: Duration) {
    self.totals = totals
    self.report = report
    self.total = total
  }

  /// Why the sync ended: also for one whose time was up in the middle of a file.
  var reason: StopReason { totals.isOutOfTime ? .maximumDuration : report.stopReason }

  /// Items not handled; a file that was left in the middle is none that was.
  private var left: Int {
    report.itemCount - report.handledCount + (totals.isOutOfTime ? 1 : 0)
  }

  /// The time a chunk was meant to take; nil where there was none.
  private var target: Duration? { report.chunks.first?.target }

  /// The event with the totals.
  func event(tooManyErrors: Bool) -> Event {
    var event = Event(
      end: totals.changes, target: target, totals.nearness, total: total,
      reason: tooManyErrors ? "too many errors" : reason.rawValue)
    event.chunk = report.chunks.count
    event.items = report.handledCount - (totals.isOutOfTime ? 1 : 0)
    event.skipped = totals.skipped
    event.durationS = report.duration / .seconds(1)
    if totals.mismatched > 0 { event.mismatched = totals.mismatched }
    return event
  }

  /// The sentence for people.
  var sentence: String {
    let changes = totals.changes
    var text = "Added \(changes.added), updated \(changes.updated), deleted \(changes.deleted)"
    let others = [
      ("skipped", totals.skipped), ("gone meanwhile", totals.vanished),
      ("links to nowhere", totals.dangling),
      ("with other contents than indexed", totals.mismatched),
    ]
    for (name, count) in others where count > 0 { text += ", \(name) \(count)" }
    text += " in \(report.chunks.count.counted("chunk"))\(totals.nearness.aside(target: target))"
    text += ", \(DurationText.text(total / .seconds(1)))"
    switch reason {
    case .maximumDuration, .timeLeft: text += "; the time was up with \(left) to go"
    case .cancelled: text += "; stopped with \(left) to go"
    case .itemLimit: text += "; that was the limit"
    case .completed, .failed: break
    }
    return text + "."
  }
}
