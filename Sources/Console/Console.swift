internal import Foundation
internal import Synchronization

/// The signal that asked the process to stop, or 0.
private let stoppingSignal = Atomic<Int32>(0)

/// What the program is called, for its messages.
private var programName: String {
  CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "co3"
}

/// Writes text to standard output as it is; where that cannot be done, the program ends.
public func printOut(_ text: String) {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  } catch {
    let reason = (error as NSError).localizedDescription
    printError(
      "\(programName): standard output cannot be written (\(reason)); make room, or send it elsewhere.\n"
    )
    // No handlers at exit: reports are staged, and a database is one whole chunk after another.
    _exit(1)
  }
}

/// Writes text to standard error as it is.
public func printError(_ text: String) {
  do {
    try FileHandle.standardError.write(contentsOf: Data(text.utf8))
  } catch {
    // There is nobody left to tell.
  }
}

/// Runs the work of a program; returns the status to exit with.
///
/// An error is printed, and the status is 1. A signal cancels the work, which leaves no half-written
/// file and may finish an open chunk; the status is then 128 and the signal's number, where the work
/// ends by throwing `CancellationError`. A second signal ends the process at once.
public func exitStatus(of work: @escaping @Sendable () async throws -> Int32) async -> Int32 {
  // A file that may not grow any further is then an error like a full disk, not the end.
  signal(SIGXFSZ, SIG_IGN)
  let task = Task { try await work() }
  let signals = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      let (isFirst, _) = stoppingSignal.compareExchange(
        expected: 0, desired: number, ordering: .relaxed)
      if !isFirst { _exit(128 + number) }
      task.cancel()
    }
    source.resume()
    return source
  }
  defer { signals.forEach { $0.cancel() } }
  do {
    return try await task.value
  } catch {
    let number = stoppingSignal.load(ordering: .relaxed)
    if error is CancellationError && number != 0 { return 128 + number }
    printError("\(programName): \(error)\n")
    return 1
  }
}
