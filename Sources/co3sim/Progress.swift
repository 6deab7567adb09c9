import Foundation

/// One line on standard error that says what is running; only on a terminal.
struct Progress: Sendable {
  private let isShown: Bool

  init(_ options: PrintOptions) {
    let dumb = ProcessInfo.processInfo.environment["TERM"] == "dumb"
    isShown = !options.quiet && !options.noProgress && !dumb && isatty(STDERR_FILENO) == 1
  }

  func show(_ text: String) {
    if isShown { printError("\r\u{1B}[K\(text)") }
  }

  func clear() {
    if isShown { printError("\r\u{1B}[K") }
  }
}
