import Console
import Syncer
import SyncerTables
import Synchronization

/// What happens during a backfill, told to whoever wants to know.
final class Journal: SyncObserver {
  /// What a backfill came to so far.
  struct Totals: Sendable {
    var changes = ChangeCounts()
    var nearness = Nearness()
    /// How many chunks and shares are done.
    var chunkCount = 0
    var shareCount = 0
    /// How many shares were another worker's in the end.
    var takenCount = 0
    var target: Duration?
  }

  private struct State {
    var totals = Totals()
    var uncommitted = ChangeCounts()
    var shownAt: ContinuousClock.Instant?
  }

  private let line: StatusLine
  private let emit: (@Sendable (Event) -> Void)?
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Makes a journal.
  ///
  /// - Parameters:
  ///   - isSilent: Whether no progress is to be shown, even on a terminal.
  ///   - emit: Is handed every event.
  init(isSilent: Bool = true, emit: (@Sendable (Event) -> Void)? = nil) {
    line = StatusLine(unless: isSilent)
    self.emit = emit
  }

  var totals: Totals { state.withLock { $0.totals } }

  /// The time since the start.
  var elapsed: Duration { ContinuousClock.now - start }

  /// The changes of a chunk were written.
  func didCommit(_ changes: ChangeCounts) {
    state.withLock {
      $0.totals.changes += changes
      $0.uncommitted = changes
    }
  }

  /// A share was taken, is done, or is another worker's.
  func share(_ number: Int, _ event: ShareEvent) {
    state.withLock { state in
      switch event {
      case .taken: break
      case .done: state.totals.shareCount += 1
      case .lost: state.totals.takenCount += 1
      }
    }
    guard let emit else { return }
    var told = Event("share", reason: event.rawValue)
    told.share = number
    emit(told)
  }

  enum ShareEvent: String {
    case taken, done, lost
  }

  func syncDidHandleItem(_ progress: SyncProgress) { show(progress) }

  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    let changes = state.withLock { state in
      state.totals.nearness.add(chunk)
      state.totals.chunkCount += 1
      state.totals.target = chunk.target
      return state.uncommitted
    }
    guard let emit else { return }
    var event = Event(chunk, changes)
    event.chunk = totals.chunkCount
    emit(event)
  }

  /// Shows the progress, ten times a second at most.
  private func show(_ progress: SyncProgress) {
    guard line.isShown else { return }
    let now = ContinuousClock.now
    let done: ChangeCounts? = state.withLock { state in
      if let latest = state.shownAt, now - latest < .milliseconds(100) { return nil }
      state.shownAt = now
      return state.totals.changes
    }
    guard let done else { return }
    let rate = DurationText.significant(Double(done.total) / (elapsed / .seconds(1)))
    line.show("\(done.total) rows written, \(rate) rows/s")
  }

  /// Takes the line of progress away.
  func clear() { line.clear() }
}
