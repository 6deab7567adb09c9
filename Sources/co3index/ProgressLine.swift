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
}

/// What work takes of late: what was done a quarter of the time ago counts a third of what is done now.
///
/// One figure from one rate: a sync starts slowly, and the kinds of files differ less from each
/// other, in what they cost by their bytes, than early estimates of each do from the truth.
struct WorkRate: Sendable, Equatable {
  private var noted = WorkDone()
  private var elapsed = 0.0
  private var (seconds, files, bytes, units) = (0.0, 0.0, 0.0, 0.0)

  /// Notes what was done so far, some seconds after the start.
  mutating func note(_ work: WorkDone, after now: Double) {
    let passed = now - elapsed
    guard passed > 0 else { return }
    let kept = exp(-passed / max(1, now / 4))
    seconds = seconds * kept + passed
    files = files * kept + Double(work.files - noted.files)
    bytes = bytes * kept + work.bytes - noted.bytes
    units = units * kept + work.units - noted.units
    (noted, elapsed) = (work, now)
  }

  var filesPerSecond: Double { seconds > 0 ? files / seconds : 0 }
  var bytesPerSecond: Double { seconds > 0 ? bytes / seconds : 0 }

  /// The seconds left of so many planned units; nil where there is nothing to go by yet.
  func secondsLeft(of planned: Double) -> Double? {
    units > 0 ? max(0, planned - noted.units) / units * seconds : nil
  }
}

/// One line on standard error that says how far a sync has come.
final class ProgressLine: Sendable {
  private struct State {
    var shownAt: Duration?
    var plannedUnits = 0.0
    var rate = WorkRate()
  }

  private let line: StatusLine
  private let state = Mutex(State())

  /// Makes a line.
  init(isShown: Bool) { line = StatusLine(isShown: isShown) }

  /// Makes a line that is shown where somebody may be looking.
  init(unless isSilent: Bool) { line = StatusLine(unless: isSilent) }

  /// How often it is to be told that a long file is still read: only where somebody looks, as that costs a
  /// task for every file.
  var heartbeat: Duration? { line.isShown ? .seconds(1) : nil }

  /// Says how much there is to do, in units of `IndexHandler`.
  func plan(units: Double) {
    state.withLock { $0.plannedUnits = units }
  }

  /// Shows the progress, ten times a second at most.
  func show(_ progress: SyncProgress, _ work: WorkDone) {
    guard line.isShown else { return }
    let due: (planned: Double, rate: WorkRate)? = state.withLock { state in
      if let latest = state.shownAt, progress.elapsed - latest < .milliseconds(100) { return nil }
      state.shownAt = progress.elapsed
      state.rate.note(work, after: progress.elapsed / .seconds(1))
      return (state.plannedUnits, state.rate)
    }
    guard let due else { return }
    line.show(Self.text(progress, due.rate, planned: due.planned))
  }

  /// Shows a text.
  func show(_ text: String) { line.show(text) }

  /// Takes the line away.
  func clear() { line.clear() }

  /// The progress as a line, with rates and the time left.
  static func text(_ progress: SyncProgress, _ rate: WorkRate, planned: Double) -> String {
    guard let itemCount = progress.itemCount else { return "\(progress.handledCount)" }
    let share = itemCount > 0 ? 100 * progress.handledCount / itemCount : 100
    var text = "\(progress.handledCount) of \(itemCount) (\(share) %)"
    guard let left = rate.secondsLeft(of: planned) else { return text }
    if rate.filesPerSecond > 0 {
      text += ", \(DurationText.significant(rate.filesPerSecond)) files/s"
      text += ", \(DurationText.significant(rate.bytesPerSecond / 1e6)) MB/s"
    }
    return text + ", \(DurationText.text(left)) left"
  }
}
