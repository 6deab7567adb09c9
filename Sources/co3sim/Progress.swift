import Console
import Foundation
import Syncer
import SyncerSimulation

/// One line on standard error that says what is running; only on a terminal.
struct Progress: Sendable {
  private let line: StatusLine

  init(_ options: PrintOptions) { self.init(options.quietness) }

  init(_ options: QuietOptions) {
    self.init(isQuiet: options.quiet || options.noProgress)
  }

  init(isQuiet: Bool) {
    line = StatusLine(unless: isQuiet)
  }

  func show(_ text: String) { line.show(text) }

  func clear() { line.clear() }

  /// Shows how far some work is, from its second second on.
  func watch<Result>(
    _ progress: RunProgress, _ work: () async throws -> Result
  ) async rethrows -> Result {
    if !line.isShown { return try await work() }
    let queue = DispatchQueue(label: "progress")
    let timer = DispatchSource.makeTimerSource(queue: queue)
    let start = DispatchTime.now()
    timer.setEventHandler {
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
      show(progress.moment.line(after: seconds))
    }
    timer.schedule(deadline: start + 1, repeating: .milliseconds(200))
    timer.resume()
    defer {
      timer.cancel()
      // Whatever the timer still shows comes before what clears it.
      queue.sync { clear() }
    }
    return try await work()
  }
}

extension RunProgress.Moment {
  /// What is running, how much is done, and how long the rest takes.
  fileprivate func line(after seconds: Double) -> String {
    let share = expectedItems > 0 ? min(1, Double(items) / Double(expectedItems)) : 0
    let width = 20
    let filled = Int(share * Double(width))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    // Of less than a fiftieth nothing follows for the rest.
    let left =
      share > 0.02 ? "about \(DurationText.text(seconds * (1 - share) / share)) left, " : ""
    return "[\(bar)] \(Int(share * 100)) %, \(left)\(label)"
  }
}
