import ArgumentParser
import Foundation
import Synchronization

/// The signal that asked the process to stop, or 0.
private let stoppingSignal = Atomic<Int32>(0)

/// Writes text to standard output as it is; where that cannot be done, the program ends.
func printOut(_ text: String) {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  } catch {
    let reason = (error as NSError).localizedDescription
    printError(
      "co3sim: standard output cannot be written (\(reason)); make room, or send it elsewhere.\n")
    // Reports are staged: one that is not finished is not seen.
    _exit(1)
  }
}

/// Writes text to standard error as it is.
func printError(_ text: String) {
  do {
    try FileHandle.standardError.write(contentsOf: Data(text.utf8))
  } catch {
    // There is nobody left to tell.
  }
}

/// Runs a command's work so that errors and signals end it the way scripts rely on.
///
/// A signal cancels the work, which then leaves no half-written file; a second one ends at once.
func runToExit(_ work: @escaping @Sendable () async throws -> ExitCode) async throws {
  let task = Task { try await work() }
  let signals = [SIGINT, SIGTERM].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number)
    source.setEventHandler {
      if task.isCancelled { exit(128 + number) }
      stoppingSignal.store(number, ordering: .relaxed)
      task.cancel()
    }
    source.resume()
    return source
  }
  defer { signals.forEach { $0.cancel() } }
  do {
    let code = try await task.value
    if code != .success { throw code }
  } catch let code as ExitCode {
    throw code
  } catch {
    let number = stoppingSignal.load(ordering: .relaxed)
    if number != 0 { throw ExitCode(128 + number) }
    printError("co3sim: \(error)\n")
    throw ExitCode(1)
  }
}
