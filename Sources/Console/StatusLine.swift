internal import Foundation

/// One line on standard error that says how far the work has come.
public struct StatusLine: Sendable {
  /// Whether it is shown at all.
  public let isShown: Bool

  /// Makes a line.
  public init(isShown: Bool) { self.isShown = isShown }

  /// Makes a line that is shown where somebody may be looking, unless silence is asked for.
  public init(unless isSilent: Bool) {
    let isDumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    self.init(isShown: !isSilent && !isDumb && isatty(STDERR_FILENO) == 1)
  }

  /// Shows a text in the place of the one before.
  public func show(_ text: String) {
    if !isShown { return }
    clear()
    printError(text)
  }

  /// Takes the line away.
  public func clear() {
    if isShown { printError(raw: "\r\u{1B}[K") }
  }
}
