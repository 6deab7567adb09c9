import Console
import Foundation
import Syncer
import Synchronization

/// One line on standard error that says how far a sync has come.
final class ProgressLine: Sendable {
  private let isShown: Bool
  private let shownAt = Mutex<Duration?>(nil)

  /// Makes a line.
  init(isShown: Bool) {
    self.isShown = isShown
  }

  /// Makes a line that is shown where somebody may be looking.
  convenience init(unless isSilent: Bool) {
    let dumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    self.init(isShown: !isSilent && !dumb && isatty(STDERR_FILENO) == 1)
  }

  /// Shows the progress, ten times a second at most.
  func show(_ progress: SyncProgress) {
    guard isShown else { return }
    let isDue = shownAt.withLock { shownAt in
      if let latest = shownAt, progress.elapsed - latest < .milliseconds(100) { return false }
      shownAt = progress.elapsed
      return true
    }
    if isDue { printError("\r\u{1B}[K\(Self.text(progress))") }
  }

  /// Shows a text.
  func show(_ text: String) {
    if isShown { printError("\r\u{1B}[K\(text)") }
  }

  /// Takes the line away.
  func clear() {
    if isShown { printError("\r\u{1B}[K") }
  }

  /// The progress as a line, with the time left as a range.
  static func text(_ progress: SyncProgress) -> String {
    let share = progress.itemCount > 0 ? 100 * progress.handledCount / progress.itemCount : 100
    let start = "\(progress.handledCount) of \(progress.itemCount) (\(share) %)"
    guard let left = progress.remaining else { return start }
    let least = DurationText.text(left.lowerBound / .seconds(1))
    let most = DurationText.text(left.upperBound / .seconds(1))
    return "\(start), " + (least == most ? "\(least) left" : "\(least) to \(most) left")
  }
}
