import Console
import Foundation
import Syncer
import SyncerFiles
import SyncerSQLite
import Synchronization

/// What happens while a tree is read and synced, told to whoever wants to know.
final class Journal: SyncObserver {
  /// What a sync came to so far.
  struct Totals: Sendable, Equatable {
    var changes = ChangeCounts()
    /// Entries that are there and could not be read.
    var skipped = 0
    /// Files that were gone when their turn came.
    var vanished = 0
    /// Symbolic links that were to be followed and lead nowhere.
    var dangling = 0
    /// Files that have other contents than their rows, and look unchanged.
    var mismatched = 0
    /// Files that were read to the end, or whose row was looked at.
    var work = WorkDone()
    var nearness = Nearness()
    /// Whether the time was up in the middle of a file.
    var isOutOfTime = false
  }

  private struct State {
    var totals = Totals()
    var uncommitted = ChangeCounts()
  }

  /// Ends the sync, with the open chunk finished, once there are too many errors or no time is left.
  let stop = SyncStop()
  private let maxErrors: Int
  private let progress: ProgressLine
  private let isVerbose: Bool
  private let emit: (@Sendable (Event) -> Void)?
  private let state = Mutex(State())

  /// Makes a journal.
  ///
  /// - Parameters:
  ///   - maxErrors: How many entries may be unreadable before the sync ends.
  ///   - progress: Where progress is shown.
  ///   - isVerbose: Whether skipped entries are listed on standard error where there is no `emit`.
  ///   - emit: Is handed every event.
  init(
    maxErrors: Int = .max, progress: ProgressLine = ProgressLine(isShown: false),
    isVerbose: Bool = false,
    emit: (@Sendable (Event) -> Void)? = nil
  ) {
    self.maxErrors = maxErrors
    self.progress = progress
    self.isVerbose = isVerbose
    self.emit = emit
  }

  var totals: Totals { state.withLock { $0.totals } }

  /// Whether more entries were unreadable than may be.
  var hasTooManyErrors: Bool { totals.skipped > maxErrors }

  /// An entry could not be read.
  func skip(_ entry: SkippedEntry) {
    let cause = entry.error.cause
    let skipped = state.withLock { state in
      switch cause {
      case .vanished: state.totals.vanished += 1
      case .dangling: state.totals.dangling += 1
      case .unreadable, .changing: state.totals.skipped += 1
      }
      return state.totals.skipped
    }
    if skipped > maxErrors { stop.finishChunk() }
    if let emit {
      let name =
        switch cause {
        case .vanished: "vanished"
        case .dangling: "dangling"
        case .unreadable, .changing: "skipped"
        }
      emit(Event(name, entry.path, reason: "\(entry)"))
    } else if isVerbose && cause != .vanished && cause != .dangling && skipped - 1 <= maxErrors {
      // The one too many is still named; a list of all others would be a flood.
      progress.clear()
      printError("co3index: \(entry)\n")
    }
  }

  /// A file has other contents than its row, and nothing else tells.
  func mismatch(_ path: TreePath) {
    state.withLock { $0.totals.mismatched += 1 }
    let reason = "has other contents than its row, though it looks unchanged"
    if let emit {
      emit(Event("mismatch", path, reason: reason))
    } else if isVerbose {
      progress.clear()
      printError("co3index: \(path) \(reason).\n")
    }
  }

  /// The time was up in the middle of a file.
  func runOutOfTime() {
    state.withLock { $0.totals.isOutOfTime = true }
    stop.finishChunk()
  }

  /// An item was handled: a file, or without one a row to delete.
  func didHandle(_ file: FileItem?) {
    state.withLock { $0.totals.work.add(file) }
  }

  /// A chunk is about to be written.
  func willCommit(_ chunk: Int, _ changes: ChangeCounts, items: Int) {
    guard let emit else { return }
    var event = Event("handled", changes)
    event.chunk = chunk
    event.items = items
    emit(event)
  }

  /// The changes of a chunk were written.
  func didCommit(_ changes: ChangeCounts) {
    state.withLock {
      $0.totals.changes += changes
      $0.uncommitted = changes
    }
  }

  /// So many entries of a tree were listed.
  func didList(_ count: Int, of folder: String) {
    progress.show("Reading \(folder): \(count) entries")
  }

  func syncDidStart(_ progress: SyncProgress) {
    guard let emit else { return }
    var event = Event("start")
    event.items = progress.itemCount
    emit(event)
  }

  func syncDidHandleItem(_ progress: SyncProgress) {
    self.progress.show(progress, totals.work)
  }

  func syncIsAtWork(_ progress: SyncProgress) {
    self.progress.show(progress, totals.work)
  }

  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    let (changes, work) = state.withLock { state in
      state.totals.nearness.add(chunk)
      return (state.uncommitted, state.totals.work)
    }
    self.progress.show(progress, work)
    guard let emit else { return }
    var event = Event(chunk, changes)
    event.longestItemS = chunk.longestItemSeconds
    emit(event)
  }
}
