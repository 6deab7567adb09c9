import Syncer
import SyncerFiles

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
  private var target: Double? { report.chunks.first?.target.map { $0 / .seconds(1) } }

  /// The event with the totals.
  func event(tooManyErrors: Bool) -> Event {
    var event = Event("end", totals.changes)
    event.chunk = report.chunks.count
    event.items = report.handledCount - (totals.isOutOfTime ? 1 : 0)
    event.skipped = totals.skipped
    event.durationS = report.duration / .seconds(1)
    event.totalS = total / .seconds(1)
    event.targetS = target
    event.ofTarget = totals.nearness.mean
    event.nearTargetShare = totals.nearness.nearTargetShare
    if totals.mismatched > 0 { event.mismatched = totals.mismatched }
    event.reason = tooManyErrors ? "too many errors" : reason.rawValue
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
    let chunks = report.chunks.count
    text += " in \(chunks) \(chunks == 1 ? "chunk" : "chunks")\(nearness)"
    text += ", \(DurationText.text(total / .seconds(1)))"
    switch reason {
    case .maximumDuration, .timeLeft: text += "; the time was up with \(left) to go"
    case .cancelled: text += "; stopped with \(left) to go"
    case .itemLimit: text += "; that was the limit"
    case .completed, .failed: break
    }
    return text + "."
  }

  /// How near the chunks came to the time they were meant to take; the only chunk of a sync says
  /// nothing about that.
  private var nearness: String {
    guard let target, let mean = totals.nearness.mean,
      let near = totals.nearness.nearTargetShare, report.chunks.count > 1
    else { return "" }
    return " (on average \(DurationText.significant(mean)) of the \(DurationText.text(target)) "
      + "meant, \(Int((100 * near).rounded())) % of the time near it)"
  }
}
