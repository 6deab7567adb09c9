import Console
import Foundation
import Syncer
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

  private let isSilent: Bool
  private let isLive: Bool
  private let emit: (@Sendable (Event) -> Void)?
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Makes a journal.
  ///
  /// - Parameters:
  ///   - isSilent: Whether no progress is to be shown, even on a terminal.
  ///   - emit: Is handed every event.
  init(isSilent: Bool = true, emit: (@Sendable (Event) -> Void)? = nil) {
    self.isSilent = isSilent
    self.emit = emit
    let isDumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    isLive = !isSilent && !isDumb && isatty(STDERR_FILENO) == 1
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
    var told = Event("share")
    told.share = number
    told.reason = event.rawValue
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
    var event = Event("chunk", changes)
    event.chunk = totals.chunkCount
    event.items = chunk.size
    event.handleS = chunk.handling / .seconds(1)
    event.processS = chunk.processing / .seconds(1)
    event.targetS = chunk.target.map { $0 / .seconds(1) }
    event.ofTarget = chunk.target.map { chunk.duration / $0 }
    event.closeReason = chunk.closeReason.rawValue
    emit(event)
  }

  /// Shows the progress, ten times a second at most.
  private func show(_ progress: SyncProgress) {
    guard isLive else { return }
    let now = ContinuousClock.now
    let done: ChangeCounts? = state.withLock { state in
      if let latest = state.shownAt, now - latest < .milliseconds(100) { return nil }
      state.shownAt = now
      return state.totals.changes
    }
    guard let done else { return }
    let rate = DurationText.significant(Double(done.total) / (elapsed / .seconds(1)))
    printError(raw: "\r\u{1B}[K\(done.total) rows written, \(rate) rows/s")
  }

  /// Takes the line of progress away.
  func clear() {
    if isLive { printError(raw: "\r\u{1B}[K") }
  }
}

/// One line of `--json`: what happened, with the fields that belong to it.
struct Event: Encodable, Equatable {
  var event: String
  var chunk: Int?
  var share: Int?
  /// How many shares the job has.
  var shares: Int?
  var items: Int?
  var added: Int?
  var updated: Int?
  var deleted: Int?
  var handleS: Double?
  var processS: Double?
  /// How long the chunk was meant to take.
  var targetS: Double?
  /// What the chunk took, over its target; at the end the mean of all chunks.
  var ofTarget: Double?
  var closeReason: String?
  /// The share of the time in chunks within 20 % of their target or longest item.
  var nearTargetShare: Double?
  var totalS: Double?
  var key: String?
  var reason: String?

  init(_ event: String) { self.event = event }

  /// An event about changes.
  init(_ event: String, _ changes: ChangeCounts) {
    self.event = event
    added = changes.added
    updated = changes.updated
    deleted = changes.deleted
  }

  /// The event as a line of JSON, keys in the order of the alphabet.
  var line: String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      preconditionFailure("An event of numbers and texts is always JSON; \(self) is not: \(error).")
    }
  }
}
