import Console
import Foundation
import Syncer
import SyncerFiles
import Synchronization

/// How much of the planned work is done.
struct WorkDone: Sendable, Equatable {
  private(set) var files = 0
  private(set) var bytes = 0.0
  /// In units of `IndexHandler`.
  private(set) var units = 0.0

  /// Adds a file, or without one a row that goes.
  mutating func add(_ file: FileItem?) {
    units += IndexHandler.units(of: file)
    guard let file else { return }
    files += 1
    bytes += Double(file.stamp.size)
  }

  /// The seconds left, where all work costs what was done so far; nil where there is nothing to go
  /// by yet.
  ///
  /// One figure from one rate: kinds of files differ less from each other, in what they cost by
  /// their bytes, than what is known of them early does from the truth.
  func secondsLeft(of planned: Double, after elapsed: Double) -> Double? {
    if units <= 0 || elapsed <= 0 { return nil }
    return max(0, planned - units) / units * elapsed
  }
}

/// One line on standard error that says how far a sync has come.
final class ProgressLine: Sendable {
  private struct State {
    var shownAt: Duration?
    var plannedUnits = 0.0
  }

  private let isShown: Bool
  private let state = Mutex(State())

  /// Makes a line.
  init(isShown: Bool) {
    self.isShown = isShown
  }

  /// Makes a line that is shown where somebody may be looking.
  convenience init(unless isSilent: Bool) {
    let dumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    self.init(isShown: !isSilent && !dumb && isatty(STDERR_FILENO) == 1)
  }

  /// Says how much there is to do, in units of `IndexHandler`.
  func plan(units: Double) {
    state.withLock { $0.plannedUnits = units }
  }

  /// Shows the progress, ten times a second at most.
  func show(_ progress: SyncProgress, _ work: WorkDone) {
    guard isShown else { return }
    let planned: Double? = state.withLock { state in
      if let latest = state.shownAt, progress.elapsed - latest < .milliseconds(100) { return nil }
      state.shownAt = progress.elapsed
      return state.plannedUnits
    }
    guard let planned else { return }
    printError("\r\u{1B}[K\(Self.text(progress, work, planned: planned))")
  }

  /// Shows a text.
  func show(_ text: String) {
    if isShown { printError("\r\u{1B}[K\(text)") }
  }

  /// Takes the line away.
  func clear() {
    if isShown { printError("\r\u{1B}[K") }
  }

  /// The progress as a line, with rates and the time left.
  static func text(_ progress: SyncProgress, _ work: WorkDone, planned: Double) -> String {
    let share = progress.itemCount > 0 ? 100 * progress.handledCount / progress.itemCount : 100
    var text = "\(progress.handledCount) of \(progress.itemCount) (\(share) %)"
    let elapsed = progress.elapsed / .seconds(1)
    guard let left = work.secondsLeft(of: planned, after: elapsed) else { return text }
    if work.files > 0 {
      text += ", \(DurationText.significant(Double(work.files) / elapsed)) files/s"
      text += ", \(DurationText.significant(work.bytes / elapsed / 1e6)) MB/s"
    }
    return text + ", \(DurationText.text(left)) left"
  }
}
