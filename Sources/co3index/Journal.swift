import Console
import Foundation
import Syncer
import SyncerFiles
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
  }

  private struct State {
    var totals = Totals()
    var uncommitted = ChangeCounts()
  }

  /// Ends the sync once there are too many errors, with the open chunk finished.
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
    let isVanished = entry.error.cause == .vanished
    let skipped = state.withLock { state in
      if isVanished { state.totals.vanished += 1 } else { state.totals.skipped += 1 }
      return state.totals.skipped
    }
    if skipped > maxErrors { stop.finishChunk() }
    if let emit {
      emit(Event(isVanished ? "vanished" : "skipped", entry.path, reason: "\(entry)"))
    } else if isVerbose && !isVanished && skipped - 1 <= maxErrors {
      // The one too many is still named; a list of all others would be a flood.
      progress.clear()
      printError("co3index: \(entry)\n")
    }
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

  func syncDidStart(_ progress: SyncProgress) {
    guard let emit else { return }
    var event = Event("start")
    event.items = progress.itemCount
    emit(event)
  }

  func syncDidHandleItem(_ progress: SyncProgress) {
    self.progress.show(progress)
  }

  func syncDidFinishChunk(_ chunk: ChunkRecord, _ progress: SyncProgress) {
    let changes = state.withLock { $0.uncommitted }
    self.progress.show(progress)
    guard let emit else { return }
    var event = Event("chunk", changes)
    event.chunk = chunk.number
    event.items = chunk.size
    event.handleS = chunk.handling / .seconds(1)
    event.processS = chunk.processing / .seconds(1)
    emit(event)
  }
}
